"""What the library that reads workbooks leaves out of a sheet: merged cells, error values, what is shown of a value.

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

MAX_UNPACKED = 1 << 30
"""A workbook that unpacks to more than this is not opened."""

_PIECE = 1 << 20
_SMALL = 32 << 20
"""Tables of contents and styles are parsed whole, up to this size."""

_TAG = re.compile(rb"<(?:\w+:)?(c|row|mergeCell|col)(?=[\s/>])([^>]*?)(/?)>")
_NO_VALUE = re.compile(
    rb"<(?:\w+:)?c(?=[\s>])(?P<attributes>[^>]*)>\s*"
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v\s*>\s*</(?:\w+:)?v>|(?=</(?:\w+:)?c>))"
)
"""A cell with a formula and no value: a program wrote it that computes nothing."""
_PLACE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_SPAN = re.compile(rb"""\bref\s*=\s*["']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})["']""")
_STYLE = re.compile(rb"""(?:^|\s)s\s*=\s*["'](\d+)["']""")
_FAILED = re.compile(rb"""(?:^|\s)t\s*=\s*["']e["']""")
_TEXT = re.compile(rb"""(?:^|\s)t\s*=\s*["']str["']""")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_ROW = re.compile(rb"""(?:^|\s)r\s*=\s*["'](\d{1,7})["']""")
_FROM_TO = re.compile(rb"""\b(min|max)\s*=\s*["'](\d{1,5})["']""")
_ZEROS = re.compile(r'(?:0|"[^"]*"|\\.|[-()/ ]|_.|\[[^\]]*\])+')
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
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    """Cells whose formula has no value, for nobody computed it."""
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    """What is shown of the value of a cell: a `month`, a `year` behind a text (`year:FY`), `zeros:` and the format."""
    struck: int = 0
    """How many cells are struck through."""
    has_notes: bool = False
    """Whether notes hang on cells of the workbook."""
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    since_1904: bool = False
    """Whether bare numbers are days counted from 1904, as on an old Macintosh."""
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
            styles = _styles(archive, file, budget)
            members, since_1904 = _sheets(archive, file, budget)
            found = {name: _sheet(_inflated(archive.getinfo(member), file, budget), styles) for name, member in members}
            has_notes = any(re.match(r"xl/(?:threadedC|c)omments", name) for name in archive.namelist())
            for marks in found.values():
                marks.since_1904, marks.has_notes = since_1904, has_notes
            return found
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


def _sheets(archive: zipfile.ZipFile, file: IO[bytes], budget: _Budget) -> tuple[list[tuple[str, str]], bool]:
    """Names of the sheets and the members that hold them; whether days are counted from 1904."""
    related = {
        one.get("Id", ""): one.get("Target", "") for one in _parsed(archive, file, "xl/_rels/workbook.xml.rels", budget)
    }
    found = []
    since_1904 = False
    for element in _parsed(archive, file, "xl/workbook.xml", budget).iter():
        if _plain(element) == "workbookPr":
            since_1904 = element.get("date1904", "0") in ("1", "true", "on")
        if _plain(element) != "sheet":
            continue
        number = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
        target = related.get(number, "")
        member = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if member in archive.namelist():
            found.append((element.get("name", ""), member))
    return found, since_1904


@dataclass(frozen=True, slots=True)
class _Styles:
    """Of the cell styles, by their numbers, those that say something which the value does not."""

    shapes: dict[bytes, str] = field(default_factory=dict)
    """What is shown of the value, where the style leaves out or adds something."""
    struck: frozenset[bytes] = frozenset()


def _styles(archive: zipfile.ZipFile, file: IO[bytes], budget: _Budget) -> _Styles:
    if "xl/styles.xml" not in archive.namelist():
        return _Styles()
    shapes = {_BUILT_IN_MONTH: "month"}
    struck: list[bool] = []
    styles: list[tuple[int, int]] = []
    for element in _parsed(archive, file, "xl/styles.xml", budget).iter():
        if _plain(element) == "numFmt" and (shape := _shape(element.get("formatCode", ""))):
            shapes[int(element.get("numFmtId", "0"))] = shape
        elif _plain(element) == "fonts":
            struck = [any(_plain(one) == "strike" and one.get("val", "1") != "0" for one in font) for font in element]
        elif _plain(element) == "cellXfs":
            styles = [(int(style.get("numFmtId", "0")), int(style.get("fontId", "0"))) for style in element]
    return _Styles(
        {str(place).encode(): shapes[number] for place, (number, _) in enumerate(styles) if number in shapes},
        frozenset(str(place).encode() for place, (_, font) in enumerate(styles) if font < len(struck) and struck[font]),
    )


def _shape(code: str) -> str:
    """What a number format shows of a value; '' where it shows all that counts."""
    first = code.partition(";")[0]
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.', "", first).lower()
    if "y" in bare and not re.search(r"[dhs]", bare):
        if "m" in bare:
            return "month"
        return "year:" + "".join(re.findall(r'"([^"]*)"', first))
    # Codes and numbers that begin with zeros: the zeros are what is seen, and what others write.
    if _ZEROS.fullmatch(first) and (bare.count("0") > 1 or bare.strip("0 ") or first != "0"):
        return f"zeros:{first}"
    return ""


def with_zeros(digits: str, code: str) -> str:
    """A whole number as a format of zeros shows it: `0012` for 12 and `0000`, `DUA-0012` for `"DUA-"0000`."""
    parts = re.findall(r'"[^"]*"|\\.|_.|\[[^\]]*\]|.', code)
    places = parts.count("0")
    if not places:
        return digits
    digits = digits.zfill(places)
    shown: list[str] = []
    at = len(digits) - places
    for part in parts:
        if part == "0":
            # The first place takes all the digits for which there is no place.
            shown.append(digits[at] if shown and at > len(digits) - places else digits[: at + 1])
            at += 1
        elif part[0] == '"':
            shown.append(part[1:-1])
        elif part[0] not in "[_":
            shown.append(part[-1])
    return "".join(shown)


def _sheet(pieces: Iterator[bytes], styles: _Styles) -> SheetMarks:
    scan = _Scan(styles)
    rest = b""
    for piece in pieces:
        text = rest + piece
        # A tag, or a cell, may go on in the next piece: what follows the beginning of the last one waits for it.
        ends = [found.start() for found in _TAG.finditer(text, max(0, len(text) - _TAIL)) if not found[3]]
        end = max(ends[-1] if ends else 0, len(text) - _PIECE)
        scan.take(text[:end])
        rest = text[end:]
    scan.take(rest)
    return scan.marks


_TAIL = 1 << 16


class _Scan:
    """Goes through a sheet piece by piece."""

    def __init__(self, styles: _Styles) -> None:
        self.marks = SheetMarks()
        self._shapes = styles.shapes
        self._struck = styles.struck
        self._row = 0
        self._column = 0

    def take(self, text: bytes) -> None:
        """Note what one piece holds."""
        marks, shapes, struck = self.marks, self._shapes, self._struck
        uncomputed = {found.start() for found in _NO_VALUE.finditer(text) if not _TEXT.search(found["attributes"])}
        for found in _TAG.finditer(text):
            kind, attributes, closed = found.groups()
            if kind == b"c":
                if place := _PLACE.search(attributes):
                    self._row, self._column = int(place[2]), _number(place[1])
                else:
                    self._column += 1
                if closed:
                    continue
                row, column = self._row, self._column
                if not marks.first_column or column < marks.first_column:
                    marks.first_column = column
                if column > marks.last_column:
                    marks.last_column = column
                if row > marks.last_row:
                    marks.last_row = row
                if _FAILED.search(attributes):
                    marks.errors.add((row, column))
                elif found.start() in uncomputed:
                    marks.uncomputed.add((row, column))
                elif (shapes or struck) and (style := _STYLE.search(attributes)):
                    if style[1] in shapes:
                        marks.shown[row, column] = shapes[style[1]]
                    marks.struck += style[1] in struck
            elif kind == b"row":
                numbered = _ROW.search(attributes)
                self._row = int(numbered[1]) if numbered else self._row + 1
                self._column = 0
                if _HIDDEN.search(attributes):
                    marks.hidden_rows.append(self._row)
            elif kind == b"mergeCell" and (span := _SPAN.search(attributes)):
                left, top, right, bottom = span.groups()
                marks.merges.append(Merge(int(top), _number(left), int(bottom), _number(right)))
            elif kind == b"col" and _HIDDEN.search(attributes):
                ends = {name: int(number) for name, number in _FROM_TO.findall(attributes)}
                marks.hidden_columns += range(ends.get(b"min", 1), ends.get(b"max", 0) + 1)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
