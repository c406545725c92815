"""A workbook with many rows: XlsxWriter, which takes six times as long a cell, writes all of it but them.

Below the head of a sheet it writes a cell of each look: they tell how it numbers the looks, and make way for the rows.
"""

from __future__ import annotations

import json
import re
import tempfile
from contextlib import ExitStack
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from auditscan.output.workbook import begun

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["Cell", "Poured", "Rows"]

Cell = tuple[int, "str | float"] | None
"""The place of its look among the looks, and what it holds; None for a cell of nothing."""

_LOOKS = re.compile(r'<row r="2".*?</row>', re.DOTALL)
_NUMBER = re.compile(r' s="(\d+)"')
_EXTENT = re.compile(r'<dimension ref="[^"]*"/>')
_MARKUP = re.compile("[&<>]")
_MARKED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_CODE = re.compile("(?=_x[0-9A-Fa-f]{4}_)")
"""What Excel would take for the code of a character."""

_LARGE = 1 << 28
"""Bytes of rows that may be more than 2 GB as a sheet, for which a zip file has other heads."""


class Poured:
    """A workbook that becomes the file when the block ends well."""

    def __init__(self, path: Path, created: datetime) -> None:
        self._path, self._shell = path, BytesIO()
        self.book = begun(path, created, self._shell)
        self._rows: dict[str, Rows] = {}
        self._files = ExitStack()

    def rows(self, sheet: Worksheet, looks: Sequence[Format], columns: int) -> Rows:
        """Return what takes the rows of the sheet that was added last, and whose head is all that it has."""
        rows = self._rows[f"xl/worksheets/sheet{len(self.book.worksheets())}.xml"] = Rows(self._path.parent, columns)
        self._files.callback(rows.file.close)
        for place, look in enumerate(looks):
            sheet.write_blank(1, place, None, look)
        return rows

    def __enter__(self) -> Poured:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._files:
            if not kind:
                self.book.close()
                self._pour()

    def _pour(self) -> None:
        with ZipFile(self._shell) as shell, ZipFile(self._path, "w", ZIP_DEFLATED) as whole:
            for part in shell.infolist():
                rows = self._rows.get(part.filename)
                if rows is None:
                    whole.writestr(part, shell.read(part))
                    continue
                text = shell.read(part).decode()
                extent = f'<dimension ref="A1:{letters(rows.columns - 1)}{rows.count + 1}"/>'
                before, looks, behind = re.split(f"({_LOOKS.pattern})", _EXTENT.sub(extent, text), flags=re.DOTALL)
                with whole.open(part, "w", force_zip64=rows.size > _LARGE) as sheet:
                    sheet.write(before.encode())
                    for row in rows.as_xml(_NUMBER.findall(looks)):
                        sheet.write(row.encode())
                    sheet.write(behind.encode())


class Rows:
    """The rows of a sheet, in a file until the workbook is whole."""

    def __init__(self, folder: Path, columns: int) -> None:
        self.columns, self.count = columns, 0
        self.file = tempfile.TemporaryFile("w+", encoding="ascii", dir=folder)  # noqa: SIM115 -- closed with the book

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self.file.seek(0, 2)

    def add(self, cells: Sequence[Cell]) -> None:
        """Write a row below the others. Text has no character that is not seen: `printable` has spelled it out."""
        self.count += 1
        self.file.write(json.dumps(cells) + "\n")

    def as_xml(self, looks: Sequence[str]) -> Iterator[str]:
        """Yield each row as a sheet has it; `looks` are the numbers of the looks."""
        columns = [letters(place) for place in range(self.columns)]
        self.file.seek(0)
        for number, line in enumerate(self.file, 2):
            cells = "".join(
                f'<c r="{column}{number}" s="{looks[cell[0]]}"{_inside(cell[1])}</c>'
                for column, cell in zip(columns, json.loads(line), strict=True)
                if cell
            )
            yield f'<row r="{number}">{cells}</row>'


def _inside(value: str | float) -> str:
    if not isinstance(value, str):
        return f"><v>{value:.16G}</v>"
    text = _CODE.sub("_x005F", value) if "_x" in value else value
    if _MARKUP.search(text):
        text = text.translate(_MARKED)
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    return f' t="inlineStr"><is><t{kept}>{text}</t></is>'


def letters(column: int) -> str:
    """Return the name of a column, counted from 0."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)
