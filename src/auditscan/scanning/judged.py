"""The judged database that a question is put to: logs just read, or what was kept, judged as the caller wishes.

Command line and Python library both come through here, so that they judge alike and leave the same things
untouched.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditscan.disk.dbfile import copy_database, files_of
from auditscan.disk.private import private_folder
from auditscan.errors import UsageError
from auditscan.ingest import NOTHING_SAID
from auditscan.readers.files import true_place
from auditscan.scanning.bar import UNSEEN, Bar
from auditscan.scanning.judging import is_linked
from auditscan.scanning.rules import judge_day
from auditscan.scanning.scan import find_logs, is_little, scan_files
from auditscan.scanning.template import see_to_template
from auditscan.store import is_ledger, open_store
from auditscan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from auditscan.ingest import Reads
    from auditscan.library import Library
    from auditscan.policy import Policy
    from auditscan.scanning.scan import ScanResult
    from auditscan.store import Store

Progress = Callable[[int], AbstractContextManager[Bar]]
"""Told how many bytes there are to read, gives what is told how far that is."""


def _unseen(_: int) -> AbstractContextManager[Bar]:
    return nullcontext(UNSEEN)


@dataclass(frozen=True, slots=True)
class Setup:
    """What is asked about, and how it is to be judged, checked."""

    paths: tuple[Path, ...]
    database: Path | None
    policy: Policy
    library: Library
    as_of: date
    since: date
    zone: str
    threads: int | None
    reads: Reads = NOTHING_SAID
    parts: tuple[Path, ...] = ()
    """Databases of other scans that are taken over."""


def keep_apart(setup: Setup, written: Mapping[str, Path | None]) -> None:
    """Refuse to write among the logs, or an answer over the database; `written` is option or argument -> file.

    A log would be overwritten, or answers read as a log next time. Raises UsageError.
    """
    for option, target in written.items():
        if target is None:
            continue
        file = true_place(target)
        for path in setup.paths:
            log = true_place(path)
            if file == log or file.is_relative_to(log):
                raise UsageError(
                    f"{target} lies among the logs that are to be read",
                    where=option,
                    hint="write it somewhere else: logs are never written to",
                )
        if option.lstrip("-") != "db" and setup.database is not None and file == true_place(setup.database):
            raise UsageError(f"{target} is the database itself", where=option, hint="write it somewhere else")


@contextmanager
def judged(setup: Setup, progress: Progress = _unseen) -> Iterator[tuple[Store, ScanResult | None]]:
    """Yield the judged database of a command that only shows: what was kept stays as it is.

    A kept database that was judged just as the setup asks, or for another day, is read in place; else a copy is
    judged again.
    """
    if setup.database is None or not setup.database.exists():
        with _scanned(replace(setup, database=None), progress) as found:
            yield found
        return
    if not setup.paths:
        with open_store(setup.database, setup.library, threads=setup.threads, read_only=True) as store:
            if _is_current(store, setup) or _judged_for_day(store, setup):
                yield store, None
                return
    with _scanned(setup, progress, publish=False) as found:
        yield found


@contextmanager
def judged_file(setup: Setup, progress: Progress = _unseen) -> Iterator[tuple[Path, ScanResult | None]]:
    """Yield the file of a judged database that nobody has open, for a session to read.

    It is the kept one where that was judged just as the setup asks, else one in a private folder that goes
    when the block ends, however it ends.
    """
    kept = setup.database if setup.database is not None and setup.database.exists() else None
    if kept is not None and not setup.paths:
        with open_store(kept, setup.library, threads=setup.threads, read_only=True) as store:
            current = _is_current(store, setup)
        if current:
            yield kept, None
            return
    with _temporary() as folder:
        file = folder / "judged.duckdb"
        if kept is not None:
            copy_database(kept, file)
        with _scanned(replace(setup, database=file), progress) as (_, result):
            pass
        file.chmod(0o400)
        yield file, result


@contextmanager
def _temporary() -> Iterator[Path]:
    """Yield a private folder; raises StoreError where there can be none."""
    with ExitStack() as stack:
        with files_of(None):
            folder = stack.enter_context(private_folder())
        yield folder


def _is_current(store: Store, setup: Setup) -> bool:
    """Whether the database was judged just as the setup asks."""
    return _is_by(store, setup) and store.one("select as_of from settings") == setup.as_of


def _is_by(store: Store, setup: Setup) -> bool:
    """Whether the database was judged as the setup asks, for whatever day."""
    if is_linked(store) is not setup.reads.link:
        return False
    found = store.rows("select since, policy_sha256, queries_sha256, auditscan_version from settings")
    return found == [(setup.since, setup.policy.sha256, setup.library.judging_sha256, __version__)]


def _judged_for_day(store: Store, setup: Setup) -> bool:
    """Judge for the day of the setup, in tables of this session that stand before those of the same names.

    Returns False where that does not do, and the database has to be copied.
    """
    if not _is_by(store, setup):
        return False
    store.rows(
        "create temp table settings as select * replace ($1::date as as_of, $2::varchar as regime_now) "
        "from auditscan.settings",
        [setup.as_of, setup.policy.regime_on(setup.as_of)],
    )
    return judge_day(store)


@contextmanager
def scanned(setup: Setup, progress: Progress = _unseen) -> Iterator[tuple[Store, ScanResult]]:
    """Read and judge what the setup names; yield the judged database and what the scan did.

    The database file takes its new content when the block ends well, and stays as it was otherwise. Raises
    UsageError where it is a ledger, which only its nightly scans may write: use `judged` to look at one.
    """
    with _scanned(setup, progress, refuse_ledger=True) as found:
        yield found


@contextmanager
def _scanned(
    setup: Setup, progress: Progress, *, publish: bool = True, refuse_ledger: bool = False
) -> Iterator[tuple[Store, ScanResult]]:
    """As `scanned`, on a ledger too; without `publish` the database stays as it is."""
    files = find_logs(setup.paths, setup.library, setup.reads)
    if setup.database is None or not setup.database.exists():
        see_to_template(setup.library)
    little = is_little(files) and not setup.parts
    with open_store(setup.database, setup.library, threads=setup.threads, publish=publish, little=little) as store:
        if refuse_ledger and is_ledger(store):
            raise UsageError(
                "this is a ledger: only its nightly scans write to it",
                where=str(setup.database),
                hint="scan into another database; `report`, `query` and `sql` read a ledger as it is",
            )
        with progress(sum(entry.size for entry in files)) as bar:
            result = scan_files(
                store,
                files,
                setup.policy,
                setup.as_of,
                since=setup.since,
                zone=setup.zone,
                reads=setup.reads,
                parts=setup.parts,
                bar=bar,
            )
        yield store, result
