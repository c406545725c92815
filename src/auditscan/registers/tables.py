"""Where in a sheet the table is: its header, its records, and the rows that are neither.

A register is made to be read by people: a title stands above the header, the header may take two rows, pages repeat it,
sums and notes stand below. None of these is a record, and none is lost: each is set aside with its reason. Records keep
the number that the sheet itself gives the row, so that a person finds them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.registers.cells import clean
from auditscan.registers.columns import Column, recognize
from auditscan.registers.counts import read_count
from auditscan.registers.dates import read_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from auditscan.registers.sheet_xml import Merge

HEADING = "a note or a heading: one cell is filled"

LONGEST = 200
"""A longer cell than this is no part of a header."""

SEARCHED = 60
"""The header is looked for in so many rows from the top."""

_TOTAL = re.compile(
    r"\W*(?:(?:grand|sub|sub-|overall|running|page)\s*)?totals?\b.{0,120}|\W*sums?\W*"
    r"|\W*(?:average|mean|median|count|n\s*[=:]\s*\d+)\b.{0,20}",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\s*(?:[*\u2020\u2021\u00b9\u00b2\u00b3]|\(?\d\)\s|notes?\b|source\b|sources\b|n\.?b\.|key:|legend\b|prepared\b"
    r"|as of\b|page \d|end of\b|\[\d\]|disclaimer\b|for official use|confidential\b|printed\b|generated\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table."""

    row: int
    """The row of the sheet it begins in, from 1."""
    cells: list[str]
    """One text a column; of a header of two rows, both texts."""
    rows: int = 1

    @property
    def first_data_row(self) -> int:
        """The row of the sheet right below it."""
        return self.row + self.rows

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.cells)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table."""

    row: int
    """Its number in the sheet, from 1."""
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Aside:
    """A row below the header that is no record."""

    row: int
    reason: str
    cells: list[str] = field(default_factory=list)


def find_header(rows: Sequence[Sequence[str]], merges: Iterable[Merge] = (), first_column: int = 1) -> Header | None:
    """Return the header among the first rows of a sheet; None where no row names two fields of a transfer.

    Of several rows that could be it, the one that names most fields counts, and the upper one of two alike.
    """
    merges = list(merges)
    found = (header_from(rows, at, merges, first_column) for at in range(min(len(rows), SEARCHED)))
    return max((one for one in found if one is not None), key=lambda one: (named(one.cells), -one.rows), default=None)


def header_from(
    rows: Sequence[Sequence[str]], at: int, merges: Sequence[Merge] = (), first_column: int = 1
) -> Header | None:
    """Return the header that begins in the row at a place, from 0; None where it names fewer than two fields."""
    best: Header | None = None
    for size in (1, 2) if _is_split(rows, at, merges) else (1,):
        header = header_at(rows, at + 1, size, merges, first_column)
        if header is None:
            continue
        # A second row is part of the header only where it says something that the first one leaves open.
        if named(header.cells) > (1 if best is None else named(best.cells)):
            best = header
    return best


def header_at(
    rows: Sequence[Sequence[str]], row: int, size: int = 1, merges: Iterable[Merge] = (), first_column: int = 1
) -> Header | None:
    """Return the header that begins in a row and takes `size` of them; None below the end of the sheet."""
    if row + size - 1 > len(rows):
        return None
    parts = [map(clean, _across(rows, row + step, merges, first_column)) for step in range(size)]
    cells = [clean(" ".join(dict.fromkeys(filter(None, column)))) for column in zip_longest(*parts, fillvalue="")]
    while cells and not cells[-1]:
        cells.pop()
    return Header(row, cells, size)


def _across(rows: Sequence[Sequence[str]], row: int, merges: Iterable[Merge], first_column: int) -> list[str]:
    """The cells of a row of a header, a merged one repeated over the columns it spans."""
    cells = list(rows[row - 1])
    for merge in merges:
        if merge.first_row <= row <= merge.last_row:
            begin, end = merge.first_column - first_column, merge.last_column - first_column
            text = rows[merge.first_row - 1][begin] if 0 <= begin < len(rows[merge.first_row - 1]) else ""
            for place in range(max(0, begin), min(end, len(cells) - 1) + 1):
                cells[place] = cells[place] or text
    return cells


def _is_split(rows: Sequence[Sequence[str]], at: int, merges: Sequence[Merge]) -> bool:
    """Whether a header could go on in the row below: its cells are words, and stand where the upper row has room."""
    if at + 1 >= len(rows):
        return False
    upper, lower = rows[at], rows[at + 1]
    filled = [cell for cell in lower if clean(cell)]
    if len([cell for cell in upper if clean(cell)]) < 2 or not filled:
        return False
    if any(read_date(cell) or read_count(cell) is not None or len(cell) > 60 for cell in filled):
        return False
    spans = any(merge.first_row == at + 1 and merge.last_column > merge.first_column for merge in merges)
    gaps = any(clean(low) and not clean(up) for up, low in zip(upper, lower, strict=False))
    return spans or gaps


def named(cells: Sequence[str]) -> int:
    """How many different fields of a transfer the cells of a header name."""
    if any(len(cell) > LONGEST for cell in cells):
        return 0
    return len({column.field for column in map(column_of, filter(None, cells)) if column.judged})


@lru_cache(maxsize=1 << 16)
def column_of(cell: str) -> Column:
    """What the words of one cell of a header are taken for."""
    return recognize(cell)


def unmerged(rows: Sequence[list[str]], header: Header, merges: Iterable[Merge], first_column: int = 1) -> None:
    """Repeat, in place, what stands in cells merged downwards: below one recipient, the same recipient."""
    for merge in merges:
        place = merge.first_column - first_column
        if merge.last_row == merge.first_row or merge.first_row < header.first_data_row or place < 0:
            continue
        top = rows[merge.first_row - 1] if merge.first_row <= len(rows) else []
        text = top[place] if place < len(top) else ""
        for row in range(merge.first_row + 1, min(merge.last_row, len(rows)) + 1):
            if place < len(rows[row - 1]) and any(map(clean, rows[row - 1])):
                rows[row - 1][place] = rows[row - 1][place] or text


def sort_rows(numbered: Iterable[tuple[int, list[str]]], header: Header) -> Iterator[Record | Aside]:
    """Yield what each row below the header is; blank rows are nothing.

    `numbered` gives rows with their number in the sheet. A row with more filled cells than the header has columns is a
    record: what to do with it is for the one who reads it.
    """
    names = [normalize(cell) for cell in header.cells]
    all_names = "|".join(names)
    for row, cells in numbered:
        if row < header.first_data_row:
            continue
        filled = [(place, cell) for place, cell in enumerate(cells) if cell and not cell.isspace()]
        if not filled:
            continue
        first = filled[0][1]
        # Most rows are records at the first look: well filled, and their first cell says nothing that headers say.
        if len(filled) * 2 > len(names) and not _TOTAL.match(first) and normalize(first) not in all_names:
            yield Record(row, cells)
            continue
        reason = no_record([(place, clean(cell)) for place, cell in filled], names)
        yield Record(row, cells) if reason is None else Aside(row, reason, cells)


def repeats(filled: list[tuple[int, str]], names: list[str]) -> bool:
    """Whether each cell says what the header says in its column, or one of the header's two rows does."""
    if len(filled) < min(3, len(names)):
        return False
    said = [(place, normalize(text)) for place, text in filled]
    return all(place < len(names) and word and f"_{word}_" in f"_{names[place]}_" for place, word in said)


def no_record(filled: list[tuple[int, str]], names: list[str]) -> str | None:
    """Return why a row below the header is no record; None for one that is. `filled` are its places and texts."""
    first_place, first = filled[0]
    if repeats(filled, names):
        return "the header is repeated"
    numbers = sum(read_count(text) is not None for _, text in filled[1:])
    if _TOTAL.fullmatch(first) and numbers == len(filled) - 1:
        return "a line of totals"
    if len(filled) == 1 and len(names) > 2 and (first_place == 0 or _NOTE.match(first)):
        return HEADING
    if len(filled) <= 2 and len(names) > 3 and first_place == 0 and _NOTE.match(first) and not numbers:
        return "a note"
    if (
        all(read_count(text) is not None and not read_date(text) for _, text in filled)
        and first_place > 0
        and (len(filled) * 2 < len(names))
    ):
        return "only sums: no cell but numbers in a few columns"
    return None
