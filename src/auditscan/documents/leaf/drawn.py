"""The traces of one transfer as a picture: a line a record, by the time that its log tells, tied to what counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from auditscan.render.style import shortened
from auditscan.render.traces import HOW, TRACES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditscan.questions.explanation import Explanation

_Moments = tuple[datetime | None, datetime | None]

KINDS = {"counted": "the record that it is counted as", **HOW}
"""Kind of a mark -> what it means."""

MOST_LABEL = 40
"""Characters of a label: whole it stands below, where all traces are told."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A record that tells of the transfer."""

    kind: str
    """Of `KINDS`."""
    log: str
    """Its format, where it is another than our own."""
    place: str
    when: str
    """As its log tells it."""
    at: float | None = None
    """Where it lies between the first moment (0) and the last (1). None: its log tells no time."""
    until: float | None = None
    """Where it ends, if its log tells that it took a while."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture of the traces of one transfer."""

    title: str
    said: str
    """The picture in words, for who does not see it."""
    marks: Sequence[Mark]

    @property
    def kinds(self) -> dict[str, str]:
        """The kinds of its marks, and what each means."""
        return {kind: said for kind, said in KINDS.items() if any(mark.kind == kind for mark in self.marks)}


def drawn(explanation: Explanation) -> Drawn | None:
    """Return the picture of a transfer of which several records tell; None where one alone does."""
    found = list(_marks(explanation))
    if len(found) < 2:
        return None
    moments = [moment for _, both in found for moment in both if moment]
    first, last = (min(moments), max(moments)) if moments else (None, None)

    def at(moment: datetime | None) -> float | None:
        if moment is None or first is None or last is None:
            return None
        return (moment - first) / (last - first) if last > first else 0.5

    marks = [replace(mark, at=at(begin), until=at(end)) for mark, (begin, end) in found]
    said = "; ".join(f"{mark.log} {mark.place}: {mark.when}, {KINDS[mark.kind]}".strip() for mark in marks)
    left = len(explanation.traces) - TRACES
    some = f"{len(marks)} of the {len(marks) + left:,}" if left > 0 else f"The {len(marks)}"
    return Drawn(f"{some} records that tell of it, by the time that each log tells", said, marks)


def _marks(explanation: Explanation) -> Iterator[tuple[Mark, _Moments]]:
    """The marks, and from when to when each lies, as far as its log tells."""
    record = explanation.record
    # What stands in a log of our own form leaves no trace of its own.
    if not any(trace.is_counted for trace in explanation.traces):
        yield _mark("counted", "", record["source_file"], record["place"], record["occurred_at"])
    for trace in explanation.traces[:TRACES]:
        kind, file = "counted" if trace.is_counted else trace.how or "repeat", trace.source_file
        yield _mark(kind, trace.log, file, trace.place, trace.occurred_at, trace.occurred_until)


def _mark(
    kind: str, log: str, file: str, place: str, begin: str | None, end: str | None = None
) -> tuple[Mark, _Moments]:
    when = f"{begin or 'no time'}{f' until {shortened(end, 40)}' if end else ''}"
    mark = Mark(kind, log, shortened(f"{file.rpartition('/')[2]}, {place}", MOST_LABEL), when)
    first = _moment(begin or "")
    # A day is all that some logs tell; the last that there is has no end.
    if begin and first and len(begin) == len("2026-01-06") and first.date() < date.max:
        return mark, (first, first + timedelta(days=1))
    return mark, (first, _moment(end or ""))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(re.sub(r" (?=[+-]\d{4}$)", "", text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
