"""One file: what it is, and who reads it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.disk.private import private_folder
from auditscan.ingest import csv_log, mapped_lines
from auditscan.ingest.block_log import BlockLog, BlockWorker
from auditscan.ingest.canonical_json import CanonicalJsonWorker
from auditscan.ingest.csv_log import CsvLog
from auditscan.ingest.detection import BLANK_BYTES, is_prefaced, looked, register_format
from auditscan.ingest.digests import HashedContent, is_listed
from auditscan.ingest.formats import format_named, formats_of
from auditscan.ingest.holder import names_of_dhs
from auditscan.ingest.mapped_json import MappedJsonWorker
from auditscan.ingest.mapped_lines import MappedLinesWorker
from auditscan.ingest.parquet_log import (
    PARQUET_MAGIC,
    ObjectRows,
    ParquetLog,
    parquet_fault,
    parquet_file,
    parquet_taken_for,
)
from auditscan.ingest.tail import NotGrown, Tail
from auditscan.readers import blocks, sniff
from auditscan.readers.containers import Contained
from auditscan.readers.encodings import MarkedCut, Utf8, in_utf8
from auditscan.readers.json_array import ArrayLines, InsideArray
from auditscan.readers.model import DamagedFile, FileReport
from auditscan.readers.raw import CHUNK, ByteStream, Fixed, HashedFile, Prefixed, UntilCut, read_up_to
from auditscan.readers.sniff import HEAD_BYTES
from auditscan.readers.unpack import SUFFIXES, unpacked
from auditscan.registers.beginnings import is_workbook, workbook_ending

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from auditscan.ingest.formats import Format
    from auditscan.ingest.reads import Reads
    from auditscan.ingest.recognized import Recognized
    from auditscan.ingest.sheet_log import SheetLog
    from auditscan.readers.model import Unreadable
    from auditscan.registers.mapping import Mapping
    from auditscan.store import Store

_ROTATED = re.compile(r"[A-Za-z_.-]+-(20\d{6})(?:\.[a-z]\w{0,3})?")
"""The name that a system gives a log of its own on the day on which it begins the next one."""


@dataclass(slots=True)
class LogFile:
    """One file being loaded."""

    store: Store
    path: Path
    source: HashedFile
    report: FileReport
    source_id: int
    zone: str
    reads: Reads
    packed: str = ""
    """How the file is packed: a key of SUFFIXES, or '' for not at all."""

    def load(self) -> None:
        """Find out what the file is and load it; raises DamagedFile or OSError if that fails."""
        tell_of_file(self.store, self.reads, rotated_on(self.path))
        unpacking, self.packed = unpacked(self.source)
        content = HashedContent(unpacking) if self.packed and is_listed(self.report.path) else None
        stream = UntilCut(content or unpacking)
        head = read_up_to(stream, HEAD_BYTES)
        whole = Prefixed(head, stream)
        if head.startswith(PARQUET_MAGIC):
            self.report.format, self.report.places = "parquet", "row"
            self._parquet(whole, stream)
        elif is_workbook(head) and (register := register_format(self.store.library)) is not None:
            self.report.format, self.report.places = register.name, "sheet"
            self._workbook(head, whole)
        else:
            self._text(whole, stream)
        if self.report.format and self.packed:
            self.report.format += SUFFIXES[self.packed]
        if stream.cut and self.report.status in ("read", "empty"):
            self.report.status = "damaged"
            self.report.note_also(stream.cut.message)
        elif content is not None:
            self.report.content_sha256 = content.sha256

    def load_tail(self, tail: Tail) -> None:
        """Load what stands behind a known beginning; raises NotGrown, DamagedFile or OSError if that fails."""
        head = read_up_to(self.source, min(HEAD_BYTES, tail.offset))
        last, left = head[-1:], tail.offset - len(head)
        lines = head.count(b"\n")
        while left:
            piece = self.source.read(min(left, CHUNK))
            if not piece:
                raise NotGrown
            last, left = piece[-1:], left - len(piece)
            lines += piece.count(b"\n")
        if is_prefaced(head):
            raise NotGrown
        # A record that was cut off by the end of the file would go on in the new part.
        whole_lines = last == b"\n" and in_utf8(Fixed(head)).shift is not None
        if not whole_lines or self.source.hexdigest() != tail.sha256:
            raise NotGrown
        # What is new may be what tells that the whole is not written in UTF-8.
        if in_utf8(Fixed(head + self.source.peek(HEAD_BYTES - len(head)))).shift is None:
            raise NotGrown
        self.report.format, self.report.places = tail.format, "line"
        self.report.lines_before = lines
        if tail.format == "ndjson":
            self.report.quarantined.shift = tail.offset
            self._json(self.source, lines)
            return
        header = _header_line(head)
        if not header:
            raise NotGrown
        guess = sniff.recognize(header, self.path.name)
        if guess.format != "csv":
            raise NotGrown  # Other lines stand above the header.
        rows = MarkedCut(Prefixed(header, self.source), UntilCut(self.source))
        # The header is read once more, in front of the rows that are new.
        self.report.quarantined.shift = tail.offset - len(header)
        self._csv(rows, guess.delimiter, before=lines - 1)

    def _text(self, whole: ByteStream, source: UntilCut) -> None:
        seen = looked(whole, source, self.path, self.store.library, self.reads)
        for note in seen.notes:
            self.report.note_also(note)
        if seen.taken.kind == "empty":
            self._blank(seen.head)
            return
        self._records(seen.taken, seen.stream, source, seen.shift, seen.head, seen.above)

    def _records(
        self,
        taken: Recognized,
        whole: ByteStream,
        source: UntilCut,
        shift: int | None,
        head: bytes = b"",
        above: Sequence[Unreadable] = (),
    ) -> None:
        """Load the records of a text that is taken for this; blank lines stand in the place of those `above` it."""
        self.report.records += len(above)
        self.report.blank_lines -= len(above)
        note_format(self.report, taken)
        containers: list[ByteStream] = []
        # The loaders see the text decoded, and may see another one.
        by_line = taken.kind not in ("json", "inside", "prepared") and not taken.openings
        self.report.quarantined.shift = shift if by_line else None
        for line in above:
            self.report.quarantined.add(line.source_record, line.reason, line.byte_offset, line.kept, line.byte_length)
        for opening in taken.openings:
            whole = opening.stream(whole)
            if isinstance(whole, Contained) and opening.kind == "program":
                whole.look_for(*names_of_dhs(self.store))
            if isinstance(whole, Contained):
                whole.quarantined = self.report.quarantined
            containers.append(whole)
        if taken.kind == "ndjson":
            self._json(whole, log_format=taken.log_format)
        elif taken.kind in ("json", "inside"):
            self._items(whole, taken.kind, taken)
        elif taken.kind == "csv":
            self._csv(MarkedCut(whole, source), taken.delimiter, log_format=taken.log_format)
        elif taken.kind == "register" and taken.log_format is not None:
            self._register(MarkedCut(self._as_utf8(head, whole), source), taken.log_format)
        elif taken.kind == "lines" and taken.log_format is not None:
            self._lines(whole, taken.log_format)
        elif taken.kind == "prepared" and taken.log_format is not None:
            self._items(whole, taken.records, taken)
        else:
            self.report.status, self.report.format = taken.kind or "unrecognized", None
            self.report.note_also(taken.why)
        for one in containers:
            if isinstance(one, Contained):
                one.account(self.report)
            if isinstance(one, ArrayLines) and one.unclosed:
                self._unclosed()

    def _unclosed(self) -> None:
        self.report.status = "damaged"
        self.report.note_also("the array has no closing bracket: the file was cut off")

    def _items(self, whole: ByteStream, written: str, taken: Recognized) -> None:
        """Load records that are made into lines first: of an array, and by the preparation of their format."""
        lines: ByteStream = whole
        if written in ("json", "inside"):
            lines = items = items_of(whole, written, taken.inside)
        if taken.kind == "prepared" and taken.log_format is not None and taken.log_format.prepare is not None:
            from auditscan.ingest.prepare import PREPARATIONS

            lines = PREPARATIONS[taken.log_format.prepare](lines)
        self._json(lines, log_format=taken.log_format)
        if written in ("json", "inside") and items.unclosed:
            self._unclosed()

    def _json(self, lines: ByteStream, before: int = 0, log_format: Format | None = None) -> None:
        def hire(log: BlockLog) -> BlockWorker:
            if log_format is None:
                return CanonicalJsonWorker(log, self.store, self.source_id, self.zone)
            return MappedJsonWorker(log, self.report, self.store, log_format, self.source_id, self.zone)

        workers = self._workers(blocks.BLOCK_BYTES)
        BlockLog(self.store, self.report, hire, workers, lines_before=before, head=True).load(lines)

    def _lines(self, whole: ByteStream, log_format: Format) -> None:
        def hire(log: BlockLog) -> BlockWorker:
            return MappedLinesWorker(log, self.report, self.store, log_format, self.source_id, self.zone)

        size = mapped_lines.BLOCK_BYTES
        BlockLog(self.store, self.report, hire, self._workers(size), block_bytes=size).load(whole)

    def _csv(self, rows: ByteStream, delimiter: str, before: int = 0, log_format: Format | None = None) -> None:
        log = CsvLog(
            self.store,
            self.report,
            self.source_id,
            self.zone,
            delimiter,
            before=before,
            log_format=log_format,
            workers=self._workers(csv_log.BLOCK_BYTES),
        )
        log.load(rows)

    def _workers(self, block_bytes: int) -> int:
        """How many are worth it: a worker costs more than the reading of a small file."""
        # Packed files hold some twenty times their size.
        likely = self.source.length * (20 if self.packed else 1)
        return min(self.store.workers, likely // block_bytes + 1)

    def _blank(self, head: bytes) -> None:
        """A file that begins with blanks, and, as far as anybody would look, holds nothing else."""
        if len(head) >= BLANK_BYTES:
            self.report.status = "unrecognized"
            self.report.note_also(f"its first {BLANK_BYTES >> 20} MiB are nothing but blanks")
        else:
            self.report.status = "empty"
            self.report.blank_lines = head.count(b"\n") + (head[-1:] not in (b"", b"\n"))

    # --- registers ------------------------------------------------------------------------------

    def _register(self, rows: ByteStream, log_format: Format) -> None:
        from auditscan.ingest.register_log import RegisterLog
        from auditscan.ingest.sheet_log import WHOLE_BYTES, WHOLE_LINES

        mapping = self._mapping()
        asked = None if self.reads.log_format is None else log_format
        content = read_up_to(rows, WHOLE_BYTES + 1)
        if len(content) <= WHOLE_BYTES and content.count(b"\n") <= WHOLE_LINES:
            self._sheets(asked, mapping).load_text(content)
            return
        workers = self._workers(csv_log.BLOCK_BYTES)
        log = RegisterLog(self.store, self.report, self.source_id, self.zone, log_format, mapping, workers, asked)
        log.load(Prefixed(content, rows))

    def _sheets(self, asked: Format | None, mapping: Mapping | None) -> SheetLog:
        from auditscan.ingest.sheet_log import SheetLog

        formats = formats_of(self.store.library)
        return SheetLog(self.store, self.report, self.source_id, self.zone, formats, asked, mapping)

    def _mapping(self) -> Mapping | None:
        """The mapping that was named, or lies beside the file; raises DamagedFile where it cannot be followed."""
        from auditscan.ingest.sheet_plan import mapping_of

        mapping, said = mapping_of(self.path, self.reads)
        self.report.note_also(said)
        return mapping

    def _as_utf8(self, head: bytes, whole: ByteStream) -> ByteStream:
        """A register as UTF-8: what is none was written by a spreadsheet on Windows."""
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head)
        except UnicodeDecodeError:
            self.report.note_also("read as Windows-1252: it is no UTF-8")
            return Utf8(whole, "cp1252")
        return whole

    def _workbook(self, head: bytes, whole: ByteStream) -> None:
        asked = None if self.reads.log_format is None else format_named(self.store.library, self.reads.log_format)
        with private_folder() as folder:
            # The engine for workbooks goes by the ending, and an export may have any.
            path = folder / f"book{workbook_ending(head)}"
            with path.open("wb") as copy:
                while piece := read_up_to(whole, 1 << 20):
                    copy.write(piece)
            is_register = asked is None or asked.reader == "register"
            self._sheets(asked, self._mapping() if is_register else None).load_book(path)

    def _parquet(self, whole: ByteStream, source: UntilCut) -> None:
        import duckdb

        with parquet_file(whole, self.store.work) as path:
            connection = self.store.worker().connection
            try:
                taken = parquet_taken_for(connection, path, self.path.name, self.store.library, self.reads)
                if taken.kind == "parquet":
                    ParquetLog(self.store, self.report, self.source_id, self.zone).load(path)
                elif taken.kind is not None:
                    self._records(taken, ObjectRows(connection, path), source, None)
                    self.report.places = "row"
                else:
                    self.report.status, self.report.note = "unrecognized", taken.why
            except duckdb.OutOfMemoryException:
                raise
            except duckdb.Error as error:
                raise DamagedFile(parquet_fault(path)) from error
            finally:
                connection.close()


def note_format(report: FileReport, taken: Recognized) -> None:
    """Say of a file what it is read as, and what its numbers count."""
    report.format = taken.kind if taken.log_format is None else taken.log_format.name
    report.places = places_of(taken)
    report.counts = None if taken.log_format is None else taken.log_format.counts


def items_of(stream: ByteStream, written: str, inside: str) -> ArrayLines:
    """The items of a document as lines: of an array, or of the lists that its objects hold under a key."""
    return InsideArray(stream, inside) if written == "inside" else ArrayLines(stream)


def rotated_on(path: Path) -> str | None:
    """The day that a system put into the name of a log of its own, or None."""
    rotated = _ROTATED.fullmatch(path.name)
    return rotated and rotated[1]


def tell_of_file(store: Store, reads: Reads, rotated: str | None) -> None:
    """Set what the SQL of a format asks besides the records: who holds the log, and when it was rotated."""
    store.set(held_by=reads.held_by, rotated_on=rotated)


def places_of(taken: Recognized) -> str | None:
    """What the number of a record counts in a file that is taken for this; None where nothing of it is read."""
    if taken.kind is None:
        return None
    written = taken.records if taken.kind == "prepared" else taken.kind
    contained = [opening.unit for opening in taken.openings if opening.unit != "line"]
    if contained and written not in ("json", "inside"):
        return contained[-1]
    if written == "inside":
        return f"item of {taken.inside}"
    if written != "json" and taken.kind == "prepared" and taken.log_format is not None:
        from auditscan.ingest.prepare import BY_ITEM

        return "item" if taken.log_format.prepare in BY_ITEM else "line"
    return "item" if written == "json" else "line"


def _header_line(head: bytes) -> bytes:
    """The first line that is not blank, without a byte order mark; b'' where the head does not hold all of it."""
    for line in head.removeprefix(codecs.BOM_UTF8).splitlines(keepends=True):
        if line.strip():
            return line if line.endswith(b"\n") else b""
    return b""
