"""The clock of the machine that scans, held against the scans before: nights that are missed, and a clock set back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from auditscan.store import Store

LATE = 1.5
"""A scan is missed when the one before is this many times older than the schedule has it."""

STEP_BACK = timedelta(minutes=10)
"""How far a clock may go back without a word: it is set right by seconds, now and then by minutes."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock says of a scan that begins."""

    missed: int
    """Scans that the schedule wanted before it."""
    problems: tuple[str, ...]
    """A sentence for each thing that is wrong: nights that were missed, a clock that was set back."""


def look_at_clock(store: Store, now: datetime, every: int) -> Clock:
    """Hold the time at which a scan begins, in UTC without a zone, against the scans before; none is written down yet.

    `every` is how many hours the schedule has from one scan to the next.
    """
    rows = store.rows(
        "select scan_id, started_at, coalesce(finished_at, started_at) from scans order by scan_id desc limit 1"
    )
    if not rows:
        return Clock(0, ())
    last, _, ended = rows[0]
    problems = []
    if now < ended - STEP_BACK:
        problems.append(
            f"the clock of this machine went back: this scan began on {_said(now)} UTC, and scan {last:,} before it "
            f"ended on {_said(ended)} UTC; which of them is right nobody can tell here, and `now` is judged by the day "
            "of this scan: set the clock right and scan again"
        )
    missed, since = _missed(store, now, every, last)
    if missed:
        nights = "1 scan was" if missed == 1 else f"{missed} scans were"
        problems.append(f"{nights} missed: the last one began on {since} UTC; this one made up for it")
    return Clock(missed, tuple(problems))


def _missed(store: Store, now: datetime, every: int, last: int) -> tuple[int, str]:
    """How many scans are missing since the last one that this clock has behind it, and when that began.

    Those that began at a time to come, by a clock that was wrong then, ran all the same.
    """
    rows = store.rows(
        "select scan_id, started_at from scans where started_at <= $1 order by started_at desc, scan_id desc limit 1",
        [now],
    )
    if not rows:
        return 0, ""
    scan_id, started = rows[0]
    hours = (now - started).total_seconds() / 3600
    if hours <= every * LATE:
        return 0, ""
    return max(0, max(1, round(hours / every) - 1) - (last - scan_id)), _said(started)


def _said(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
