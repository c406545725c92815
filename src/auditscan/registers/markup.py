"""Tables in markup under the name of a workbook: web pages, and workbooks that Excel of 2003 wrote as XML.

Programs on servers write both, call them .xls, and Excel opens them. A page with forms or scripts is none of these: it
is what a server sent in the place of a file.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from auditscan.readers.model import DamagedFile
from auditscan.registers.beginnings import EXCEL_XML

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 64 << 20
"""A longer page than this is not read."""

_MAX_SPAN = 1_000


def read_markup(path: Path) -> list[tuple[str, list[list[str]]]]:
    """Return the name and the rows of each table; raises DamagedFile for what cannot be read."""
    content = path.read_bytes()
    if len(content) > MAX_BYTES:
        raise DamagedFile(f"it is a page of more than {MAX_BYTES >> 20} MiB: save it as .xlsx first")
    return _sheets(content) if EXCEL_XML in content[: 1 << 16] else _tables(content)


def _sheets(content: bytes) -> list[tuple[str, list[list[str]]]]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(content)
    except (DefusedXmlException, ParseError) as error:
        raise DamagedFile(f"a workbook written as XML, and damaged: {error}") from error
    found: list[tuple[str, list[list[str]]]] = []
    for sheet in (one for one in root.iter() if _plain(one.tag) == "Worksheet"):
        rows: list[list[str]] = []
        for row in (one for one in sheet.iter() if _plain(one.tag) == "Row"):
            place = _number(row.attrib, "Index") or len(rows) + 1
            rows += [[] for _ in range(min(place - 1 - len(rows), 1 << 20))]
            cells: list[str] = []
            for cell in (one for one in row if _plain(one.tag) == "Cell"):
                at = _number(cell.attrib, "Index") or len(cells) + 1
                cells += [""] * min(at - 1 - len(cells), 1 << 14)
                data = next((one for one in cell if _plain(one.tag) == "Data"), None)
                text = "" if data is None else "".join(data.itertext()).strip()
                day = re.fullmatch(r"(\d{4}-\d\d-\d\d)T00:00:00(?:\.0+)?", text)
                cells += [day[1] if day else text, *[""] * min(_number(cell.attrib, "MergeAcross"), _MAX_SPAN)]
            rows.append(cells)
        name = next((value for key, value in sheet.attrib.items() if _plain(key) == "Name"), f"{len(found) + 1}")
        found.append((name, _even(rows)))
    return found


def _plain(name: str) -> str:
    return name.rpartition("}")[2]


def _number(attributes: dict[str, str], name: str) -> int:
    text = next((value for key, value in attributes.items() if _plain(key) == name), "")
    return int(text) if text.isascii() and text.isdecimal() else 0


def _tables(content: bytes) -> list[tuple[str, list[list[str]]]]:
    charset = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", content[:4096], re.IGNORECASE)
    try:
        text = content.decode(charset[1].decode() if charset else "utf-8-sig")
    except (LookupError, UnicodeDecodeError):
        text = content.decode("cp1252", "replace")
    reader = _Page()
    reader.feed(text.removeprefix("\ufeff"))
    reader.close()
    return [(f"table {number}", _even(rows)) for number, rows in enumerate(reader.tables, start=1) if rows]


class _Page(HTMLParser):
    """The tables of a page; one inside of another ends where that one began, and begins again behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._spans: dict[int, tuple[int, str]] = {}
        """Of cells that reach into the rows below: column -> how many rows still, and their text."""
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self._end_cell()
            self._open.append([])
            self.tables.append(self._open[-1])
            self._spans = {}
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
            self._fill()
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            if not self._open[-1]:
                self._open[-1].append([])
            given = dict(attrs)
            across, down = (given.get(name) or "1" for name in ("colspan", "rowspan"))
            self._span = (
                min(int(across), _MAX_SPAN) if across.isdecimal() else 1,
                min(int(down), _MAX_SPAN) if down.isdecimal() else 1,
            )
            self._cell = []
        elif tag in ("br", "p", "div", "li") and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a cell or a table."""
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        if tag == "table" and self._open:
            self._open.pop()
            self._spans = {}

    def handle_data(self, data: str) -> None:
        """Take text that stands in a cell."""
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None or not self._open or not self._open[-1]:
            self._cell = None
            return
        text = "\n".join(filter(None, (" ".join(line.split()) for line in "".join(self._cell).split("\n"))))
        self._cell = None
        row = self._open[-1][-1]
        across, down = self._span
        for _ in range(max(1, across)):
            if down > 1:
                self._spans[len(row)] = (down - 1, text)
            row.append(text)
            text = ""
        self._fill()

    def _fill(self) -> None:
        """Repeat what reaches down from the rows above."""
        row = self._open[-1][-1]
        while (held := self._spans.get(len(row))) is not None:
            left, text = held
            if left > 1:
                self._spans[len(row)] = (left - 1, text)
            else:
                del self._spans[len(row)]
            row.append(text)


def _even(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows] if width * len(rows) <= 16_000_000 else rows
