"""Arguments of the public functions, checked: what is wrong with one is said before anything is read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from typing import TypeAlias

from auditscan.errors import UsageError
from auditscan.ingest import Reads
from auditscan.library import Library
from auditscan.policy import Overlay, Policy
from auditscan.scanning.judged import Setup
from auditscan.scanning.scan import SINCE
from auditscan.session.locked import Limits
from auditscan.settings import config

FilePath: TypeAlias = str | PathLike[str]
PolicyLike: TypeAlias = Policy | Overlay | FilePath | Iterable[Overlay | FilePath]


def setup(
    logs: tuple[Path, ...],
    database: Path | None,
    policy: PolicyLike,
    queries: FilePath | Iterable[FilePath],
    as_of: date | str | None,
    since: date | str | None,
    zone: str,
    threads: int | None,
    reads: Reads,
) -> Setup:
    """Return what the arguments of a call amount to, with policy and queries loaded."""
    laid = _policy(policy)
    return Setup(
        paths=logs,
        database=database,
        policy=laid,
        library=Library.shipped(paths("queries", queries)),
        as_of=_day("as_of", as_of) or laid.today(),
        since=_day("since", since) or SINCE,
        zone=_checked("zone", "source-zone", zone),
        threads=_threads(threads),
        reads=reads,
    )


def reads(
    log_format: str | None,
    mapping: FilePath | None,
    held_by: str | None,
    link: bool,
    exclude: str | Iterable[str],
    *,
    trust: bool,
) -> Reads:
    """Return what the arguments of a call say of the logs."""
    if not isinstance(link, bool):
        raise UsageError(f"{link!r} is neither true nor false", where="link", hint="leave it out for true")
    if not isinstance(trust, bool):
        raise UsageError(f"{trust!r} is neither true nor false", where="trust", hint="leave it out for false")
    return Reads(
        log_format=None if log_format is None else _checked("log_format", "log-format", log_format),
        held_by=None if held_by is None else _checked("held_by", "held-by", held_by),
        mapping=None if mapping is None else paths("mapping", mapping)[0],
        link=link,
        exclude=_patterns(exclude),
        trust=trust,
    )


def _patterns(given: object) -> tuple[str, ...]:
    found = (given,) if isinstance(given, str) else tuple(given) if isinstance(given, Iterable) else (given,)
    for one in found:
        if not isinstance(one, str) or not one:
            raise UsageError(f"{one!r} is no pattern", where="exclude", hint="give a text such as 06_Documents/*")
    return found


def limits(memory: str, timeout: float, threads: int | None) -> Limits:
    """Return what a statement may take."""
    if not _is_seconds(timeout):
        raise UsageError(f"{timeout!r} is no time", where="timeout", hint="give it in seconds; 0 is no limit")
    return Limits(_checked("memory", "memory", memory), float(timeout), _threads(threads))


def paths(name: str, given: object) -> tuple[Path, ...]:
    """Return the path, or each of the paths, that an argument names."""
    if isinstance(given, str | bytes | PathLike) or not isinstance(given, Iterable):
        given = [given]
    return tuple(_path(name, one) for one in given)


def whole(name: str, given: object, what: str, least: int, most: int | None = None) -> int:
    """Return a whole number within bounds; True and 5.0 are none."""
    if isinstance(given, int) and not isinstance(given, bool) and least <= given <= (given if most is None else most):
        return given
    bounds = f"from {least}" + ("" if most is None else f" to {most}")
    raise UsageError(f"{given!r} is no number of {what}", where=name, hint=f"give a whole number {bounds}")


def _path(name: str, given: object) -> Path:
    if isinstance(given, str | PathLike) and str(given) and "\0" not in str(given):
        return Path(given)
    raise UsageError(f"{given!r} is no file or folder", where=name, hint="give a text or a Path")


def _policy(given: object) -> Policy:
    if isinstance(given, Policy):
        return given
    if isinstance(given, str | PathLike | Overlay) or not isinstance(given, Iterable):
        given = [given]
    return Policy.load(*(one if isinstance(one, str | Overlay) else _path("policy", one) for one in given))


def _day(name: str, given: object) -> date | None:
    # In which zone the day of a moment is meant, nobody said.
    if given is None or (isinstance(given, date) and not isinstance(given, datetime)):
        return given
    try:
        day = date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        day = None
    # `fromisoformat` takes 20250601 as well, which a reader would not know for a day.
    if day is None or day.isoformat() != given:
        raise UsageError(f"{given!r} is no day", where=name, hint="give a date, or a text like 2025-10-01")
    return day


def _checked(name: str, setting: str, given: object) -> str:
    """Return the value of an argument that is a setting too, by that setting's own check."""
    try:
        if isinstance(given, str):
            return config.setting(setting).check(given)
        why = "it is no text"
    except ValueError as error:
        why = str(error)
    raise UsageError(f"{given!r} cannot be used", where=name, why=why, hint="leave it out for the default")


def _threads(given: object) -> int | None:
    return None if given is None else whole("threads", given, "cores", 1, config.setting("threads").high)


def _is_seconds(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given < math.inf
