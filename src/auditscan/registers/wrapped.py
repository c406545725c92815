"""Rows of a table that were written over several lines, as programs make them that take tables out of PDFs.

A line with only the end of one cell goes on from the row above, and is read with it where that is plain. Where it is
not, nobody can say what the row above holds: it gets an item that no table knows, and the line is one that could not
be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditscan.registers.cells import clean
from auditscan.registers.tables import HEADING, Aside, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

JOINED = "it goes on from the row above, and is read with it"
DOUBTFUL = "whether it belongs to the row above or below, or is a record of its own, cannot be told"
MORE = "more in the row beside this one"
"""An element that no table knows, where a line may hold more of a record."""

_TEXTS = frozenset(
    {"elements", "states", "programs", "populations", "purpose", "authority", "note", "recipient", "sender", "action",
     "system", "recipient_address", "file_name", "actor"}
)  # fmt: skip
_PARTIES = frozenset({"recipient", "sender"})
_OPEN = re.compile(r"[,;/&(-]\s*$|\b(?:and|or|of|the|for|to|with|in)\s*$", re.IGNORECASE)
_GOES_ON = re.compile(r"\s*(?:[a-z(,;&/)]|and\b|or\b)")


@dataclass(frozen=True, slots=True)
class Unread:
    """A row below a header of which nobody can say what it is."""

    row: int
    reason: str
    cells: Sequence[str]


def may_be_wrapped(cells: Sequence[str], places: Mapping[str, Sequence[int]]) -> bool:
    """Whether a row by itself could be what was left of another: no id, no day, and at most two cells filled."""
    named = [at for name in ("transfer_id", "occurred_at") for at in places.get(name, ())]
    if not named or any(at < len(cells) and cells[at].strip() for at in named):
        return False
    return 0 < sum(map(bool, map(str.strip, cells))) <= 2


def joined(
    rows: Iterable[Record | Aside], places: Mapping[str, Sequence[int]], is_said: Callable[[str, str], bool]
) -> list[Record | Aside | Unread]:
    """Return the rows, those read together that are one.

    `places` are those of the columns of each field, `is_said` tells whether a cell is what a field holds.
    """
    found: list[Record | Aside | Unread] = []
    sorted_rows = _with_ids(list(rows), places)
    fields = {at: name for name, held in places.items() for at in held}
    centered = _is_centered(sorted_rows, places)
    doubted: set[int] = set()
    last: int | None = None
    """Where the record stands in `found` that a line could go on from."""
    before = 0
    for one in sorted_rows:
        record = found[last] if last is not None and before == one.row - 1 else None
        before = one.row
        piece = may_be_wrapped(one.cells, places) and (isinstance(one, Record) or one.reason == HEADING)
        if not piece or (record is None and not centered) or (isinstance(one, Aside) and not _of_text(one, fields)):
            last = len(found) if isinstance(one, Record) else None
            found.append(one)
            continue
        if isinstance(record, Record) and not centered and _goes_on(record, one, fields, is_said):
            found[last or 0] = _with(record, one)
            found.append(Aside(one.row, JOINED, one.cells))
            continue
        if isinstance(one, Aside) and not is_said("elements", next(cell for cell in one.cells if cell.strip())):
            last = None
            found.append(one)
            continue
        doubted |= {one.row - 1, one.row + 1} if centered or record is None else {record.row}
        found.append(Unread(one.row, DOUBTFUL, one.cells))
    return [_doubted(one, places) if one.row in doubted and isinstance(one, Record) else one for one in found]


def _with_ids(rows: Sequence[Record | Aside], places: Mapping[str, Sequence[int]]) -> list[Record | Aside]:
    """The rows; one with nothing but an id, of the form that the others have, is a record that was blanked out."""
    at = next(iter(places.get("transfer_id", ())), None)
    alone = [
        one for one in rows if isinstance(one, Aside) and one.reason == HEADING and at is not None and _cell(one, at)
    ]
    if not alone or at is None:
        return list(rows)
    forms = {_form(_cell(one, at)) for one in rows if isinstance(one, Record)}
    blanked = {one.row for one in alone if "9" in (form := _form(_cell(one, at))) and form in forms}
    return [Record(one.row, list(one.cells)) if one.row in blanked else one for one in rows]


def _cell(one: Record | Aside, at: int) -> str:
    return one.cells[at].strip() if at < len(one.cells) else ""


def _form(text: str) -> str:
    return re.sub(r"[a-z]+", "a", re.sub(r"\d+", "9", text.lower()))


def _is_centered(rows: Sequence[Record | Aside], places: Mapping[str, Sequence[int]]) -> bool:
    """Whether the lines of a row stand above it too: then nobody can say which row a line belongs to."""
    before: Record | Aside | None = None
    for place, one in enumerate(rows):
        following = rows[place + 1] if place + 1 < len(rows) else None
        above = before is not None and before.row == one.row - 1 and isinstance(before, Record)
        below = following is not None and following.row == one.row + 1 and isinstance(following, Record)
        if isinstance(one, Record) and may_be_wrapped(one.cells, places) and not above and below:
            fills = {at for at, cell in enumerate(one.cells) if cell.strip()}
            return all(at < len(following.cells) for at in fills) if following is not None else False
        before = one
    return False


def _of_text(one: Aside, fields: Mapping[int, str]) -> bool:
    """Whether the one cell of a line that looks like a heading stands in a column of texts."""
    return all(fields.get(at) in _TEXTS for at, cell in enumerate(one.cells) if cell.strip())


def _goes_on(
    record: Record, one: Record | Aside, fields: Mapping[int, str], is_said: Callable[[str, str], bool]
) -> bool:
    """Whether a line is plainly the rest of the record above it: each of its cells goes on from the one above."""
    for at, cell in enumerate(one.cells):
        if not cell.strip():
            continue
        name = fields.get(at)
        if name in (None, "note"):
            continue  # What nobody judges cannot be joined wrongly.
        upper = record.cells[at] if at < len(record.cells) else ""
        if name not in _TEXTS or not upper.strip():
            return False
        if name in _PARTIES and is_said("sender", clean(cell)):
            return False
        is_one = name in _PARTIES and is_said("sender", f"{clean(upper)} {clean(cell)}")
        if not is_one and not _OPEN.search(upper) and not _GOES_ON.match(cell):
            return False
    return True


def _with(record: Record, one: Record | Aside) -> Record:
    cells = list(record.cells)
    for at, cell in enumerate(one.cells):
        if cell.strip():
            upper, lower = clean(cells[at]), clean(cell)
            cells[at] = f"{upper}{'' if upper.endswith('-') and lower[:1].islower() else ' '}{lower}"
    return replace(record, cells=cells)


def _doubted(record: Record, places: Mapping[str, Sequence[int]]) -> Record:
    """The record with an element that nobody knows, since a line beside it may hold more of them."""
    held = places.get("elements", ())
    if not held:
        return record
    cells = [*record.cells, *[""] * (held[0] + 1 - len(record.cells))]
    cells[held[0]] = f"{cells[held[0]]}\n{MORE}".strip()
    return replace(record, cells=cells)
