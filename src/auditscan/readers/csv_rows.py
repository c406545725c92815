"""Rows of a CSV log, each accounted for.

What the engine cannot read for certain is taken apart here: a stray quote must cost the lines it touches, not all
lines up to the next quote.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.readers.encodings import CUT_OFF, MARK, is_utf8, undecodable
from auditscan.readers.model import FIELDS, Quarantine

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_OPEN_BYTES = 1 << 20
"""A quoted cell that goes on over more lines than fit here was never closed."""

_DATE = re.compile(r"\s*\d{4}-\d{2}-\d{2}")

_NEVER_CLOSED = "a quote is opened and never closed"
_SWALLOWS = "a quote is opened here and closed only on a later line, over lines that look like rows"
_SWALLOWED = "it stands between a quote opened on an earlier line and its end, and is no row for certain"

# The module's own limit is for cells from strangers' forms; a cell here is at most as long as its
# line.
csv.field_size_limit(sys.maxsize)


@dataclass(slots=True)
class Header:
    """The columns of a CSV log."""

    cells: list[str]
    delimiter: str
    fields: tuple[str, ...] = FIELDS
    """The fields that are looked for."""
    columns: dict[str, int] = field(default_factory=dict)
    """Field -> place of its column."""
    unknown: list[str] = field(default_factory=list)
    problem: str | None = None
    """Why the file cannot be read under this header."""
    other: int | None = None
    """The line with a header of other columns: what stands below it cannot be read."""

    @property
    def width(self) -> int:
        """How many cells a row must have."""
        return len(self.cells)

    @property
    def trace(self) -> re.Pattern[bytes]:
        """What a block in lower case holds if a header stands in it again, in any spelling."""
        name = next((name for name in self.fields if name in self.columns), self.fields[0])
        return re.compile(rb"[^0-9a-z,;|\n]{0,3}".join(name.encode().split(b"_")))


def read_header(line: bytes, delimiter: str, fields: tuple[str, ...] = FIELDS) -> Header:
    """Take the first line apart into known and unknown columns."""
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    header = Header(cells=cells_of(text, delimiter), delimiter=delimiter, fields=fields)
    for place, cell in enumerate(header.cells):
        name = normalize(cell)
        if name not in fields:
            header.unknown.append(cell)
        elif name in header.columns:
            header.problem = f"the header names the field {name} twice: which column counts cannot be known"
        else:
            header.columns[name] = place
    return header


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of one line, as well as they can be told apart."""
    try:
        return next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


@dataclass(frozen=True, slots=True)
class Rest:
    """What a block leaves to the next one: lines of a record whose quote is still open at its end."""

    text: bytes = b""
    offset: int = 0
    doubtful: int = 0
    """How many of the lines stand inside of an earlier quote that is not to be trusted."""


NO_REST = Rest()


@dataclass(slots=True)
class Rows:
    """The records of one block."""

    clean: bytearray = field(default_factory=bytearray)
    """CSV without a header: the line of this block on which a record begins, then its cells."""
    lines: int = 0
    """Lines gone through: those of the block but for the `rest`."""
    readable: int = 0
    longest: int = 0
    """Bytes of the longest line of `clean`."""
    records: int = 0
    """Readable ones and those in the quarantine."""
    blank: int = 0
    quarantined: Quarantine = field(default_factory=Quarantine)
    """Where unreadable records went, those of other blocks too."""
    rest: Rest = NO_REST


def take_apart(
    block: bytes,
    header: Header,
    offset: int,
    before: int,
    last: bool,
    quarantine: Quarantine | None = None,
    rest: Rest = NO_REST,
) -> Rows:
    """Sort a block's lines into rows, blanks and the quarantine; `last` says that no block follows.

    `offset` is the place of the block in the file, `rest` what the one before left to it, `before` the number of lines
    in front of both. A record's number is that of the line on which it begins, as an editor counts.
    """
    if rest.text:
        block, offset = rest.text + block, rest.offset
    apart = _Apart(block, header, offset, before, last, rest.doubtful)
    return apart.rows(Quarantine() if quarantine is None else quarantine)


def take_first(block: bytes, header: Header, offset: int, before: int) -> Rows | None:
    """Take the first record of a block, or a blank line, as `take_apart` does; None where more must be known.

    It may go on behind the block, or cast doubt on the lines that follow.
    """
    apart = _Apart(block, header, offset, before, last=False)
    rows = apart.rows(Quarantine(), most=1)
    return None if rows.rest.text or apart.doubtful > rows.lines else rows


def first_row(content: bytes, cells: list[str], delimiter: str) -> tuple[bytes, list[str], str | None]:
    """The row that `content` begins with, its cells, and why it is no row below a header of `cells`, if it is none."""
    header = Header(cells, delimiter, ("",), {"": 0})
    apart = _Apart(content, header, 0, 0, last=True)
    count, found, reason = apart.record(0)
    raw = b"\n".join(content.split(b"\n")[:count])
    if reason is None and len(found) != len(cells):
        reason = f"{len(found)} cells where the header has {len(cells)}"
    return raw, found, reason


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, or a blank line of it."""

    line: int
    """The line on which it begins, from 1."""
    offset: int
    raw: bytes
    cells: list[str]
    reason: str | None = None
    """Why its cells cannot be told apart."""


def each_row(content: bytes, width: int, delimiter: str) -> Iterator[Row]:
    """Every row of a whole text below a header of so many columns, the header and blank lines too."""
    apart = _Apart(content, Header([""] * width, delimiter, ("",), {"": 0}), 0, 0, last=True)
    at = offset = 0
    for count, cells, reason in apart.records():
        raw = b"\n".join(apart.lines[at : at + count])
        shown = raw.removesuffix(b"\r").removesuffix(MARK if reason == CUT_OFF else b"")
        yield Row(at + 1, offset, shown, cells, reason)
        offset += len(raw) + 1
        at += count


class _Apart:
    """One block being taken apart."""

    def __init__(self, block: bytes, header: Header, offset: int, before: int, last: bool, doubtful: int = 0) -> None:
        self.lines = block.split(b"\n")
        if not self.lines[-1]:
            self.lines.pop()
        self._header = header
        self._trace = header.trace
        self._offset = offset
        self._before = before
        self._last = last
        self.doubtful = doubtful
        """Lines before this one stand inside of a quote that is not to be trusted."""
        self._blanks = None if header.delimiter != "\t" else b" \r\v\f"

    def rows(self, quarantine: Quarantine, most: int = sys.maxsize) -> Rows:
        """Every line of the block, sorted, or those of so many records and blank lines."""
        rows = Rows(quarantined=quarantine)
        at = 0
        while at < len(self.lines) and rows.records + rows.blank < most:
            if not self.lines[at].strip(self._blanks):
                rows.blank += 1
                self._offset += len(self.lines[at]) + 1
                at += 1
                continue
            count, cells, reason = self.record(at)
            if count == 0:
                left = b"\n".join(self.lines[at:]) + b"\n"
                rows.rest = Rest(left, self._offset, max(0, self.doubtful - at))
                break
            raw = b"\n".join(self.lines[at : at + count])
            rows.records += 1
            if reason is None:
                reason = self._no_row(cells, raw, self._before + at + 1)
            if reason is None:
                written = self._written(at + 1, cells)
                rows.clean += written
                rows.readable += 1
                rows.longest = max(rows.longest, len(written))
            else:
                shown = raw.removesuffix(b"\r").removesuffix(MARK if reason == CUT_OFF else b"")
                quarantine.add(self._before + at + 1, reason, self._offset, shown)
            self._offset += len(raw) + 1
            at += count
        rows.lines = at
        return rows

    def records(self) -> Iterator[tuple[int, list[str], str | None]]:
        """Each record and each blank line: how many lines it takes, its cells, why they cannot be told apart."""
        at = 0
        while at < len(self.lines):
            line = self.lines[at].removesuffix(b"\r")
            plain = not (b'"' in line or b"\r" in line or b"\x00" in line or at < self.doubtful or MARK in line)
            if plain and is_utf8(line):
                cells = line.decode().split(self._header.delimiter) if line.strip() else []
                count, reason = 1, None
            else:
                count, cells, reason = self.record(at)
            yield count, cells, reason
            at += count

    def _written(self, number: int, cells: list[str]) -> bytes:
        """Its number and its cells, each in quotes: so the engine takes any cell as it is."""
        kept = [cell.replace('"', '""') for cell in cells]
        return ('"' + '","'.join([str(number), *kept]) + '"\n').encode()

    def record(self, at: int) -> tuple[int, list[str], str | None]:
        """(lines, cells, why not) of the record at `at`; no lines: it ends in the next block."""
        nul = self.lines[at].find(b"\x00")
        if nul >= 0:
            return 1, [], f"a NUL byte at byte {nul + 1} of the row"
        reader = csv.reader(self._from(at), delimiter=self._header.delimiter, strict=True)
        try:
            cells = next(reader)
        except UnicodeDecodeError as error:
            first = reader.line_num == 0
            return 1, [], undecodable(self.lines[at], error.start) if first else _NEVER_CLOSED
        except _NotClosedError:
            return 1, [], _NEVER_CLOSED
        except csv.Error as error:
            return self._broken(at, reader.line_num, str(error))
        used = reader.line_num
        if used > 1 and self._swallows(at, used):
            self.doubtful = at + used
            return 1, [], _SWALLOWS
        if at < self.doubtful and not self._surely_row(at, cells):
            return 1, [], _SWALLOWED
        return used, cells, None

    def _broken(self, at: int, used: int, message: str) -> tuple[int, list[str], str | None]:
        if "unexpected end" in message:
            if self._last:
                return 1, [], _NEVER_CLOSED
            return 0, [], None
        if used > 1:
            self.doubtful = max(self.doubtful, at + used)
            return 1, [], _SWALLOWS
        if "new-line" in message:
            return 1, [], "not CSV: a lone carriage return stands inside the row"
        return 1, [], "not CSV: text stands behind the closing quote of a cell"

    def _from(self, at: int) -> Iterator[str]:
        """The lines from `at` on, for as long as a record may go."""
        size = 0
        for number in range(at, len(self.lines)):
            line = self.lines[number]
            size += len(line)
            if number > at and (size > MAX_OPEN_BYTES or b"\x00" in line):
                raise _NotClosedError
            yield line.decode("utf-8") + "\n"

    def _swallows(self, at: int, used: int) -> bool:
        """Whether a quoted cell over several lines may have swallowed rows."""
        inside = [self._literal(number) for number in range(at + 1, at + used - 1)]
        if any(len(cells) == self._header.width for cells in inside):
            return True
        ends = (self.lines[at], self.lines[at + used - 1])
        mark = self._header.delimiter.encode()
        return all(line.count(mark) == self._header.width - 1 for line in ends)

    def _literal(self, number: int) -> list[str]:
        line = self.lines[number].decode("utf-8", "replace").removesuffix("\r")
        return cells_of(line, self._header.delimiter)

    def _surely_row(self, at: int, cells: list[str]) -> bool:
        """Whether a line in doubt is a row: its quotes match, and a date stands in its place."""
        place = self._header.columns.get("occurred_at")
        if place is None or place >= len(cells) or self.lines[at].count(b'"') % 2:
            return False
        return len(cells) == self._header.width and _DATE.match(cells[place]) is not None

    def _no_row(self, cells: list[str], raw: bytes, number: int) -> str | None:
        """Why the cells of a record are no row under this header; None if they are."""
        header = self._header
        if self._trace.search(raw.lower()):
            named = [name for name in map(normalize, cells) if name]
            known = sum(name in header.fields for name in named)
            if known and named == [name for name in map(normalize, header.cells) if name]:
                return "the header is repeated"
            if known > 2 or (known == 2 and len(named) <= 4):
                header.other = header.other or number
                return "a header with other columns stands here: the rows below it cannot be read"
        if header.other is not None:
            return f"it stands below another header, that of line {header.other}"
        if len(cells) != header.width:
            return f"{len(cells)} cells where the header has {header.width}"
        return None


class _NotClosedError(Exception):
    """A quoted cell goes on for more than MAX_OPEN_BYTES, or into a line that no cell can hold."""
