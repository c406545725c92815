"""What rules about gaps in the logs should find, read a second time in plain Python.

Loops over days, weeks and numbers, one after the other, where the engine counts votes and runs. The thresholds are
those the rules ship with. Like the rest of the oracle it shares no code with the package.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

COURT = ZoneInfo("America/New_York")
DAY, WEEK = timedelta(days=1), timedelta(days=7)


class Entry(NamedTuple):
    """One record of a log."""

    path: str
    number: int
    """In its file, from 1."""
    when: datetime | date | None
    """An instant in UTC, a bare day, or nothing."""
    transfer_id: str


def day_of(when: datetime | date) -> date:
    """Return the calendar day at the court."""
    return when.replace(tzinfo=UTC).astimezone(COURT).date() if isinstance(when, datetime) else when


def stream(path: str) -> str:
    """Return the name of the log that a file belongs to; made-up paths of words, digits and `-` only."""
    name = path.removesuffix(".gz")
    return re.sub(r"#(-#)+", "#", re.sub(r"\d+", "#", name))


def spoken(entries: Iterable[Entry]) -> dict[str, set[date]]:
    """Return the days on which each log has a record."""
    days: dict[str, set[date]] = defaultdict(set)
    for entry in entries:
        if entry.when is not None:
            days[stream(entry.path)].add(day_of(entry.when))
    return days


def silences(times: set[date], step: timedelta, skipped: Iterable[date] = ()) -> list[date]:
    """Return the times, a `step` apart at their closest, at which a log should have spoken and did not."""
    last, at, before = max(times), min(times), False
    expected = fallen = 0
    found = []
    while at < last:
        if sum(at - n * WEEK in times for n in (1, 2, 3, 4)) >= 3 and at not in skipped:
            expected += 1
            if at not in times:
                found.append(at)
                fallen += not before
            before = at not in times
        at += step
    return found if fallen <= max(1, 0.05 * expected) else []


def silent_days(entries: Iterable[Entry]) -> set[str]:
    """Return the subjects of `silent_day`."""
    found = set()
    for name, days in spoken(entries).items():
        weeks = {monday(day) for day in days}
        span = (min(days) + n * DAY for n in range((max(days) - min(days)).days))
        skipped = {day for day in span if monday(day) not in weeks}
        found |= {f"{name} {day}" for day in silences(days, DAY, skipped)}
    return found


def silent_weeks(entries: Iterable[Entry]) -> set[str]:
    """Return the subjects of `silent_week`."""
    return {
        f"{name} week of {week}"
        for name, days in spoken(entries).items()
        for week in silences({monday(day) for day in days}, WEEK)
    }


def monday(day: date) -> date:
    """Return the first day of its week."""
    return day - day.weekday() * DAY


def stopped(entries: Iterable[Entry]) -> set[str]:
    """Return the subjects of `source_stopped`, where no year is mistyped."""
    logs = spoken(entries)
    newest = max((max(days) for days in logs.values()), default=None)
    found = set()
    for name, days in logs.items():
        pauses = sorted((later - earlier).days for earlier, later in pairwise(sorted(days)))
        if len(days) < 5 or newest is None:
            continue
        # The smallest pause that at least 95 of 100 do not exceed.
        usual = next(pause for n, pause in enumerate(pauses, start=1) if 100 * n >= 95 * len(pauses))
        if (newest - max(days)).days > 3 * usual:
            found.add(f"{name} after {max(days)}")
    return found


def missing_numbers(entries: Iterable[Entry]) -> Counter[str]:
    """Return how many numbers are missing, by prefix."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if match := re.fullmatch(r"(.*?)(\d{1,15})", entry.transfer_id):
            numbers[match[1]].add(int(match[2]))
    missing: Counter[str] = Counter()
    for prefix, there in numbers.items():
        if len(there) >= 100 and 2 * len(there) >= max(there) - min(there) + 1:
            missing[prefix] = max(there) - min(there) + 1 - len(there)
    return +missing


def backward(entries: Iterable[Entry]) -> dict[str, tuple[int, int]]:
    """Return, by file, how many steps go back by more than an hour, and the number of the record after the widest."""
    found: dict[str, tuple[int, int]] = {}
    files: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.when is not None:
            files[entry.path].append(entry)
    for path, timed in files.items():
        steps = [
            (back(earlier.when, later.when), -later.number)
            for earlier, later in pairwise(sorted(timed, key=lambda entry: entry.number))
        ]
        far = [step for step in steps if step[0] > 3600]
        if far:
            found[path] = len(far), -max(far)[1]
    return found


def back(earlier: datetime | date | None, later: datetime | date | None) -> float:
    """Return by how many seconds time goes back; none between an instant and a bare day."""
    if isinstance(earlier, datetime) and isinstance(later, datetime):
        return (earlier - later).total_seconds()
    if isinstance(earlier, datetime) or isinstance(later, datetime) or earlier is None or later is None:
        return 0
    return (earlier - later).total_seconds()
