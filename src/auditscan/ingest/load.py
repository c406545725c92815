"""One file into the database, or the reason why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.digests import is_listed
from auditscan.errors import AccountingError, AuditscanError
from auditscan.ingest.log_file import LogFile
from auditscan.ingest.reads import Reads
from auditscan.ingest.tail import NotGrown, Tail
from auditscan.readers.model import DamagedFile, FileReport
from auditscan.readers.raw import HashedFile
from auditscan.store import KEYS_A_SOURCE, SCAN_MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from auditscan.store import Store

LARGE_MEMORY = "6GB"
"""The engine's share for a file that did not fit in its usual one."""

SHOWN_CHARACTERS = 300


def is_not_of_the_file(error: Exception) -> bool:
    """Whether an error while a file is read says nothing of the file: then the next file would meet it too."""
    import duckdb

    if isinstance(error, AuditscanError):
        return not isinstance(error, AccountingError | DamagedFile)
    # The engine's own files (a full disk, a database that cannot be written), and whoever stops it.
    engine = (duckdb.IOException, duckdb.FatalException, duckdb.InterruptException)
    return isinstance(error, engine) or str(error) == "Query interrupted"


def in_words(error: Exception) -> str:
    """What is said of a file that could not be read because of an error that nobody foresaw."""
    if isinstance(error, AccountingError):
        return f"{error.message}: {error.why}" if error.why else error.message
    told = " ".join(str(error).split())
    told = told if len(told) <= SHOWN_CHARACTERS else told[:SHOWN_CHARACTERS] + "..."
    return f"auditscan met a fault of its own while it read this file; please report it: {type(error).__name__}: {told}"


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
    exception; nothing of a damaged file stays in the database. `zone` is that of times without one;
    `advance` is told how many bytes were read, as they are; `reads` is what is known of the file besides.
    With a `tail`, only what stands behind it is loaded, and the hash is that of the whole file; raises
    NotGrown where the file does not begin with it.
    """
    import duckdb

    try:
        return _load_with_made(store, path, shown, source_id, zone, advance, tail, reads or Reads())
    except duckdb.OutOfMemoryException:
        pass
    # A record of many megabytes takes ten times its size while it is read: rare enough to ask for
    # more.
    store.connection.execute("set memory_limit = $1", [LARGE_MEMORY])
    try:
        return _load_with_made(store, path, shown, source_id, zone, advance, tail, reads or Reads())
    except duckdb.OutOfMemoryException:
        why = "its records are too long for the memory of a scan"
        return FileReport(path=shown, status="unreadable", note=why)
    finally:
        store.connection.execute("set memory_limit = $1", [SCAN_MEMORY])


def _load_with_made(
    store: Store,
    path: Path,
    shown: str,
    source_id: int,
    zone: str,
    advance: Callable[[int], None],
    tail: Tail | None,
    reads: Reads,
) -> FileReport:
    """_load_once; and again, where statements of the log read tables that others of it made."""
    store.set(reads_again=False)
    store.connection.execute("delete from memory.made_tables")
    store.connection.execute("delete from memory.made_readings")
    report = _load_once(store, path, shown, source_id, zone, advance, tail, reads)
    dialect = store.one("select any_value(dialect) from memory.made_tables")
    if dialect is None:
        return report
    from auditscan.ingest.made import MadeTables

    if not MadeTables(store, dialect):
        return report
    _discard(store, report, source_id, "")
    store.set(reads_again=True)
    return _load_once(store, path, shown, source_id, zone, lambda _: None, tail, reads)


def _load_once(
    store: Store,
    path: Path,
    shown: str,
    source_id: int,
    zone: str,
    advance: Callable[[int], None],
    tail: Tail | None,
    reads: Reads,
) -> FileReport:
    """load_file; raises duckdb.OutOfMemoryException, nothing of the file left in the database."""
    import duckdb

    report = FileReport(path=shown)
    try:
        source = HashedFile(path, advance)
    except OSError as error:
        report.status, report.note = "unreadable", f"cannot be opened: {error.strerror}"
        return report
    file = LogFile(store, path, source, report, source_id, zone, reads)
    try:
        if tail is None:
            file.load()
        else:
            file.load_tail(tail)
    except NotGrown:
        source.stop()
        raise
    except DamagedFile as error:
        _discard(store, report, source_id, error.message)
    except duckdb.OutOfMemoryException:
        _discard(store, report, source_id, "")
        raise
    except OSError as error:
        _discard(store, report, source_id, f"cannot be read: {error.strerror}")
    except Exception as error:
        if is_not_of_the_file(error):
            raise
        _discard(store, report, source_id, in_words(error))
    finally:
        try:
            source.drain()
            report.sha256, report.size = source.hexdigest(), source.size
            _tell_meanwhile(source, report)
            if is_listed(shown) and not file.packed and report.status != "unreadable":
                report.content_sha256 = report.sha256
        except OSError as error:
            report.sha256 = None
            if report.status in ("read", "damaged", "empty"):
                _discard(store, report, source_id, f"cannot be read: {error.strerror}")
        source.close()
    return report


def _tell_meanwhile(source: HashedFile, report: FileReport) -> None:
    """Say of a file that was written to while it was read what the records are that were read of it."""
    told, whole = source.meanwhile()
    if not told:
        return
    if not whole and report.status in ("read", "empty"):
        report.status = "damaged"
    report.note = "; ".join(filter(None, (report.note, told)))


def _discard(store: Store, report: FileReport, source_id: int, reason: str) -> None:
    """Take back every record of a file that turned out to be damaged."""
    for table in ("records", "traces"):
        store.connection.execute(
            f"delete from {table} where record_key // $2 = $1",  # noqa: S608 - one of two names of ours
            [source_id, KEYS_A_SOURCE],
        )
    report.status, report.note = "unreadable", reason
    report.records = report.blank_lines = report.not_transfers = 0
    report.set_aside.clear()
    report.quarantined.clear()
    report.fields.clear()
    report.unknown_fields.clear()
