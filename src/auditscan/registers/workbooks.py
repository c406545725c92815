"""Workbooks as rows of text: every sheet, every cell, nothing evaluated.

Formulas give the value their program computed last. A cell whose formula failed says so, for a blank would mean that
nothing was disclosed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditscan.readers.model import DamagedFile
from auditscan.registers.sheet_xml import Merge, SheetMarks, marks_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["MAX_CELLS", "Sheet", "is_workbook", "read_workbook", "workbook_ending"]

MAX_CELLS = 16_000_000
"""A sheet whose corner lies farther out than this, blank cells counted, is not opened: each takes memory."""

FAILED = "#ERROR"
"""What a cell says whose formula failed: no table knows it, so it is unknown."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
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


def is_workbook(head: bytes) -> bool:
    """Tell whether a file could be a workbook, by its first bytes: .xlsx and its kin, .ods, or old .xls."""
    if head.startswith(_OLE):
        return True
    return head.startswith(_ZIP) and any(
        name in head for name in (b"[Content_Types].xml", b"xl/", b"_rels/.rels", b"application/vnd.oasis.opendocument")
    )


def workbook_ending(head: bytes) -> str:
    """Return how the name of a workbook ends that begins so."""
    if head.startswith(_OLE):
        return ".xls"
    return ".ods" if b"application/vnd.oasis.opendocument" in head else ".xlsx"


def read_workbook(path: Path) -> Iterator[Sheet]:
    """Yield every sheet of a workbook, empty ones too, in their order.

    Raises DamagedFile, with a plain reason, for one that is encrypted, damaged, or too large to be opened.
    """
    import fastexcel

    with path.open("rb") as file:
        head = file.read(8)
        if head.startswith(_OLE) and _ENCRYPTED in head + file.read(1 << 20):
            raise DamagedFile("the workbook is encrypted: save it without a password first")
    marks = marks_of(str(path)) if _is_xlsx(path, head) else None
    for name, sheet in (marks or {}).items():
        _refuse_far(name, sheet)
    try:
        reader = fastexcel.read_excel(path)
        names = reader.sheet_names
    except Exception as error:
        raise DamagedFile(f"no workbook that can be opened: {_first_line(error)}") from error
    for place, name in enumerate(names):
        try:
            loaded = reader.load_sheet(place, header_row=None, skip_rows=0, dtypes="string")
            columns = [column.to_list() for column in loaded.to_polars().get_columns()]
        except Exception as error:
            raise DamagedFile(f"the sheet {name!r} cannot be read: {_first_line(error)}") from error
        yield _sheet(name, columns, loaded.visible != "visible", None if marks is None else marks.get(name))


def _is_xlsx(path: Path, head: bytes) -> bool:
    import zipfile

    if not head.startswith(_ZIP):
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


def _refuse_far(name: str, marks: SheetMarks) -> None:
    cells = marks.last_row * max(0, marks.last_column - marks.first_column + 1)
    if cells > MAX_CELLS:
        raise DamagedFile(
            f"the sheet {name!r} reaches row {marks.last_row:,} and column {marks.last_column:,}: {cells:,} cells, "
            f"and more than {MAX_CELLS:,} are not taken"
        )


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
        for row, place in marks.months:
            _put(columns, row, place - first, "month")
        for row, place in marks.errors:
            _put(columns, row, place - first, FAILED)
        if marks.errors:
            notes.append(f"{len(marks.errors)} cells with a failed formula: unknown")
    rows = [["" if cell is None else cell for cell in row] for row in zip(*columns, strict=True)]
    return Sheet(name, rows, hidden, [] if marks is None else marks.merges, first, tuple(notes))


def _put(columns: list[list[str | None]], row: int, place: int, what: str) -> None:
    """Write what a cell says into it: that its formula failed, or that of its day only the month was meant."""
    if not (0 <= place < len(columns) and 0 < row <= len(columns[place])):
        return
    if what != "month":
        columns[place][row - 1] = what
    elif (cell := columns[place][row - 1]) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        columns[place][row - 1] = cell[:7]
