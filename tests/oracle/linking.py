"""Which traces are of one transfer, by the words of the rules, with nothing of the engine's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, permutations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Trace", "linked"]

HOURS = 48
MOST = 16


@dataclass(frozen=True)
class Trace:
    """One trace, as far as linking looks at it."""

    key: int
    log: str
    began: datetime | None
    until: datetime | None = None
    link_key: str | None = None
    name: str = ""
    packing: str = ""
    size: int | None = None
    recipient: str | None = None
    day_only: bool = False
    failed: bool = False
    count: int | None = None
    account: str | None = None
    """Who fetched it from a server."""
    address: str | None = None


@dataclass(frozen=True)
class _File:
    """What the traces under one id, or one trace without an id, tell of a file in one log."""

    group: int
    log: str
    name: str
    packing: str
    size: int | None
    began: datetime
    ended: datetime
    recipient: str | None
    account: str | None
    address: str | None
    day_only: bool
    failed: bool


def linked(traces: list[Trace]) -> tuple[set[frozenset[int]], set[tuple[int, int]]]:
    """The sets of traces that are one transfer, and the pairs that fit and were not made one."""
    groups = _groups(traces)
    files = _files(traces, groups)
    fits = {(a, b) for a, b in permutations(files, 2) if _fit(a, b)}
    edges = {(a, b) for a, b in fits if not _is_crowded(a, b, fits) and not _is_crowded(b, a, fits)}
    strangers = _strangers(traces, groups, _near(edges))
    edges = {(a, b) for a, b in edges if (a.group in strangers) == (b.group in strangers)}
    near = _near(edges)
    made: dict[int, frozenset[int]] = {}
    for start in near:
        held = _reach(start, near)
        theirs = [trace for trace in traces if groups[trace.key] in held]
        if len(held) <= MOST and _one_end(theirs) and _agree([file for file in files if file.group in held]):
            made[start] = held
    joined = {made.get(group, frozenset({group})) for group in groups.values()}
    members = {frozenset(trace.key for trace in traces if groups[trace.key] in held) for held in joined}
    # Two that were made one by one of their files are no possible link by another.
    done = {(a.group, b.group) for a, b in edges if a.group in made}
    # What a stranger fetched is known to be another transfer.
    possible = {(a, b) for a, b in fits if (a.group in strangers) == (b.group in strangers)}
    unmade = {(a.group, b.group) for a, b in possible if a.group < b.group} - done
    return {held for held in members if len(held) > 1}, unmade


def _groups(traces: list[Trace]) -> dict[int, int]:
    first: dict[str, int] = {}
    for trace in sorted(traces, key=lambda trace: trace.key):
        if trace.link_key is not None:
            first.setdefault(trace.link_key, trace.key)
    return {trace.key: trace.key if trace.link_key is None else first[trace.link_key] for trace in traces}


def _files(traces: list[Trace], groups: dict[int, int]) -> list[_File]:
    told: dict[tuple[int, str, str, str], list[Trace]] = {}
    for trace in traces:
        if trace.name and trace.began is not None and trace.count in (None, 1):
            told.setdefault((groups[trace.key], trace.log, trace.name, trace.packing), []).append(trace)
    made = []
    for place, some in told.items():
        began = min(trace.began for trace in some if trace.began is not None)
        ended = max(trace.until or trace.began for trace in some if trace.began is not None)
        made.append(
            _File(
                *place,
                max((trace.size for trace in some if trace.size is not None), default=None),
                began,
                max(began, min(ended, began + timedelta(days=31))),
                _first(trace.recipient for trace in some),
                _first(trace.account for trace in some),
                _first(trace.address for trace in some),
                any(trace.day_only for trace in some),
                all(trace.failed for trace in some),
            )
        )
    return made


def _first(words: Iterable[str | None]) -> str | None:
    return min((word for word in words if word is not None), default=None)


def _fit(a: _File, b: _File) -> bool:
    near = timedelta(hours=HOURS + (24 if a.day_only or b.day_only else 0))
    return (
        a.group != b.group
        and a.name == b.name
        and a.log != b.log
        and a.failed == b.failed
        and (a.packing != b.packing or a.size is None or b.size is None or a.size == b.size)
        and all(
            None in pair or pair[0] == pair[1]
            for pair in ((a.recipient, b.recipient), (a.account, b.account), (a.address, b.address))
        )
        and a.began <= b.ended + near
        and b.began <= a.ended + near
    )


def _is_crowded(a: _File, b: _File, fits: set[tuple[_File, _File]]) -> bool:
    """Whether what is logged of a's file fits two in the log of b."""
    others = {y.group for x, y in fits if (x.group, x.name) == (a.group, a.name) and y.log == b.log}
    return len(others) > 1


def _near(edges: set[tuple[_File, _File]]) -> dict[int, set[int]]:
    near: dict[int, set[int]] = {}
    for a, b in edges:
        near.setdefault(a.group, set()).add(b.group)
    return near


def _strangers(traces: list[Trace], groups: dict[int, int], near: dict[int, set[int]]) -> set[int]:
    """Groups in which somebody unknown fetched what, within reach, somebody else fetched who is known."""
    fetched: dict[int, tuple[str | None, ...]] = {}
    for group in near:
        theirs = [trace for trace in traces if groups[trace.key] == group]
        known = max((trace.recipient for trace in theirs if trace.recipient is not None), default=None)
        ends = _first(trace.account for trace in theirs), _first(trace.address for trace in theirs)
        if any(ends):
            fetched[group] = (known, *ends)
    return {
        one
        for one, (recipient, *ends) in fetched.items()
        if recipient is None
        and any(
            other in fetched
            and fetched[other][0] is not None
            and any(a and b and a != b for a, b in zip(ends, fetched[other][1:], strict=True))
            for other in _reach(one, near)
        )
    }


def _reach(start: int, near: dict[int, set[int]]) -> frozenset[int]:
    seen, last = {start}, {start}
    while last:
        last = {other for group in last for other in near[group]} - seen
        seen |= last
    return frozenset(seen)


def _one_end(traces: list[Trace]) -> bool:
    """Whether no two of the traces, whatever they name, went to different ends."""
    ends = [(trace.recipient, trace.account, trace.address) for trace in traces]
    return all(len({end[place] for end in ends} - {None}) <= 1 for place in range(3))


def _agree(files: list[_File]) -> bool:
    for a, b in combinations(files, 2):
        if a.name != b.name:
            continue
        if a.log == b.log and a.group != b.group:
            return False
        if a.packing == b.packing and a.size is not None and b.size is not None and a.size != b.size:
            return False
    return True
