"""Where the pictures of the page have their parts: weeks, the map of states, bars of verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from auditscan.policy.words import VERDICTS
from auditscan.render.transfers import of_weeks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditscan.questions.report import Row

WIDE, HIGH = 960, 150
"""Of a picture of weeks, in its own units."""

LEAST = 2
"""What a verdict takes of a bar at least: a barred transfer must not vanish among thousands that pass."""

MOST_MONTHS = 24
"""Names of months below it."""

_WEEK = timedelta(days=7)

_MAP = (
    "AK .. .. .. .. .. .. .. .. .. ME",
    ".. .. .. .. .. .. .. .. .. VT NH",
    "WA ID MT ND MN IL WI MI NY RI MA",
    "OR NV WY SD IA IN OH PA NJ CT ..",
    "CA UT CO NE MO KY WV VA MD DE ..",
    ".. AZ NM KS AR TN NC SC DC .. ..",
    ".. .. .. OK LA MS AL GA .. .. ..",
    "HI .. .. TX .. .. .. .. FL .. ..",
)
"""The states and DC, each a tile about where it lies."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar."""

    verdict: str
    at: float
    """Where it begins."""
    size: float


def stacked(counts: Mapping[str, int], largest: int, room: float) -> list[Piece]:
    """Return the pieces of a bar of verdicts, worst first, that takes `room` where they add up to `largest`."""
    pieces, at = [], 0.0
    for verdict in VERDICTS:
        if counts.get(verdict, 0):
            size = max(LEAST, room * counts[verdict] / largest)
            pieces.append(Piece(verdict, round(at, 1), round(size, 1)))
            at += size
    return pieces


@dataclass(frozen=True, slots=True)
class Column:
    """A week."""

    monday: date
    at: float
    counts: Mapping[str, Mapping[str, int]]
    """`then` and `now` -> verdict -> transfers."""
    pieces: Mapping[str, Sequence[Piece]]
    """`then` and `now` -> from the ground up."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weeks side by side, and the days of orders and agreements among them."""

    columns: Sequence[Column]
    wide: float
    """Of a column."""
    largest: int
    """Transfers in the week that has most."""
    months: Sequence[tuple[float, str]]
    marks: Sequence[tuple[str, float, Row]]
    """Letter, place, and the row of `orders_and_agreements`."""
    undated: int
    """Transfers without a time."""


def weeks(rows: Sequence[Row], days: Sequence[Row]) -> Weeks:
    """Return the picture of `by_week`, with the days of `orders_and_agreements` that lie in it."""
    counts, undated = of_weeks(rows)
    if not counts:
        return Weeks((), 0, 0, (), (), undated)
    first, last = min(counts), max(counts)
    wide = WIDE / ((last - first) // _WEEK + 1)
    largest = max(by["now"].total() for by in counts.values())

    def at(day: date) -> float:
        return round((day - first) / _WEEK * wide, 1)

    columns = [
        Column(week, at(week), by, {when: stacked(by[when], largest, HIGH) for when in by})
        for week, by in sorted(counts.items())
    ]
    inside = [day for day in days if first <= day["day"] < last + _WEEK]
    marks = [(_letter(place), at(day["day"]), day) for place, day in enumerate(inside)]
    return Weeks(columns, round(wide, 2), largest, _months(first, last, at), marks, undated)


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def _months(first: date, last: date, at: Callable[[date], float]) -> list[tuple[float, str]]:
    """Return names of months where they begin, no more than there is room for, each January with its year."""
    # Months since the year 0.
    begin, end = first.year * 12 + first.month, last.year * 12 + last.month
    step = next(step for step in (1, 3, 6, 12, 60, 120, 600, 1200, 120_000) if (end - begin) / step <= MOST_MONTHS)
    days = [date(month // 12, month % 12 + 1, 1) for month in range(begin, end) if month % step == 0]
    return [
        (at(day), f"{day:%b} {day.year}" if day.month == 1 or not place else f"{day:%b}")
        for place, day in enumerate(days)
    ]


@dataclass(frozen=True, slots=True)
class Tile:
    """A state on the map."""

    code: str
    row: Row | None
    """Of `by_state`; None where no transfer is about it and no order names it."""
    level: int
    """0 where nothing is barred now, to 4 where most is."""


def tiles(rows: Sequence[Row]) -> tuple[list[list[Tile | None]], list[Tile]]:
    """Return the map line by line, None where no state lies, and the tiles of what has no place on it."""
    by_code = {row["state"]: row for row in rows}
    most = max((row["enjoined"] for row in rows), default=0)

    def tile(code: str) -> Tile:
        row = by_code.get(code)
        return Tile(code, row, -(-4 * row["enjoined"] // most) if row and most else 0)

    lines = [line.split() for line in _MAP]
    placed = {code for line in lines for code in line}
    on = [[None if code == ".." else tile(code) for code in line] for line in lines]
    return on, [tile(row["state"]) for row in rows if row["state"] not in placed]
