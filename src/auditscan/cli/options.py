"""Options that several commands share, and what they amount to: policy, queries, days, database.

Each can be set by an environment variable too, so that a schedule or a container is set up in one place.
What the command line says wins.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.errors import NoInputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditscan.cli.streams import Bar
    from auditscan.library import Library
    from auditscan.policy import Policy
    from auditscan.scan import ScanResult
    from auditscan.store import Store

__all__ = [
    "AsOf",
    "Database",
    "Paths",
    "Policies",
    "Queries",
    "Setup",
    "Since",
    "Threads",
    "Width",
    "Zone",
    "cells",
    "judged",
    "read_day",
    "scanned",
    "set_up",
]


def read_day(text: str | date) -> date:
    """Read a day written as 2025-06-01; raises typer.BadParameter for any other text."""
    if isinstance(text, date):
        return text
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # `fromisoformat` takes 20250601 and 2025-W22-7 as well, which a reader would not know for days.
    if day is None or day.isoformat() != text:
        raise typer.BadParameter(f"{text!r} is no day: write it as 2025-06-01")
    return day


Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH", help="Log files, or folders of them.", show_default=False),
]
Database = Annotated[
    Path | None,
    typer.Option(
        "--db",
        metavar="FILE",
        envvar="AUDITSCAN_DB",
        help="Keep records and verdicts in this DuckDB file; what it holds is not read again.",
    ),
]
Policies = Annotated[
    list[Path] | None,
    typer.Option(
        "--policy",
        metavar="FOLDER",
        envvar="AUDITSCAN_POLICY",
        help="Lay these policy tables over the ones that ship. May be repeated.",
    ),
]
Queries = Annotated[
    list[Path] | None,
    typer.Option(
        "--queries",
        metavar="FOLDER",
        envvar="AUDITSCAN_QUERIES",
        help="Also run the rules of this folder. May be repeated.",
    ),
]
AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        parser=read_day,
        envvar="AUDITSCAN_AS_OF",
        help="The day of `now`: which order is in force.  [default: today]",
    ),
]
Since = Annotated[
    date | None,
    typer.Option(
        "--since",
        metavar="DATE",
        parser=read_day,
        envvar="AUDITSCAN_SINCE",
        help="Transfers before this day are out of scope.  [default: 2025-06-01]",
    ),
]
Zone = Annotated[
    str,
    typer.Option(
        "--source-zone",
        metavar="ZONE",
        envvar="AUDITSCAN_SOURCE_ZONE",
        help="The clock of times that name none, as America/New_York.",
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads",
        metavar="N",
        min=1,
        max=256,
        envvar="AUDITSCAN_THREADS",
        help="Work on this many cores.  [default: all]",
        show_default=False,
    ),
]

Width = Annotated[
    int | None,
    typer.Option(
        "--width",
        metavar="N",
        min=60,
        max=1000,
        help="Cells a line.  [default: those of the terminal, $COLUMNS or 80]",
        show_default=False,
    ),
]

PIPED_WIDTH = 80
"""Cells a line where neither a terminal nor COLUMNS says how many."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a command works with, checked."""

    paths: tuple[Path, ...]
    database: Path | None
    policy: Policy
    library: Library
    as_of: date
    since: date
    zone: str
    threads: int | None


def set_up(
    paths: Sequence[Path] | None,
    database: Path | None,
    policies: Sequence[Path] | None,
    queries: Sequence[Path] | None,
    as_of: date | None,
    since: date | None,
    zone: str,
    threads: int | None,
) -> Setup:
    """Return the options of one command line, with policy and queries loaded.

    Raises UsageError, PolicyError or LibraryError for what cannot be used, and NoInputError where there is
    neither a path nor a database that exists.
    """
    from auditscan.library import Library
    from auditscan.policy import load
    from auditscan.policy.zones import zone_exists
    from auditscan.scan import SINCE

    if not paths:
        if database is None:
            raise UsageError("there is nothing to look at", hint="name log files or folders, or a database with --db")
        if not database.exists():
            raise NoInputError(
                "there is no such database",
                where=str(database),
                hint="name log files too, and it will be made",
            )
    if not zone_exists(zone):
        raise UsageError(
            f"no time zone is named {zone!r}",
            where="--source-zone",
            hint="write it as in America/New_York, or UTC",
        )
    policy = load(policies or ())
    return Setup(
        paths=tuple(paths or ()),
        database=database,
        policy=policy,
        library=Library.shipped(queries or ()),
        as_of=as_of or _today(policy),
        since=since or SINCE,
        zone=zone,
        threads=threads,
    )


def _today(policy: Policy) -> date:
    """Return the calendar day at the court: the clock by which orders begin and end."""
    from zoneinfo import ZoneInfo

    zone, *_ = policy.tables["policy_settings"][0]
    return datetime.now(ZoneInfo(str(zone))).date()


def cells(width: int | None) -> int:
    """Return the cells a line: as asked for, else the terminal's, else the same in every pipe."""
    if width is not None:
        return width
    if sys.stdout.isatty():
        return max(60, shutil.get_terminal_size((PIPED_WIDTH, 24)).columns)
    columns = os.environ.get("COLUMNS", "")
    return max(60, int(columns)) if columns.isdecimal() and len(columns) < 5 else PIPED_WIDTH


@contextmanager
def judged(setup: Setup) -> Iterator[tuple[Store, ScanResult | None]]:
    """Yield the judged database of a command that only shows: what was kept with --db stays as it is.

    A kept database that was judged just as the setup asks is read in place; else a copy is judged again.
    """
    from auditscan.store import open_store

    if setup.database is None or not setup.database.exists():
        with scanned(replace(setup, database=None)) as found:
            yield found
        return
    if not setup.paths:
        with open_store(setup.database, setup.library, threads=setup.threads, read_only=True) as store:
            if _is_current(store, setup):
                yield store, None
                return
    with tempfile.TemporaryDirectory(prefix=".auditscan-") as folder:
        copy = Path(folder) / "copy.duckdb"
        shutil.copyfile(setup.database, copy)
        with scanned(replace(setup, database=copy)) as found:
            yield found


def _is_current(store: Store, setup: Setup) -> bool:
    """Whether the database was judged just as the command asks."""
    from auditscan.version import __version__

    found = store.rows("select as_of, since, policy_sha256, queries_sha256, auditscan_version from settings")
    return found == [(setup.as_of, setup.since, setup.policy.sha256, setup.library.judging_sha256, __version__)]


class _Progress:
    """Counts bytes on a bar, and says when the reading is over: judging takes its time too."""

    def __init__(self, bar: Bar, total: int) -> None:
        self._bar = bar
        self._left = total

    def advance(self, count: int) -> None:
        self._bar.advance(count)
        self._left -= count
        if self._left <= 0:
            self._bar.say("judging")


@contextmanager
def scanned(setup: Setup) -> Iterator[tuple[Store, ScanResult]]:
    """Read and judge what the setup names; yield the judged database and what the scan did.

    The database file takes its new content when the block ends well, and stays as it was otherwise.
    """
    from auditscan.cli import streams
    from auditscan.files import find_files
    from auditscan.scan import scan
    from auditscan.store import open_store

    total = sum(
        entry.path.stat().st_size
        for entry in (find_files(setup.paths) if setup.paths else ())
        if not entry.skip and entry.path.exists()
    )
    with open_store(setup.database, setup.library, threads=setup.threads) as store:
        with streams.progress("reading", total=total or None) as bar:
            result = scan(
                store,
                setup.paths,
                setup.policy,
                setup.as_of,
                since=setup.since,
                zone=setup.zone,
                advance=_Progress(bar, total).advance,
            )
        yield store, result
