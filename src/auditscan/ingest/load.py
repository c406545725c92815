"""One file: what it is, and the loader it goes to."""

from __future__ import annotations

import tempfile
from pathlib import Path

from auditscan.ingest.csv_log import CsvLog
from auditscan.ingest.json_log import JsonLog
from auditscan.ingest.parquet_log import ParquetLog
from auditscan.readers.json_array import ArrayLines
from auditscan.readers.model import DamagedFile, FileReport, TruncatedFile
from auditscan.readers.raw import ByteStream, HashedFile, Prefixed, in_utf8, read_up_to, unpacked
from auditscan.readers.sniff import HEAD_BYTES, Guess, recognize
from auditscan.store import Store


def load_file(store: Store, path: Path, shown: str, source_id: int, zone: str) -> FileReport:
    """Read one file into the database under `source_id` and return its accounting.

    A file that cannot be read, or is no log, is a status and a note in the report, never an exception;
    nothing of a damaged file stays in the database. `zone` is that of times without one.
    """
    report = FileReport(path=shown)
    try:
        source = HashedFile(path)
    except OSError as error:
        report.status, report.note = "unreadable", f"cannot be opened: {error.strerror}"
        return report
    try:
        _load(store, path, source, report, source_id, zone)
    except DamagedFile as error:
        _discard(store, report, source_id, error.message)
    except OSError as error:
        _discard(store, report, source_id, f"cannot be read: {error.strerror}")
    finally:
        try:
            source.drain()
            report.sha256, report.size = source.hexdigest(), source.size
        except OSError:
            report.sha256 = None
        source.close()
    if report.status in ("unrecognized", "unreadable"):
        report.records = 0
    return report


class _UntilCut:
    """A stream that ends where its packed file was cut off, and remembers that it was."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.cut: TruncatedFile | None = None

    def readinto(self, view: memoryview) -> int:
        try:
            return 0 if self.cut else self._stream.readinto(view)
        except TruncatedFile as error:
            self.cut = error
            return 0


def _load(
    store: Store, path: Path, source: HashedFile, report: FileReport, source_id: int, zone: str
) -> None:
    unpacking, packed = unpacked(source)
    stream = _UntilCut(unpacking)
    head = read_up_to(stream, HEAD_BYTES)
    whole: ByteStream = Prefixed(head, stream)
    if head.startswith(b"PAR1"):
        report.format = "parquet"
        _load_parquet(store, path, source, whole, packed, report, source_id, zone)
    else:
        whole, encoding = in_utf8(whole)
        head = read_up_to(whole, HEAD_BYTES)
        whole = Prefixed(head, whole)
        report.note = encoding
        if not head:
            report.status = "empty"
        else:
            _load_text(store, recognize(head, path.name), whole, report, source_id, zone)
    if report.format and packed:
        report.format += f".{'gz' if packed == 'gzip' else 'zst'}"
    if stream.cut:
        report.status, report.note = "damaged", stream.cut.message


def _load_text(
    store: Store, guess: Guess, whole: ByteStream, report: FileReport, source_id: int, zone: str
) -> None:
    report.format = guess.format
    if guess.format == "ndjson":
        JsonLog(store, report, source_id, zone, store.workers).load(whole)
    elif guess.format == "json":
        JsonLog(store, report, source_id, zone, store.workers).load(ArrayLines(whole))
    elif guess.format == "csv":
        CsvLog(store, report, source_id, zone, guess.delimiter).load(whole)
    else:
        report.status, report.note = "unrecognized", guess.why


def _load_parquet(
    store: Store,
    path: Path,
    source: HashedFile,
    whole: ByteStream,
    packed: str,
    report: FileReport,
    source_id: int,
    zone: str,
) -> None:
    import duckdb

    with tempfile.TemporaryDirectory(prefix=".auditscan-") as folder:
        if packed:
            path = Path(folder) / "log.parquet"
            with path.open("wb") as unpacked_file:
                while piece := read_up_to(whole, 1 << 20):
                    unpacked_file.write(piece)
        else:
            # The engine reads the file by itself, so the hash is made of a reading of its own.
            source.drain()
        try:
            ParquetLog(store, report, source_id, zone).load(path)
        except duckdb.Error as error:
            raise DamagedFile(f"no readable Parquet: {str(error).splitlines()[0]}") from error


def _discard(store: Store, report: FileReport, source_id: int, reason: str) -> None:
    """Take back every record of a file that turned out to be damaged."""
    store.connection.execute("delete from records where record_key // 68719476736 = $1", [source_id])
    report.status, report.note = "unreadable", reason
    report.quarantined.clear()
    report.blank_lines = 0
