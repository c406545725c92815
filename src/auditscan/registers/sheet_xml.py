"""What the library that reads workbooks leaves out of a sheet: merged cells, error values, months without a day.

The sheets of an .xlsx file are XML in a ZIP archive. They are searched here as bytes, a piece at a time, for the few
things that would otherwise be lost in silence; the cells themselves are read by the library. What is unpacked is
counted as it comes, for the sizes an archive declares may be false.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import IO, TYPE_CHECKING

from auditscan.readers.model import DamagedFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

__all__ = ["MAX_UNPACKED", "Merge", "SheetMarks", "marks_of"]

MAX_UNPACKED = 1 << 30
"""A workbook that unpacks to more than this is not opened."""

_PIECE = 1 << 20
_SMALL = 32 << 20
"""Tables of contents and styles are parsed whole, up to this size."""

_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"([^>/]*)>')
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_BUILT_IN_MONTH = 17
"""The number format `mmm-yy` that every workbook has without saying so."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells shown as one, from the first to the last; rows and columns begin with 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class SheetMarks:
    """What one sheet holds beside values; places are (row, column), both from 1."""

    merges: list[Merge] = field(default_factory=list)
    errors: set[tuple[int, int]] = field(default_factory=set)
    """Cells whose formula failed, as `#REF!`."""
    months: set[tuple[int, int]] = field(default_factory=set)
    """Cells that hold a day and show only its month."""
    first_column: int = 0
    """The first column with a value; 0 where there is none."""
    last_column: int = 0
    last_row: int = 0


def marks_of(path: str) -> dict[str, SheetMarks]:
    """Return what the library does not tell, by name of sheet.

    Raises DamagedFile for an archive that is damaged, holds no workbook, or unpacks to more than MAX_UNPACKED.
    """
    try:
        with zipfile.ZipFile(path) as archive, open(path, "rb") as file:  # noqa: PTH123 - the same file twice
            declared = sum(member.file_size for member in archive.infolist())
            if declared > MAX_UNPACKED:
                raise DamagedFile(
                    f"the workbook would unpack to {declared:,} bytes, and more than {MAX_UNPACKED:,} are not taken"
                )
            budget = _Budget(MAX_UNPACKED)
            months = _month_styles(archive, file, budget)
            return {
                name: _sheet(_inflated(archive.getinfo(member), file, budget), months)
                for name, member in _sheets(archive, file, budget)
            }
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError) as error:
        raise DamagedFile(f"the workbook is damaged: {error}") from error


@dataclass(slots=True)
class _Budget:
    """How many bytes may still be unpacked."""

    left: int

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise DamagedFile(f"the workbook unpacks to more than {MAX_UNPACKED:,} bytes, though it declares less")


def _inflated(member: zipfile.ZipInfo, file: IO[bytes], budget: _Budget) -> Iterator[bytes]:
    """The bytes of a member, whatever size is declared for them."""
    file.seek(member.header_offset + 26)
    lengths = file.read(4)
    file.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
    left = member.compress_size
    inflate = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
    place = file.tell()
    while left > 0:
        file.seek(place)
        packed = file.read(min(_PIECE, left))
        if not packed:
            return
        place += len(packed)
        left -= len(packed)
        while packed:
            piece = inflate.decompress(packed, _PIECE) if inflate else packed
            packed = inflate.unconsumed_tail if inflate else b""
            budget.take(len(piece))
            yield piece


def _parsed(archive: zipfile.ZipFile, file: IO[bytes], name: str, budget: _Budget) -> Element:
    """A small part of the workbook as XML, entities and outside references refused."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    content = bytearray()
    for piece in _inflated(archive.getinfo(name), file, budget):
        content += piece
        if len(content) > _SMALL:
            raise DamagedFile(f"the workbook's {name} is longer than {_SMALL:,} bytes")
    try:
        root: Element = fromstring(bytes(content))
    except (DefusedXmlException, ParseError) as error:
        raise DamagedFile(f"the workbook's {name} cannot be read: {error}") from error
    return root


def _plain(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def _sheets(archive: zipfile.ZipFile, file: IO[bytes], budget: _Budget) -> list[tuple[str, str]]:
    """Names of the sheets and the members that hold them."""
    related = {
        one.get("Id", ""): one.get("Target", "") for one in _parsed(archive, file, "xl/_rels/workbook.xml.rels", budget)
    }
    found = []
    for element in _parsed(archive, file, "xl/workbook.xml", budget).iter():
        if _plain(element) != "sheet":
            continue
        number = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
        target = related.get(number, "")
        member = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if member in archive.namelist():
            found.append((element.get("name", ""), member))
    return found


def _month_styles(archive: zipfile.ZipFile, file: IO[bytes], budget: _Budget) -> frozenset[bytes]:
    """Numbers of the cell styles that show a month and a year, and no day."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    months = {_BUILT_IN_MONTH}
    styles: list[int] = []
    for element in _parsed(archive, file, "xl/styles.xml", budget).iter():
        if _plain(element) == "numFmt" and _is_month(element.get("formatCode", "")):
            months.add(int(element.get("numFmtId", "0")))
        elif _plain(element) == "cellXfs":
            styles = [int(style.get("numFmtId", "0")) for style in element]
    return frozenset(str(place).encode() for place, number in enumerate(styles) if number in months)


def _is_month(code: str) -> bool:
    shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.', "", code.partition(";")[0]).lower()
    return "m" in shown and "y" in shown and not re.search(r"[dhs]", shown)


def _sheet(pieces: Iterator[bytes], months: frozenset[bytes]) -> SheetMarks:
    marks = SheetMarks()
    first = last = b""
    rest = b""
    for piece in pieces:
        text = rest + piece
        # A cell, or a tag, may go on in the next piece.
        end = max(text.rfind(b"</c>") + 1, text.rfind(b"</row>") + 1, text.rfind(b"<mergeCell"), len(text) - _PIECE)
        text, rest = text[:end], text[end:]
        first, last = _take(text, months, marks, first, last)
    first, last = _take(rest, months, marks, first, last)
    marks.first_column, marks.last_column = _number(first), _number(last)
    return marks


def _take(text: bytes, months: frozenset[bytes], marks: SheetMarks, first: bytes, last: bytes) -> tuple[bytes, bytes]:
    """Note what one piece holds; return the first and the last column met so far."""
    for found in _MERGE.finditer(text):
        left, top, right, bottom = found.groups()
        marks.merges.append(Merge(int(top), _number(left), int(bottom), _number(right)))
    for letters, row, attributes in _CELL.findall(text):
        if not first or (len(letters), letters) < (len(first), first):
            first = letters
        if (len(letters), letters) > (len(last), last):
            last = letters
        if b't="e"' in attributes:
            marks.errors.add((int(row), _number(letters)))
        elif months and (style := _STYLE.search(attributes)) and style[1] in months:
            marks.months.add((int(row), _number(letters)))
        if int(row) > marks.last_row:
            marks.last_row = int(row)
    return first, last


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
