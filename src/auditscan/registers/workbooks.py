"""Workbooks as rows of text: every sheet, every cell, nothing evaluated.

Formulas give the value their program computed last. A cell whose formula failed says so, for a blank would mean that
nothing was disclosed.
"""

from __future__ import annotations

import logging
import re
import struct
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from auditscan.readers.model import DamagedFile
from auditscan.registers.beginnings import OLE, ZIP, is_markup
from auditscan.registers.markup import read_markup
from auditscan.registers.sheet_xml import Merge, SheetMarks, marks_of, with_zeros

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MAX_CELLS = 16_000_000
"""A workbook whose sheets reach farther out than this, blank cells counted, is not opened: each takes memory."""

FAILED = "#ERROR"
"""What a cell says whose formula failed: no table knows it, so it is unknown."""

_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]00:00:00(?:\.0+)?")
_ENCRYPTED = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0".encode("latin-1")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as text; the first row is row 1 of the sheet."""

    name: str
    rows: list[list[str]]
    """Blank cells are empty."""
    hidden: bool = False
    merges: list[Merge] = field(default_factory=list)
    first_column: int = 1
    """The column of the sheet that the first cell of each row stands in, from 1."""
    notes: tuple[str, ...] = ()
    """What a reader of the report must know."""
    since_1904: bool = False
    """Whether bare numbers are days counted from 1904."""


def read_workbook(path: Path) -> Iterator[Sheet]:
    """Yield every sheet of a workbook, empty ones too, in their order.

    Raises DamagedFile, with a plain reason, for one that is encrypted, damaged, or too large to be opened.
    """
    import fastexcel
    import nanoarrow

    # It tells of sheets that hold a chart and no cells, on standard error.
    logging.getLogger("calamine").setLevel(logging.CRITICAL)
    with path.open("rb") as file:
        head = file.read(1 << 16)
        if is_markup(head):
            yield from (Sheet(name, rows) for name, rows in read_markup(path))
            return
        if head.startswith(OLE) and _ENCRYPTED in head + file.read(1 << 20):
            raise DamagedFile("the workbook is encrypted: save it without a password first")
    marks = marks_of(str(path)) if _is_xlsx(path, head) else None
    since_1904 = head.startswith(OLE) and _xls_since_1904(path)
    _refuse_far(marks or {})
    try:
        reader = fastexcel.read_excel(path)
        names = reader.sheet_names
    except Exception as error:
        raise DamagedFile(f"no workbook that can be opened: {_first_line(error)}") from error
    for place, name in enumerate(names):
        try:
            loaded = reader.load_sheet(place, header_row=None, skip_rows=0, dtypes="string")
            columns = [column.to_pylist() for column in nanoarrow.Array(loaded).iter_children()]
        except Exception as error:
            raise DamagedFile(f"the sheet {name!r} cannot be read: {_first_line(error)}") from error
        sheet = _sheet(name, columns, loaded.visible != "visible", None if marks is None else marks.get(name))
        yield replace(sheet, since_1904=True) if since_1904 else sheet


def _is_xlsx(path: Path, head: bytes) -> bool:
    import zipfile

    if not head.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            declared = sum(member.file_size for member in archive.infolist())
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise DamagedFile(f"the workbook is damaged: {error}") from error
    if "xl/workbook.xml" in names:
        return True
    # Of the other kinds only the declared size can be checked before the library unpacks them.
    if declared > 256 << 20:
        raise DamagedFile(f"the workbook would unpack to {declared:,} bytes, and more than {256 << 20:,} are not taken")
    return False


def _refuse_far(marks: dict[str, SheetMarks]) -> None:
    spanned = 0
    for name, sheet in marks.items():
        cells = sheet.last_row * max(0, sheet.last_column - sheet.first_column + 1)
        spanned += cells
        if cells > MAX_CELLS:
            raise DamagedFile(
                f"the sheet {name!r} reaches row {sheet.last_row:,} and column {sheet.last_column:,}: {cells:,} cells, "
                f"and more than {MAX_CELLS:,} are not taken"
            )
    if spanned > MAX_CELLS:
        raise DamagedFile(f"its sheets span {spanned:,} cells, and more than {MAX_CELLS:,} are not taken")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _sheet(name: str, columns: list[list[str | None]], hidden: bool, marks: SheetMarks | None) -> Sheet:
    first = marks.first_column if marks and marks.first_column else 1
    for column in columns:
        for row, cell in enumerate(column):
            if cell and (found := _MIDNIGHT.fullmatch(cell)):
                column[row] = found[1]
    notes = ["hidden in the workbook"] if hidden else []
    if marks is None:
        notes.append("of this kind of workbook merged cells and failed formulas cannot be told from blank ones")
    else:
        for (row, place), shape in marks.shown.items():
            _put(columns, row, place - first, partial(_as_shown, shape=shape))
        for places, what in ((marks.errors, "with a failed formula"), (marks.uncomputed, "whose formula has no value")):
            for row, place in places:
                _put(columns, row, place - first, lambda _: FAILED)
            if places:
                notes.append(f"{len(places)} cells {what}: unknown")
        if marks.struck:
            notes.append(f"{marks.struck} cells are struck through, and read like the others")
        if marks.has_notes:
            notes.append("notes that hang on cells of the workbook are not read")
        notes += _hidden_parts(marks)
    rows = [["" if cell is None else cell for cell in row] for row in zip(*columns, strict=True)]
    merges, since_1904 = ([], False) if marks is None else (marks.merges, marks.since_1904)
    return Sheet(name, rows, hidden, merges, first, tuple(notes), since_1904)


def _put(columns: list[list[str | None]], row: int, place: int, shown: Callable[[str | None], str | None]) -> None:
    """Write into a cell what it says in the place of its value."""
    if 0 <= place < len(columns) and 0 < row <= len(columns[place]):
        columns[place][row - 1] = shown(columns[place][row - 1])


def _as_shown(cell: str | None, shape: str) -> str | None:
    """A value as its format shows it: of a day only the month or the year, of a number the zeros before it."""
    kind, _, text = shape.partition(":")
    if cell is None:
        return None
    if kind == "zeros":
        return with_zeros(cell, text) if cell.isdecimal() else cell
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        return cell
    return cell[:7] if kind == "month" else f"{text}{cell[:4]}"


def _hidden_parts(marks: SheetMarks) -> list[str]:
    """What a person does not see who opens the sheet."""
    rows = [row for row in marks.hidden_rows if row <= marks.last_row]
    columns = [column_letters(one) for one in marks.hidden_columns if one <= marks.last_column]
    return [
        f"{noun}{'s' if len(found) > 1 else ''} {_listed(found)} hidden in the sheet, and read like the others"
        for noun, found in (("row", [f"{row:,}" for row in rows]), ("column", columns))
        if found
    ]


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED:,} more" if len(names) > _NAMED else shown


_NAMED = 10


def column_letters(column: int) -> str:
    """Return the letters of a column, as spreadsheets name it."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


_XLS_BEGIN = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")
_XLS_1904, _XLS_END = 0x22, 0x0A


def _xls_since_1904(path: Path) -> bool:
    """Whether an old workbook counts days from 1904: one of the records that stand before its sheets says so."""
    content = path.read_bytes()
    begin = _XLS_BEGIN.search(content)
    at = begin.start() if begin else len(content)
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        if kind == _XLS_1904:
            return content[at + 4 : at + 5] == b"\x01"
        if kind == _XLS_END:
            break
        at += 4 + length
    return False
