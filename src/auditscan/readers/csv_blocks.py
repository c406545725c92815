"""Blocks of a CSV log as the engine can read them: most rows as they stand, the odd ones written anew.

The engine and Python agree on a row whose cells have their quotes around all of them or none at all. Whatever is not
one for certain is looked at here, a record at a time, as long as no quote casts doubt on the lines that follow.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from auditscan.readers.csv_rows import MAX_OPEN_BYTES, take_first
from auditscan.readers.encodings import is_utf8
from auditscan.readers.odd_lines import MOST_ODD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.readers.csv_rows import Header, Rows
    from auditscan.readers.model import Unreadable

_NEAR = 1 << 13
"""Bytes in which a record ends that does not end with its line, but for rare ones."""


@dataclass(slots=True)
class Sifted:
    """A block as the engine can read it: a row for each of its lines."""

    text: bytearray | bytes
    """The rows; those of lines on which no row begins have empty cells."""
    lines: int
    no_rows: list[int] = field(default_factory=list)
    """The lines on which none begins."""
    unread: list[Unreadable] = field(default_factory=list)
    """Records that are unreadable, by their lines and places in the block."""
    blank: int = 0

    @property
    def readable(self) -> int:
        """How many rows there are."""
        return self.lines - len(self.no_rows)


def ways_to_read(block: bytes, header: Header) -> Iterator[Sifted]:
    """A block as it stands, then with its odd lines apart; nothing of what needs a closer look at whole records."""
    plain = not _needs_care(block, header)
    if plain:
        yield Sifted(block, block.count(b"\n"))
    sifted = _sift(block, header)
    if sifted is not None and not (plain and sifted.text == block):
        yield sifted


def _needs_care(block: bytes, header: Header) -> bool:
    """Whether a block holds anything that DuckDB's reader might take wrongly without saying so."""
    if header.width == 1 or header.other is not None:
        return True
    if b'"' in block or b"\x00" in block or b"\r" in block or b"\n\n" in block:
        return True
    # A mark of the encoding at the beginning of a file is read over.
    if block.startswith((b"\n", codecs.BOM_UTF8)) or b" \n" in block or not is_utf8(block):
        return True
    return header.trace.search(block.lower()) is not None


def _sift(block: bytes, header: Header) -> Sifted | None:
    """Look at each line that is no row for certain, and write anew what is one all the same.

    None where a quote casts doubt on lines that follow, where a header stands in the block again, and where too many
    lines are odd.
    """
    if header.width == 1 or header.other is not None or header.trace.search(block.lower()):
        return None
    rows = _rows(header.delimiter, header.width)
    # A line outside of ASCII is looked at by itself where it may be the one that cannot be decoded.
    for_certain = rows if is_utf8(block) else _rows(header.delimiter, header.width, outside=rb"\x80-\xff")
    no_row = header.delimiter.encode() * (header.width - 1) + b"\n"
    sifted = Sifted(bytearray(), block.count(b"\n"))
    at = line = odd = 0
    while at < len(block):
        end = _end(for_certain, block, at)
        if end == at and for_certain is not rows:
            raw = block[at : block.index(b"\n", at) + 1]
            end += _end(rows, raw) if is_utf8(raw) else 0
        if end > at:
            sifted.text += block[at:end].replace(b"\r\n", b"\n")
            line += block.count(b"\n", at, end)
            at = end
            continue
        one = _first(block, at, header, line)
        odd += 1 if one is None else one.lines
        if one is None or odd * MOST_ODD > sifted.lines:
            return None
        sifted.text += one.clean.partition(b",")[2] + no_row * (one.lines - one.readable)
        sifted.no_rows += range(line + 1 + one.readable, line + 1 + one.lines)
        sifted.unread += one.quarantined
        sifted.blank += one.blank
        line += one.lines
        for _ in range(one.lines):
            at = block.index(b"\n", at) + 1
    return sifted


def _first(block: bytes, at: int, header: Header, before: int) -> Rows | None:
    """The record or blank line at a place; None where what follows is in doubt, or the block ends inside of it."""
    reach = 0
    while reach <= MAX_OPEN_BYTES * 2:
        end = block.find(b"\n", at + reach) + 1 or len(block)
        one = take_first(block[at:end], header, at, before)
        if one is not None or end == len(block):
            return one
        reach = max(_NEAR, reach * 16)
    return None


@cache
def _rows(delimiter: str, width: int, outside: bytes = b"") -> re.Pattern[bytes]:
    """Rows one after the other that are rows of so many cells for certain, without any of some bytes."""
    mark = re.escape(delimiter.encode())
    never = rb'"\n\r\x00' + outside
    cell = rb'(?:(?:"[^%b]*+")++|[^%b%b]*+)' % (never, never, mark)
    return re.compile(rb"(?:(?!%b)%b(?:%b%b){%d}+\r?\n)*+" % (codecs.BOM_UTF8, cell, mark, cell, width - 1))


def _end(rows: re.Pattern[bytes], block: bytes, at: int = 0) -> int:
    """Where the rows end that stand in a block from a place on."""
    found = rows.match(block, at)
    return found.end() if found else at
