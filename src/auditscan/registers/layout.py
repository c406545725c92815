"""Which tables a sheet holds: one above another, side by side, and rows that belong to none.

Every header begins a table, and a table ends where the next one begins. What stands above the first header and what
stands below a header that names nothing of a transfer is told apart, so that whoever reads the sheet can say of every
row what became of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.registers.cells import clean, is_redacted
from auditscan.registers.counts import read_count
from auditscan.registers.dates import read_date
from auditscan.registers.tables import LONGEST, Header, column_of, find_header, header_from, named, repeats

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditscan.registers.sheet_xml import Merge
    from auditscan.registers.values import Evidence

_DIGIT = re.compile(r"\d")
_SINGLE = frozenset({"transfer_id", "occurred_at", "sender", "recipient", "elements", "record_count", "purpose"})
_MOST_COLUMNS = 1_000
"""Tables side by side are looked for so far to the right."""
_LOOKED_AT = 500
_TYPED = ("occurred_at", "occurred_until", "record_count", "event_count")
_UNSAID = re.compile(
    r"\W*(?:n/?a|none|nil|unknown|tbd|various|pending|ongoing|varies|not? \w+|see\b.*|same\b.*|ditto|undated|multiple"
    r"|redacted|withheld|on or about.*|weekly|daily|monthly|quarterly|annual(?:ly)?)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a sheet that belong together."""

    first_row: int
    """The first of them, from 1: of a table that of its header."""
    last_row: int
    header: Header | None = None
    """None where no row of them names two fields of a transfer."""
    columns: tuple[int, int] | None = None
    """Of tables side by side, from which place to before which this one goes."""

    @property
    def height(self) -> int:
        """How many rows it has below its header, blank ones counted."""
        return self.last_row - (self.first_row - 1 if self.header is None else self.header.first_data_row - 1)

    def rows(self, of: Sequence[list[str]]) -> Iterator[tuple[int, list[str]]]:
        """The rows below its header with their numbers; cells of a table beside it are blank."""
        begin = self.first_row if self.header is None else self.header.first_data_row
        for row in range(begin, min(self.last_row, len(of)) + 1):
            cells = of[row - 1]
            if self.columns is not None:
                left, right = self.columns
                cells = [*[""] * left, *cells[left:right]]
            yield row, cells


def find_parts(rows: Sequence[list[str]], merges: Sequence[Merge] = (), first_column: int = 1) -> list[Part]:
    """Return the tables of a sheet from above to below, and the rows between them that are parts of none.

    Rows above the first header are a part without a header; blank rows may be in any.
    """
    headers = _headers(rows, merges, first_column)
    if not headers:
        return [Part(1, len(rows))] if any(any(map(str.strip, row)) for row in rows) else []
    parts = [Part(1, headers[0].row - 1)] if headers[0].row > 1 else []
    for header, following in zip(headers, [*headers[1:], None], strict=True):
        last = len(rows) if following is None else following.row - 1
        other = _other_table(rows, header, last)
        parts += _side_by_side(rows, header, last if other is None else other - 1)
        if other is not None:
            parts.append(Part(other, last))
    return parts


# --- one above another ------------------------------------------------------------------------------


def _headers(rows: Sequence[list[str]], merges: Sequence[Merge], first_column: int) -> list[Header]:
    best = find_header(rows, merges, first_column)
    found = {} if best is None else {best.row: best}
    for at in range(len(rows)):
        if at + 1 not in found and _like_header(rows, at) and (header := _whole_header(rows, at, merges, first_column)):
            found[header.row] = header
    kept: list[Header] = []
    for _, header in sorted(found.items()):
        if not kept:
            kept.append(header)
            continue
        above = kept[-1]
        if header.row < above.first_data_row or _repeated(header, above):
            continue
        between = rows[above.first_data_row - 1 : header.row - 1]
        if any(sum(map(bool, map(str.strip, row))) > 1 for row in between):
            kept.append(header)
        elif named(header.cells) > named(above.cells):
            # Nothing stands between: the upper one was a line of what the register is.
            kept[-1] = header
    return kept


def _whole_header(rows: Sequence[list[str]], at: int, merges: Sequence[Merge], first_column: int) -> Header | None:
    """The header of which a row is a part: the row above may say what several of its columns have in common."""
    header = header_from(rows, at, merges, first_column)
    upper = [cell for cell in rows[at - 1] if cell.strip()] if at else []
    if len(upper) < 2 or len(upper) >= sum(map(bool, map(str.strip, rows[at]))) or any(map(_DIGIT.search, upper)):
        return header
    both = header_from(rows, at - 1, merges, first_column)
    # Both rows, or the upper one alone: then the lower one is a record.
    return header if both is None or both.rows == 1 else both


def _like_header(rows: Sequence[list[str]], at: int) -> bool:
    """Whether a row, wherever it stands, is made of names of columns and of nothing else."""
    cells = [cell for cell in rows[at] if cell and not cell.isspace()]
    if len(cells) < 2:
        return False
    digits = sum(map(bool, map(_DIGIT.search, cells)))
    # Most rows are records: their first cells are an id and a day.
    if digits * 3 > len(cells) or (digits > 1 and _DIGIT.search(cells[0])):
        return False
    if len(cells) == 2 and at and sum(map(bool, map(str.strip, rows[at - 1]))) > 1:
        return False
    if any(len(cell) > LONGEST for cell in cells):
        return False
    columns = [column_of(clean(cell)) for cell in cells]
    fields = {column.field for column in columns if column.judged}
    known = sum(column.field is not None for column in columns)
    if len(fields) < 2 or known * 2 < len(cells):
        return False
    return not any(read_date(cell) or read_count(cell) is not None for cell in cells)


def is_other_header(cells: list[str], header: Header) -> bool:
    """Whether a row far below a header is the header of another table."""
    return _like_header([[], cells], 1) and not _repeated(Header(1, [clean(cell) for cell in cells]), header)


def _repeated(header: Header, above: Header) -> bool:
    filled = [(place, cell) for place, cell in enumerate(header.cells) if cell]
    return repeats(filled, [normalize(cell) for cell in above.cells])


def _other_table(rows: Sequence[list[str]], header: Header, last: int) -> int | None:
    """The row in which a table begins that names nothing of a transfer, behind a gap; None where there is none.

    Where days and numbers stood there are words now, and below them a row more.
    """
    places = [place for place, cell in enumerate(header.cells) if cell and column_of(cell).field in _TYPED]
    names = [normalize(cell) for cell in header.cells]
    gap = False
    for row in range(header.first_data_row, last):
        if not gap:
            gap = not any(map(str.strip, rows[row - 1]))
            continue
        filled = [clean(cell) for cell in rows[row - 1] if cell.strip()]
        if len(filled) < 2:
            continue
        gap = False
        if any(map(_DIGIT.search, filled)) or sum(map(bool, map(str.strip, rows[row]))) < 2:
            continue
        if repeats([(place, clean(cell)) for place, cell in enumerate(rows[row - 1]) if cell.strip()], names):
            continue
        typed = [clean(rows[row - 1][place]) for place in places if place < len(rows[row - 1])]
        if any(cell and not is_redacted(cell) and not _UNSAID.fullmatch(cell) for cell in typed) and not any(
            map(read_date, typed)
        ):
            return row
    return None


# --- side by side -----------------------------------------------------------------------------------


def _side_by_side(rows: Sequence[list[str]], header: Header, last: int) -> list[Part]:
    """The tables that share the rows of one header: a second one says again what the first one says."""
    starts = [0]
    fields = [column_of(cell).field if cell else None for cell in header.cells]
    names = [normalize(cell) for cell in header.cells]
    for place in range(1, min(header.width, _MOST_COLUMNS)):
        if not names[place] or place - starts[-1] < 2:
            continue
        before = range(starts[-1], place)
        if names[place] == next((names[at] for at in before if names[at]), None):
            rest = range(place, min(header.width, place + len(before)))
            if len({names[at] for at in rest} & {names[at] for at in before} - {""}) > 1:
                starts.append(place)
        elif not names[place - 1] and _is_gap(rows, header, place - 1, last):
            both = {fields[at] for at in range(place, header.width)} & {fields[at] for at in before} & _SINGLE
            if len(both) > 1:
                starts.append(place)
    if len(starts) == 1:
        return [Part(header.row, last, header)]
    parts = []
    for left, right in zip(starts, [*starts[1:], header.width], strict=True):
        cells = [cell if left <= place < right else "" for place, cell in enumerate(header.cells)]
        parts.append(Part(header.row, last, Header(header.row, cells, header.rows), (left, right)))
    return parts


def _is_gap(rows: Sequence[list[str]], header: Header, place: int, last: int) -> bool:
    return not any(
        place < len(row) and row[place].strip() for row in rows[header.first_data_row - 1 : min(last, len(rows))]
    )


# --- rows without a header --------------------------------------------------------------------------


_LABEL = re.compile(r".*:|prepared.*|period.*|version.*|as of.*|report.*|run .*|printed.*|page.*", re.IGNORECASE)


def _is_label(cell: str) -> bool:
    """Whether a cell says what the one beside it holds. Words for data are no labels: `SSN`, `Address`."""
    if len(cell) > LONGEST:
        return False
    column = column_of(cell)
    named = column.judged and column.field not in ("elements", "recipient_address")
    return named or _LABEL.fullmatch(cell) is not None


def looks_disclosed(rows: Sequence[Sequence[str]], evidence: Evidence, *, titles: bool = False) -> bool:
    """Whether some row looks like one of disclosures: at least two of a day, an agency, and words for data.

    Of `titles`, which stand above a header, those count that name nothing: `Date | 2/1/2026 | Office | CMS` does.
    """
    # Of many rows some from everywhere: looking at a cell takes its time.
    looked_at = rows if len(rows) <= _LOOKED_AT else [*rows[:_LOOKED_AT], *rows[_LOOKED_AT :: len(rows) // _LOOKED_AT]]
    for row in looked_at:
        cells = [clean(cell) for cell in row if cell.strip()][:_LOOKED_AT]
        if len(cells) < (3 if titles else 2):
            continue
        if titles and any(_is_label(cell) for cell in cells):
            continue
        kinds = {
            kind
            for cell in cells
            if len(cell) <= LONGEST and not cell.isdecimal()
            for kind in ("occurred_at", "sender", "elements")
            if evidence.fits(kind, [cell])
        }
        if len(kinds) > 1:
            return True
    return False


def continues(rows: Sequence[Sequence[str]], places: dict[str, list[int]], width: int, evidence: Evidence) -> bool:
    """Whether rows without a header go on with the table before them: their cells fit its columns."""
    told = [row for row in rows if sum(map(bool, map(str.strip, row))) > 1][:50]
    filled = sorted(sum(map(bool, map(str.strip, row))) for row in told)
    if not told or filled[len(filled) // 2] * 2 < sum(map(len, places.values())):
        return False
    if any(any(map(str.strip, row[width:])) for row in told):
        return False
    held = {
        name: [clean(row[at]) for row in told for at in at_places if at < len(row) and row[at].strip()]
        for name, at_places in places.items()
    }

    def fit(kind: str, cells: Sequence[str]) -> bool:
        return (evidence.fits(kind, cells) or 0) >= 0.5

    # A column that holds what belongs into another one was moved.
    if fit("sender", held.get("transfer_id", [])):
        return False
    if fit("elements", held.get("recipient", [])) and not fit("recipient", held["recipient"]):
        return False
    told_fields = [name for name in ("occurred_at", "sender", "recipient", "elements", "states") if held.get(name)]
    good = [name for name in told_fields if fit(name, held[name])]
    return len(good) > 1 and all(name in good for name in ("occurred_at", "states") if name in told_fields)
