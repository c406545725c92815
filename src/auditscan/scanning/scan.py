"""The main job: read logs, judge every transfer, keep the accounting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from hashlib import sha256 as sha256_of
from typing import TYPE_CHECKING

from auditscan.errors import AccountingError, UsageError
from auditscan.ingest import Reads, Tail, digests, load_file, log_teller
from auditscan.ingest.load import LARGE_MEMORY, discard
from auditscan.readers.faults import in_words, is_not_of_the_file
from auditscan.readers.files import Found, find_files
from auditscan.readers.members import opened
from auditscan.readers.model import FileReport
from auditscan.readers.raw import HashedFile
from auditscan.scanning import apart, sources
from auditscan.scanning.rules import judge
from auditscan.store import KEYS_A_SOURCE, MEMORY_LIMIT, SCAN_MEMORY, Store, prepare
from auditscan.store.comments import write_comments

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from auditscan.policy import Policy

NOTHING_SAID = Reads()

SINCE = date(2025, 6, 1)
"""The first day of the question: CMS began handing data to DHS in June 2025."""


@dataclass(slots=True)
class ScanResult:
    """What one scan did."""

    files: list[FileReport]
    """In the order of their names."""
    judged_again: bool = False
    """Whether policy, queries or logs changed since the database was last judged."""


def scan(
    store: Store,
    paths: Sequence[Path],
    policy: Policy,
    as_of: date,
    *,
    since: date = SINCE,
    zone: str = "UTC",
    reads: Reads = NOTHING_SAID,
    advance: Callable[[int], None] = lambda _: None,
) -> ScanResult:
    """Read what is new, judge everything, and return the accounting of this scan's files.

    `zone` is read into times that have none; `reads` is what is known of the logs besides; `advance` is told how
    many bytes were read. What it writes lies in a private file until the store is closed. Raises NoInputError
    where there is nothing to read, and UsageError for a file that the database holds under other settings.
    """
    files = find_files(paths, reads.exclude, log_teller(store.library, reads)) if paths else []
    changed = prepare(store, policy, as_of, since)
    store.run("begin")
    reading = Reading(store, zone, advance, reads=reads)
    store.connection.execute("set memory_limit = $1", [SCAN_MEMORY])
    result = ScanResult(reading.take_all(files))
    # What judging makes repeats its words: packed, its tables take a fifth of the room and no more time.
    store.connection.execute("set disabled_compression_methods = 'zstd'")
    result.judged_again = changed.law or reading.added or is_linked(store) is not reads.link
    if result.judged_again:
        reading.judge_all(new_views=changed.queries)
    else:
        judge(store, anew=False, new_views=changed.queries)
    store.connection.execute("set memory_limit = $1", [MEMORY_LIMIT])
    if store.kept:
        write_comments(store)
    return result


def is_linked(store: Store) -> bool:
    """Whether traces of one transfer are counted once."""
    return bool(store.one("select coalesce(bool_and(linked), true) from link_settings"))


def judge_all(store: Store, *, link: bool, new_views: bool) -> None:
    """Judge all that there is anew; may be begun again where it failed."""
    store.run("unlink")
    store.run("repeats")
    store.run("settle")
    store.connection.execute("drop table repeated_records")
    judge_words(store, link=link)
    judge(store, anew=True, new_views=new_views)


def judge_words(store: Store, *, link: bool) -> None:
    """Look up what was logged, link the traces of one transfer, and judge under every regime.

    Which traces belong together hangs on their parties, and what they say together has to be looked up in turn.
    """
    store.run("find_parties")
    store.run("look_up")
    if link and store.one("select count(*) from traces"):
        for step in ("pair_traces", "find_links", "merge_links"):
            store.run(step)
        merged = store.one("select count(*) from new_merges")
        store.run("install_links")
        if merged:
            # Parties are found by text, and traces together name none that one of them did not.
            store.run("look_up")
    store.connection.execute("delete from link_settings")
    store.connection.execute("insert into link_settings values ($1)", [link])
    store.run("judge")
    store.run("spans")
    store.run("date")


class Reading:
    """Takes the files of one scan, those whose content the database holds already without reading them again."""

    def __init__(
        self,
        store: Store,
        zone: str,
        advance: Callable[[int], None],
        scan_id: int | None = None,
        reads: Reads = NOTHING_SAID,
    ) -> None:
        self._store = store
        self._zone = zone
        self._advance = advance
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
        self._reports: list[FileReport] = []

    @property
    def added(self) -> bool:
        """Whether any records came in."""
        return bool(self.fresh)

    def take_all(self, entries: Sequence[Found]) -> list[FileReport]:
        """Load files and the members of archives, unless their content is known; return their accounting by name."""
        reports = []
        for entry in entries:
            with opened(entry, self._advance) as files:
                reports += [self._take(file) for file in files]
        self._reports = sorted(reports, key=lambda report: report.path)
        return self._reports

    def judge_all(self, *, new_views: bool) -> None:
        """Judge all that there is; files that judging fails with are unreadable, and the others judged."""
        import duckdb

        store, link = self._store, self._reads.link
        try:
            judge_all(store, link=link, new_views=new_views)
        except BaseException as error:
            if is_not_of_the_file(error):
                raise
            judging = partial(judge_all, store, link=link, new_views=new_views)
            if isinstance(error, duckdb.OutOfMemoryException):
                store.connection.execute("set memory_limit = $1", [LARGE_MEMORY])
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

    def _take(self, entry: Found) -> FileReport:
        """Load one file, unless its content is known, and write down its accounting."""
        if entry.skip:
            return FileReport(path=entry.shown, status="skipped", note=entry.skip)
        sha256, size = self.hash_if_known(entry)
        if sha256 is None:
            return self.load(entry)[0]
        same_name = self._store.one(
            "select source_id from sources where path = $1 and sha256 = $2", [entry.shown, sha256]
        )
        return self.copy(entry, sha256, size) if same_name is None else sources.read(self._store, same_name)

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
        if (sha256, size) not in self._known:
            return None, 0
        if entry.archive is None:
            self._advance(size)
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
        sources.write(self._store, report, sources.next_id(self._store), "", scan_id=self._scan_id)
        return report

    def load(self, entry: Found, tail: Tail | None = None, tail_of: int | None = None) -> tuple[FileReport, int]:
        """Load a file, or what it has behind `tail`; return its accounting and its source_id.

        Raises NotGrown where it does not begin with what the tail says.
        """
        store = self._store
        source_id = sources.next_id(store)
        content = b""
        if entry.fault:
            report = self._failed(entry)
            if entry.status == "no_log" and digests.is_listed(entry.shown):
                content = digests.content_of(entry.path)
                report.content_sha256 = sha256_of(content).hexdigest() if content else None
        else:
            # Of an archive, those who unpack it tell how far they are.
            advance = self._advance if entry.archive is None else lambda _: None
            report = load_file(store, entry.path, entry.shown, source_id, self._zone, advance, tail, self._reads)
        kept = store.one("select count(*) from records where record_key // $2 = $1", [source_id, KEYS_A_SOURCE])
        if report.records != kept + report.not_transfers + report.quarantined_count:
            odd = AccountingError(
                "its records do not add up, which is a fault of auditscan; please report it",
                why=f"{report.records} read, but {kept} transfers, {report.not_transfers} others and "
                f"{report.quarantined_count} in the quarantine",
            )
            discard(store, report, source_id, in_words(odd))
        read_as = self._reads.key_for(entry.path)
        known_failure = store.one(
            "select source_id from sources where path = $1 and status = $2 and sha256 is not distinct from $3",
            [report.path, report.status, report.sha256],
        )
        if known_failure is None:
            sources.write(
                store,
                report,
                source_id,
                self._zone,
                read_as=read_as,
                scan_id=self._scan_id,
                tail=tail,
                tail_of=tail_of,
            )
            if report.quarantined_count:
                store.run("write_quarantine", source_id=source_id)
            sources.write_set_aside(store, source_id, report.set_aside)
            if content and report.note.startswith(digests.DIGEST):
                digests.write_entries(store, source_id, content)
        if report.sha256 and report.status in ("read", "damaged"):
            self._known[report.sha256, report.size] = (report.path, source_id)
            self._sizes.add(report.size)
            self._read_as[source_id] = (report.path, read_as)
            self.fresh[source_id] = report
        return report, source_id if known_failure is None else int(known_failure)

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


def hash_of(path: Path) -> tuple[str, int]:
    """The sha256 and size of a file; raises OSError where it cannot be read."""
    file = HashedFile(path)
    try:
        file.drain()
    finally:
        file.close()
    return file.hexdigest(), file.size
