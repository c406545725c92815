"""The files of a scan into the database, each with its accounting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256 as sha256_of
from typing import TYPE_CHECKING

from auditscan.errors import AccountingError, UsageError
from auditscan.ingest import NOTHING_SAID, digests, load_file, write_waiting
from auditscan.ingest.load import discard
from auditscan.ingest.plain import SMALL_BYTES, plain_log
from auditscan.ingest.together import TOGETHER_BYTES, TOGETHER_FILES, load_together
from auditscan.readers.faults import in_words
from auditscan.readers.members import opened
from auditscan.readers.model import FileReport, SetAside
from auditscan.readers.raw import HashedFile
from auditscan.scanning import apart, sources
from auditscan.scanning.bar import UNSEEN
from auditscan.scanning.judging import judge_all
from auditscan.store import KEYS_A_SOURCE, LARGE_MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from auditscan.ingest import Reads, Tail
    from auditscan.ingest.plain import PlainLog
    from auditscan.readers.files import Found
    from auditscan.scanning.bar import Bar
    from auditscan.store import Store


@dataclass(slots=True)
class _Waiting:
    """A file whose accounting is to be written down together with that of others."""

    entry: Found
    report: FileReport
    read_as: str
    """What a user said of how to read it."""
    listed: bytes = b""
    """Of a digest that lists logs, what it holds."""
    log: PlainLog | None = None
    """What it holds, where it is to be read together with others."""
    loaded: Callable[[FileReport, int], None] = lambda *_: None
    """Told its accounting and its source_id."""


class Reading:
    """Takes the files of one scan, those whose content the database holds already without reading them again."""

    def __init__(
        self,
        store: Store,
        zone: str,
        bar: Bar = UNSEEN,
        scan_id: int | None = None,
        reads: Reads = NOTHING_SAID,
    ) -> None:
        self._store = store
        self._zone = zone
        self._bar = bar
        self._scan_id = scan_id
        self._reads = reads
        self._refused = dict(reads.refused)
        # Asked of the policy once a scan, by the first file.
        store.set(dhs_names=None)
        self.fresh: dict[int, FileReport] = {}
        """What was read of files whose content is new, by their numbers."""
        apart.mark_contents(store)
        self._known = {
            (sha256, size): (path, source_id)
            for sha256, size, path, source_id in store.rows(
                "select sha256, bytes, path, source_id from sources where status in ('read', 'damaged')"
            )
        }
        self._zones = dict(store.rows("select source_id, zone from sources"))
        self._read_as = {
            source_id: (path, read_as)
            for source_id, path, read_as in store.rows("select source_id, path, coalesce(read_as, '') from sources")
        }
        self._sizes = {size for _, size in self._known}
        self._next_id = self._first_id = sources.next_id(store)
        self._waiting: dict[int, _Waiting] = {}
        """Files whose accounting is to be written down together with that of others, by their numbers."""
        self._waiting_bytes = 0
        self._reports: list[FileReport] = []
        """Of all files so far, and of the members of archives."""

    @property
    def added(self) -> bool:
        """Whether any records came in."""
        return bool(self.fresh)

    def take_all(self, entries: Sequence[Found]) -> list[FileReport]:
        """Load files and the members of archives, unless their content is known; return their accounting by name."""
        for number, entry in enumerate(entries, start=1):
            self._bar.say(f"reading {number:,} of {len(entries):,}: {entry.path.name}")
            with opened(entry, self._bar.advance) as files:
                for file in files:
                    self._take(file)
        self.load_waiting()
        self._reports.sort(key=lambda report: report.path)
        return self._reports

    def judge_all(self, *, new_views: bool, same_logs: bool) -> None:
        """Judge all that there is; files that judging fails with are unreadable, and the others judged."""
        import duckdb

        store, link = self._store, self._reads.link
        judging = partial(judge_all, store, link=link, new_views=new_views, same_logs=same_logs, bar=self._bar)
        error = apart.failure_of(judging)
        if isinstance(error, duckdb.OutOfMemoryException):
            store.limit_memory(LARGE_MEMORY)
            error = apart.failure_of(judging)
        if error is not None:
            broken = apart.without_broken(store, list(self.fresh), judging, error)
            for source_id, why in broken.items():
                self._take_back(source_id, why)
            # What there is to say of files changed, and rules read that.
            judging()

    def _take_back(self, source_id: int, why: str) -> None:
        """Account for a file whose records are gone, and for the copies of it."""
        report = self.fresh.pop(source_id)
        discard(self._store, report, source_id, why)
        sources.take_back(self._store, report, source_id)
        for copy in self._reports:
            if copy.status == "copy" and (copy.sha256, copy.size) == (report.sha256, report.size):
                discard(self._store, copy, source_id, why)

    def _take(self, entry: Found) -> None:
        """Load one file, unless its content is known, write down its accounting and add it to the others."""
        if entry.skip:
            self._reports.append(FileReport(path=entry.shown, status="skipped", note=entry.skip))
            return
        sha256, size = self.hash_if_known(entry)
        if sha256 is None:
            self.load_later(entry, lambda report, _: self._reports.append(report))
            return
        same_name = self._store.one(
            "select source_id from sources where path = $1 and sha256 = $2", [entry.shown, sha256]
        )
        known = self.copy(entry, sha256, size) if same_name is None else sources.read(self._store, same_name)
        self._reports.append(known)

    def hash_if_known(self, entry: Found) -> tuple[str | None, int]:
        """The hash and size of a file whose content was read before, under this name or another; else None.

        Raises UsageError where it was read under another zone.
        """
        if entry.fault:
            return None, 0
        try:
            # Only a file of a known length can have known content: the others are hashed as they are read.
            if entry.path.stat().st_size not in self._sizes:
                return None, 0
            sha256, size = hash_of(entry.path)
        except OSError:
            return None, 0  # Loading meets the same error and reports it.
        if self._known.get((sha256, size), ("", 0))[1] in self._waiting:
            self.load_waiting()
        if (sha256, size) not in self._known:
            return None, 0
        if entry.archive is None:
            self._bar.advance(size)
        _, source_id = self._known[sha256, size]
        zone = self._zones.setdefault(source_id, self._zone)
        if zone != self._zone:
            raise UsageError(
                f"this file is in the database with its times read in {zone}",
                where=entry.shown,
                hint=f"scan it with --source-zone {zone}, or into another database",
            )
        self.check_settings(entry, source_id)
        return sha256, size

    def check_settings(self, entry: Found, source_id: int) -> None:
        """Raise UsageError where known content would be read otherwise today than it was."""
        path, read_as = self._read_as[source_id]
        if not self._reads.reads_alike(entry.path, read_as, same_file=path == entry.shown):
            raise UsageError(
                "this file is in the database, read under other settings",
                where=entry.shown,
                hint="scan it with the same --log-format, --held-by and mapping, or into another database: "
                "--db NEW.duckdb",
            )

    def unless_refused(self, entry: Found) -> Found:
        """A file, with the reason where it is known that judging fails with it."""
        why = self._refused.get(entry.shown)
        return entry if why is None else replace(entry, fault=why)

    def source_of(self, sha256: str, size: int) -> int:
        """The source_id of known content."""
        _, source_id = self._known[sha256, size]
        return int(source_id)

    def copy(self, entry: Found, sha256: str, size: int) -> FileReport:
        """Write down the accounting of a file that says again what another says."""
        path, source_id = self._known[sha256, size]
        report = sources.read(self._store, source_id)
        report.path, report.status, report.note = entry.shown, "copy", f"same content as {path}"
        sources.write(self._store, [(self._next_id, report, "")], "", scan_id=self._scan_id)
        self._next_id += 1
        return report

    def load_later(self, entry: Found, loaded: Callable[[FileReport, int], None]) -> None:
        """Load a file, together with others that come after it; `loaded` is told by `load_waiting` at the latest."""
        alone = entry.fault or entry.archive is not None
        log = None if alone else plain_log(entry.path, entry.shown, self._store.library, self._reads)
        # It may be known by now: of a file that is written to.
        if log is not None and (log.report.sha256, log.report.size) in self._known:
            log = None
        one = self._read(entry, self._next_id) if log is None else _Waiting(entry, log.report, self._read_as_of(entry))
        if log is not None:
            self._bar.advance(log.report.size)
        one.log, one.loaded = log, loaded
        self._wait(one)

    def load(self, entry: Found, tail: Tail | None = None, tail_of: int | None = None) -> tuple[FileReport, int]:
        """Load a file, or what it has behind `tail`; return its accounting and its source_id.

        Raises NotGrown where it does not begin with what the tail says.
        """
        self.load_waiting()
        told: list[tuple[FileReport, int]] = []
        one = self._read(entry, self._next_id, tail)
        one.loaded = lambda *loaded: told.append(loaded)
        self._wait(one)
        self.load_waiting(tail, tail_of)
        return told[0]

    def _wait(self, one: _Waiting) -> None:
        """Let a file wait for others, unless there are enough."""
        report, source_id = one.report, self._next_id
        self._next_id += 1
        self._waiting[source_id] = one
        if _has_content(report):
            self._known[report.sha256, report.size] = (one.entry.shown, source_id)
            self._sizes.add(report.size)
        # Packed files hold some twenty times their size. Of one that was read alone little waits, but for what is
        # unreadable in it.
        size = len(one.log.content) if one.log else report.size * 20
        self._waiting_bytes += size if report.quarantined_count else min(size, SMALL_BYTES)
        if len(self._waiting) >= TOGETHER_FILES or self._waiting_bytes >= TOGETHER_BYTES:
            self.load_waiting()

    def load_waiting(self, tail: Tail | None = None, tail_of: int | None = None) -> None:
        """Load the files that wait for others, write down their accounting and tell whoever waits for them.

        With a `tail`, a single one waits, of which what stands behind the tail was read.
        """
        waiting, self._waiting, self._waiting_bytes = self._waiting, {}, 0
        logs = {source_id: one.log for source_id, one in waiting.items() if one.log is not None}
        for source_id in sorted(load_together(self._store, logs, self._zone, self._reads)):
            one = waiting[source_id]
            # How many bytes it has was told.
            waiting[source_id] = replace(self._read(one.entry, source_id, told=True), loaded=one.loaded)
        write_waiting(self._store, {source_id: one.report for source_id, one in waiting.items()}, self._zone)
        kept_as = self._keep(waiting, tail, tail_of)
        for source_id, one in waiting.items():
            one.loaded(one.report, kept_as[source_id])
        self._leave_calls()

    def _leave_calls(self) -> None:
        """Set calls aside that count as transfers, where there are records now of what they ran.

        Those of earlier nights stay: what they were is told.
        """
        first = 0 if self._scan_id is None else self._first_id * KEYS_A_SOURCE
        both = self._store.has_rows("ran_calls") and self._store.has_rows("calls")
        if not both or not self._store.run("find_calls", first_call=first)[0][0]:
            return
        reports = {id(report): report for report in (*self.fresh.values(), *self._reports)}
        for source_id, reason, sha256, size, *counts in self._store.run("leave_calls"):
            aside = SetAside(*counts)
            if source_id in self.fresh:
                self.fresh[source_id].count_aside(reason, aside)
            for report in reports.values():
                if (report.sha256, report.size) == (sha256, size):
                    report.not_transfers += aside.records

    def _read(self, entry: Found, source_id: int, tail: Tail | None = None, *, told: bool = False) -> _Waiting:
        """Read a file into the database, but for what waits for others."""
        if entry.fault:
            report, content = self._failed(entry), b""
            if entry.status == "no_log" and digests.is_listed(entry.shown):
                content = digests.content_of(entry.path)
                report.content_sha256 = sha256_of(content).hexdigest() if content else None
            listed = content if report.note.startswith(digests.DIGEST) else b""
            return _Waiting(entry, report, self._read_as_of(entry), listed)
        # Of an archive, those who unpack it tell how far they are.
        advance = self._bar.advance if entry.archive is None and not told else lambda _: None
        report = load_file(self._store, entry.path, entry.shown, source_id, self._zone, advance, tail, self._reads)
        return _Waiting(entry, report, self._read_as_of(entry))

    def _read_as_of(self, entry: Found) -> str:
        """What a user said of how to read a file, while it is there: a member of an archive is gone soon."""
        return self._reads.key_for(entry.path)

    def _keep(
        self, loaded: Mapping[int, _Waiting], tail: Tail | None = None, tail_of: int | None = None
    ) -> dict[int, int]:
        """Write down the accounting of files by their numbers, and return under which number that of each stands.

        It is the one of an earlier scan that could not read the same file either.
        """
        if not loaded:
            return {}
        store = self._store
        kept = dict(
            store.rows(
                "select record_key // $3, count(*) from records where record_key >= $1 and record_key < $2 group by 1",
                [min(loaded) * KEYS_A_SOURCE, (max(loaded) + 1) * KEYS_A_SOURCE, KEYS_A_SOURCE],
            )
        )
        for source_id, one in loaded.items():
            report, transfers = one.report, kept.get(source_id, 0)
            if report.records != transfers + report.not_transfers + report.quarantined_count:
                odd = AccountingError(
                    "its records do not add up, which is a fault of auditscan; please report it",
                    why=f"{report.records} read, but {transfers} transfers, {report.not_transfers} others and "
                    f"{report.quarantined_count} in the quarantine",
                )
                discard(store, report, source_id, in_words(odd))
        before = {
            tuple(said): source_id
            for source_id, *said in store.rows(
                "select source_id, path, status, sha256 from sources where path in (select unnest($1::varchar[]))",
                [[one.report.path for one in loaded.values()]],
            )
        }
        kept_as, written = {}, {}
        for source_id, one in loaded.items():
            report = one.report
            kept_as[source_id] = before.get((report.path, report.status, report.sha256), source_id)
            if kept_as[source_id] == source_id:
                written[source_id] = one
            if not _has_content(report):
                if self._known.get((report.sha256, report.size)) == (report.path, source_id):
                    del self._known[report.sha256, report.size]
                continue
            self._known[report.sha256, report.size] = (report.path, source_id)
            self._sizes.add(report.size)
            self._read_as[source_id] = (report.path, one.read_as)
            self.fresh[source_id] = report
        accounts = [(source_id, one.report, one.read_as) for source_id, one in written.items()]
        sources.write(store, accounts, self._zone, scan_id=self._scan_id, tail=tail, tail_of=tail_of)
        if store.has_rows("memory.unreadable_records"):
            unread = [number for number, report, _ in accounts if report.quarantined_count]
            store.run("write_quarantine", read_files=unread)
        sources.write_set_aside(store, {source_id: report.set_aside for source_id, report, _ in accounts})
        for source_id, one in written.items():
            if one.listed:
                digests.write_entries(store, source_id, one.listed)
        return kept_as

    def _failed(self, entry: Found) -> FileReport:
        """The accounting of a file that cannot be read."""
        report = FileReport(path=entry.shown, status=entry.status, note=entry.fault, format=entry.format)
        if entry.archive is None:
            try:
                sha256, report.size = hash_of(entry.path)
            except OSError as error:
                # That it cannot be read was known, and why.
                if report.status != "unreadable":
                    report.status, report.note = "unreadable", f"cannot be opened: {error.strerror}"
            else:
                # An archive's own bytes are no log's: the hashes that count are those of its members.
                report.sha256 = None if entry.format else sha256
        return report


def _has_content(report: FileReport) -> bool:
    """Whether something was read of a file, so that another of the same content says the same."""
    return report.sha256 is not None and report.status in ("read", "damaged")


def hash_of(path: Path) -> tuple[str, int]:
    """The sha256 and size of a file; raises OSError where it cannot be read."""
    file = HashedFile(path)
    try:
        file.drain()
    finally:
        file.close()
    return file.hexdigest(), file.size
