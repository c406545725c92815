"""One file into the database, or the reason why not."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING

from auditscan.ingest.digests import is_listed
from auditscan.ingest.log_file import LogFile
from auditscan.ingest.reads import Reads
from auditscan.ingest.tail import NotGrown, Tail
from auditscan.readers.faults import in_words, is_not_of_the_file
from auditscan.readers.model import DamagedFile, FileReport, Quarantine
from auditscan.readers.raw import HashedFile
from auditscan.store import KEYS_A_SOURCE, MORE_MEMORY, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from auditscan.readers.model import Unreadable


def load_file(
    store: Store,
    path: Path,
    shown: str,
    source_id: int,
    zone: str,
    advance: Callable[[int], None] = lambda _: None,
    tail: Tail | None = None,
    reads: Reads | None = None,
) -> FileReport:
    """Read one file into the database under `source_id` and return its accounting.

    A file that cannot be read, or is no log, is a status and a note in the report, never an
    exception; nothing of a damaged file stays in the database. Few records of another system's wait for those of
    other logs: `write_waiting` writes them. `zone` is that of times without one;
    `advance` is told how many bytes were read, as they are; `reads` is what is known of the file besides.
    With a `tail`, only what stands behind it is loaded, and the hash is that of the whole file; raises
    NotGrown where the file does not begin with it.
    """
    import duckdb

    loading = _Loading(store, path, shown, source_id, zone, advance, tail, reads or Reads())
    usual = share = store.one("select current_setting('memory_limit')")
    try:
        # A record of many megabytes takes ten times its size while it is read, and a million different disclosures are
        # held besides: rare enough to ask for more only then.
        for more in MORE_MEMORY:
            try:
                return loading.with_made()
            except duckdb.OutOfMemoryException:
                share = more
                store.limit_memory(share)
        return replace(loading, last=True).with_made()
    finally:
        # Setting it takes as long as reading a few records.
        if share != usual:
            store.limit_memory(usual)


_UNREADABLE = {
    "source_id": "integer",
    "source_record": "bigint",
    "reason": "varchar",
    "byte_offset": "bigint",
    "byte_length": "bigint",
    "bytes": "blob",
}


@dataclass(frozen=True, slots=True)
class _Loading:
    """One file on its way into the database: what `load_file` was asked."""

    store: Store
    path: Path
    shown: str
    source_id: int
    zone: str
    advance: Callable[[int], None]
    tail: Tail | None
    reads: Reads
    last: bool = False
    """Whether there is no more memory to be had."""

    def with_made(self) -> FileReport:
        """Read it; and again, where statements of the log read tables that others of it made.

        Raises duckdb.OutOfMemoryException unless it is the last time, nothing of the file left in the database.
        """
        store = self.store
        no_tables_made(store)
        report = self.once()
        dialect = store.one("select any_value(dialect) from memory.made_tables")
        if dialect is None:
            return report
        from auditscan.ingest.made import MadeTables

        try:
            if not MadeTables(store, dialect):
                return report
        except BaseException as error:
            if is_not_of_the_file(error):
                raise
            discard(store, report, self.source_id, in_words(error))
            return report
        discard(store, report, self.source_id, "")
        store.set(reads_again=True)
        return replace(self, advance=lambda _: None).once()

    def once(self) -> FileReport:
        """Read it as `with_made` does, but one time only."""
        import duckdb

        store, source_id = self.store, self.source_id
        report = FileReport(path=self.shown)
        unreadable = report.quarantined = Quarantine(self._keep_unreadable, keep_bytes=self.reads.keep_bytes)
        store.connection.execute("delete from memory.unreadable_records where source_id = $1", [source_id])
        try:
            source = HashedFile(self.path, self.advance)
        except OSError as error:
            report.status, report.note = "unreadable", f"cannot be opened: {error.strerror}"
            return report
        file = LogFile(store, self.path, source, report, source_id, self.zone, self.reads)
        try:
            if self.tail is None:
                file.load()
            else:
                file.load_tail(self.tail)
            unreadable.finish()
            report.quarantined_count = unreadable.total
            report.list_fewer()
            if unreadable.left_out:
                report.note_also(f"of {unreadable.left_out:,} unreadable records no bytes are kept: they are too many")
        except NotGrown:
            source.stop()
            raise
        except DamagedFile as error:
            discard(store, report, source_id, error.message)
        except duckdb.OutOfMemoryException:
            why = "its records are too long for the memory of a scan, or have too many fields"
            discard(store, report, source_id, why)
            if not self.last:
                raise
        except OSError as error:
            discard(store, report, source_id, f"cannot be read: {error.strerror}")
        except BaseException as error:
            if is_not_of_the_file(error):
                raise
            discard(store, report, source_id, in_words(error))
        finally:
            try:
                source.drain()
                report.sha256, report.size = source.hexdigest(), source.size
                _tell_meanwhile(source, report)
                if is_listed(self.shown) and not file.packed and report.status != "unreadable":
                    report.content_sha256 = report.sha256
            except OSError as error:
                report.sha256 = None
                if report.status in ("read", "damaged", "empty"):
                    discard(store, report, source_id, f"cannot be read: {error.strerror}")
            source.close()
        return report

    def _keep_unreadable(self, records: list[Unreadable]) -> None:
        connection = self.store.connection.cursor()
        try:
            Store(connection, self.store.library).insert(
                "memory.unreadable_records", _UNREADABLE, [(self.source_id, *astuple(one)) for one in records]
            )
        finally:
            connection.close()


def _tell_meanwhile(source: HashedFile, report: FileReport) -> None:
    """Say of a file that was written to while it was read what the records are that were read of it."""
    told, whole = source.meanwhile()
    if not told:
        return
    if not whole and report.status in ("read", "empty"):
        report.status = "damaged"
    report.note_also(told)


def forget(store: Store, source_ids: Iterable[int]) -> None:
    """Leave no record of files in the database, and none that waits for those of others."""
    held = ("records", "trace_rows", "trace_sayings", "calls", "ran_calls")
    waiting = ("memory.waiting_rows", "memory.waiting_records")
    for table, key in (dict.fromkeys(held, "record_key") | dict.fromkeys(waiting, "record_no")).items():
        store.connection.execute(
            f"delete from {table} where {key} // $2 in (select unnest($1::bigint[]))",  # noqa: S608 - names of ours
            [list(source_ids), KEYS_A_SOURCE],
        )


def no_tables_made(store: Store) -> None:
    """Begin to read a log: nothing is known yet of tables that its statements made."""
    store.set(reads_again=False)
    store.connection.execute("delete from memory.made_tables")
    store.connection.execute("delete from memory.made_readings")


def discard(store: Store, report: FileReport, source_id: int, reason: str) -> None:
    """Take back every record of a file that turned out to be damaged."""
    forget(store, [source_id])
    report.status, report.note = "unreadable", reason
    report.records = report.blank_lines = report.not_transfers = report.quarantined_count = 0
    report.set_aside.clear()
    report.quarantined.clear()
    report.fields.clear()
    report.unknown_fields.clear()
