"""One nightly scan: what is new goes into the ledger, is judged, and is held against the scan before.

Everything happens on a private copy of the database, which takes the place of the old one when all of it is done,
receipt included. Whoever has the old one open keeps it; whoever stops the scan, at any moment, stops nothing but the
scan. A lock lets one scan at a time near a ledger.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from auditscan.errors import IncompleteError, NoInputError, StoreError, UsageError
from auditscan.ingest import log_teller
from auditscan.ledger import suppression_file, suppressions
from auditscan.ledger.amount import Amount, last_scan
from auditscan.ledger.clock import look_at_clock
from auditscan.ledger.judging import Judging
from auditscan.ledger.receipts import receipt
from auditscan.ledger.receipts.untouched import hold, refuse_receipts_alone
from auditscan.ledger.seen import Seen
from auditscan.ledger.setup import LOCK
from auditscan.readers.files import is_there, list_files, true_place
from auditscan.scanning import sources
from auditscan.scanning.apart import BrokenFiles, TooLittleMemory
from auditscan.scanning.bar import UNSEEN
from auditscan.scanning.scan import is_little
from auditscan.store import KEYS_A_SOURCE, LARGE_MEMORY, NIGHT_MEMORY, open_store
from auditscan.store.comments import write_comments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from auditscan.ledger.night import Night
    from auditscan.ledger.setup import NightlySetup
    from auditscan.readers.files import Found
    from auditscan.scanning.bar import Bar
    from auditscan.store import Store


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the ledger: one scan at a time.

    Raises IncompleteError where another scan holds it, and StoreError where nothing can be written there.
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK, blocking=False, mode=0o600)
        lock.acquire()
    except Timeout as error:
        raise IncompleteError(
            "another nightly scan is at work on this ledger",
            where=str(folder),
            hint="let it finish; what it does not see, the next scan does",
        ) from error
    except OSError as error:
        raise StoreError("nothing can be written into the ledger", where=str(folder), why=error.strerror) from error
    try:
        yield
    finally:
        lock.release()


def scan_night(
    setup: NightlySetup,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    bar: Bar = UNSEEN,
    before_publishing: Callable[[Night], None] = lambda _: None,
    publish: bool = True,
) -> Night:
    """Run one nightly scan on a ledger that the caller holds, and return what it did.

    `before_publishing` is told of the night when all is done but the last rename; without `publish` there is no
    rename, and the ledger stays as it was. Raises NoInputError where there
    has never been anything to read, UsageError where logs and ledger lie in each other or the database is no ledger,
    ChangedError where the ledger is not as the last scan left it, StoreError where the database cannot be read or
    written: the ledger then stays as it was.
    """
    started = clock()
    entries, problems = _logs(setup)
    asked = () if setup.suppressions is None else suppression_file.load(setup.suppressions, setup.library, setup.as_of)
    is_new = not setup.database.exists()
    if is_new:
        refuse_receipts_alone(setup.ledger)
    if is_new and not any(not entry.skip for entry in entries):
        raise NoInputError(
            "there is no log to read",
            where=", ".join(str(path) for path in setup.logs),
            why="; ".join(problems) or None,
            hint="name the folder that the logs are written to",
        )
    memory = NIGHT_MEMORY
    while True:
        # Whatever ends one of these, nothing of it was published.
        try:
            with open_store(
                setup.database,
                setup.library,
                threads=setup.threads,
                publish=publish,
                compact=True,
                little=is_little(entries),
            ) as store:
                not_held = [] if is_new else hold(store, setup.ledger, _last_of(store, setup))
                run = _Run(store, setup, started, [*problems, *not_held], memory)
                with _more_if_needed(memory):
                    night = run.scan(entries, asked, bar, clock)
                before_publishing(night)
        except TooLittleMemory:
            memory = LARGE_MEMORY
        except BrokenFiles as broken:
            setup = replace(setup, reads=replace(setup.reads, refused=(*setup.reads.refused, *broken.files.items())))
        else:
            return night


def _logs(setup: NightlySetup) -> tuple[list[Found], list[str]]:
    """The files to look at, and a sentence for each place that is not there."""
    ledger = true_place(setup.ledger)
    for path in setup.logs:
        log = true_place(path)
        if ledger == log or log.is_relative_to(ledger) or ledger.is_relative_to(log):
            raise UsageError(
                "the ledger and the logs lie in each other",
                where=str(path),
                hint="keep the ledger in a folder of its own: logs are never written to",
            )
    there = [path for path in setup.logs if is_there(path)]
    missing = [f"{path.absolute()} is not there: nothing of it was read" for path in setup.logs if path not in there]
    return list_files(there, setup.reads.exclude, log_teller(setup.library, setup.reads)), missing


@contextmanager
def _more_if_needed(memory: str) -> Iterator[None]:
    """Raise TooLittleMemory where the block needs more than that, unless there is no more."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        if memory == LARGE_MEMORY:
            raise
        raise TooLittleMemory from error


def _last_of(store: Store, setup: NightlySetup) -> int:
    """The number of the last scan of a ledger."""
    last = last_scan(store)
    if last is None:
        raise UsageError(
            "this database is no ledger",
            where=str(setup.database),
            hint="name another folder: a ledger is made by its first nightly scan",
        )
    return last.scan_id


def _naive(moment: datetime) -> datetime:
    """A time in UTC as the database has it."""
    return moment.astimezone(UTC).replace(tzinfo=None)


class _Run:
    """One scan, from the files to the night that it amounts to."""

    def __init__(
        self, store: Store, setup: NightlySetup, started: datetime, problems: Sequence[str], memory: str
    ) -> None:
        self._store = store
        self._memory = memory
        self._setup = setup
        self._started = started
        self._problems = list(problems)
        self._last = last_scan(store)
        self._scan_id = 1 if self._last is None else self._last.scan_id + 1

    def scan(
        self,
        entries: Sequence[Found],
        asked: Sequence[suppression_file.Suppression],
        bar: Bar,
        clock: Callable[[], datetime],
    ) -> Night:
        store, setup = self._store, self._setup
        store.limit_memory(self._memory)
        judging = Judging(store, setup, self._scan_id)
        self._problems += judging.problems
        store.run("begin")
        store.run("remember_quarantine")
        first_source = sources.next_id(store)
        of_clock = self._begin(judging.why_all, first_source)
        seen = Seen(
            store,
            self._scan_id,
            _naive(self._started),
            rehash_days=setup.rehash_days,
            zone=setup.zone,
            reads=setup.reads,
            bar=bar,
        )
        seen.take(entries)
        bar.say("judging")
        changes = seen.finish()
        judging.judge(first_source * KEYS_A_SOURCE, added=seen.reading.added, last=self._memory == LARGE_MEMORY)
        store.expect_questions()
        suppressed = suppressions.apply(store, asked, self._scan_id, setup.as_of)
        night = Amount(
            store,
            setup,
            self._scan_id,
            self._last,
            seen,
            changes,
            first_source,
            [*self._problems, *of_clock],
            suppressed,
            self._started,
        ).night(clock())
        store.connection.execute(
            "update scans set finished_at = $1, complete = $2, incomplete_because = $3, exit_code = $4 "
            "where scan_id = $5",
            [
                _naive(night.finished_at),
                night.complete,
                list(night.incomplete_because),
                int(night.exit_code),
                self._scan_id,
            ],
        )
        write_comments(store)
        sha256 = receipt.write(
            store,
            scan_id=self._scan_id,
            policy=setup.policy,
            configuration=setup.configuration,
            counts=night.counts(),
            started_at=self._started,
            finished_at=night.finished_at,
            suppressions=setup.suppressions,
            answers_from=None if judging.why_all is not None else first_source * KEYS_A_SOURCE,
        )
        return replace(night, receipt_sha256=sha256)

    def _begin(self, why_all: str | None, first_source: int) -> tuple[str, ...]:
        """Write the scan down; return a sentence for each thing that its clock says is wrong."""
        clock = look_at_clock(self._store, _naive(self._started), self._setup.every)
        self._store.connection.execute(
            "insert into scans select $1, $2, null, as_of, regime_now, policy_sha256, queries_sha256, "
            "auditscan_version, version(), $3, $4, $5, null, null, null from settings",
            [self._scan_id, _naive(self._started), why_all, first_source, clock.missed],
        )
        return clock.problems
