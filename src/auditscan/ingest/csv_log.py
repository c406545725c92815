"""CSV logs: blocks without quotes or oddities as they stand, the others row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.errors import AccountingError
from auditscan.ingest.mapped import MappedStaging, note_outcome
from auditscan.ingest.staging import Staging
from auditscan.readers.blocks import Block, LineBlocks
from auditscan.readers.csv_rows import Header, needs_care, read_header, take_apart
from auditscan.readers.model import FIELDS, FileReport

if TYPE_CHECKING:
    from auditscan.ingest.formats import Format
    from auditscan.readers.raw import ByteStream
    from auditscan.store import Store

BLOCK_BYTES = 16 << 20
LINE_BYTES = 2 << 20
"""Longer lines than this are taken apart, and read with room for the longest of them."""


class CsvLog:
    """Loads one CSV log. Record numbers count the records below the header, and `before` that were read earlier."""

    def __init__(
        self,
        store: Store,
        report: FileReport,
        source_id: int,
        zone: str,
        delimiter: str,
        before: int = 0,
        log_format: Format | None = None,
    ) -> None:
        self._report = report
        self._before = before
        self._mapped = None if log_format is None else MappedStaging(store, log_format, source_id, zone)
        self._staging = self._mapped or Staging(store, "canonical_csv", source_id, zone, "cell")
        self._fields = FIELDS if log_format is None else log_format.fields
        self._delimiter = delimiter

    def load(self, stream: ByteStream) -> None:
        """Read the stream to its end; what cannot be read is added to the report."""
        try:
            with LineBlocks(stream, block_bytes=BLOCK_BYTES) as blocks:
                self._load(blocks)
            self._staging.write()
        finally:
            self._staging.close()

    def _load(self, blocks: LineBlocks) -> None:
        header: Header | None = None
        rest, rest_offset = b"", 0
        for block, begin in blocks:
            content, offset = block.text(), begin
            if header is None:
                header, used = self._header(content)
                content = content[used:]
                offset += used
            if header is not None and header.problem:
                self._report.status, self._report.note = "unrecognized", header.problem
                return
            if rest:
                content, offset = rest + content, rest_offset
            if header is not None and content:
                rest, rest_offset = self._block(block, content, offset, header, last=False)
            block.release()
        if rest and header is not None:
            with Block(len(rest)) as block:
                self._block(block, rest, rest_offset, header, last=True)

    def _header(self, content: bytes) -> tuple[Header | None, int]:
        """The header and how many bytes it takes with the blank lines before it."""
        used = 0
        while used < len(content):
            end = content.index(b"\n", used) + 1
            line = content[used:end]
            used = end
            if line.strip():
                header = read_header(line, self._delimiter, self._fields)
                if self._mapped is None:
                    self._report.fields.update(header.columns)
                    self._report.unknown_fields.update(dict.fromkeys(header.unknown, 0))
                return header, used
            self._report.blank_lines += 1
        return None, used

    def _block(self, block: Block, content: bytes, offset: int, header: Header, *, last: bool) -> tuple[bytes, int]:
        """Load a block; return the lines whose record is not complete yet, and their place."""
        before = self._before + self._report.records
        whole = self._whole(content, header)
        if whole is not None:
            text, quote = whole
            block.fill(text)
            expected = text.count(b"\n")
            if self._stage(block, header, expected, before, quote=quote):
                self._report.records += expected
                return b"", 0
            # A row has too many or too few cells: found and named below.
        rows = take_apart(content, header, offset, before, last)
        if rows.readable:
            block.fill(rows.clean)
            if not self._stage(block, header, rows.readable, before, longest=rows.longest):
                raise AccountingError(
                    "rows of a CSV log were lost while it was read",
                    where=self._report.path,
                    why=f"{rows.readable} were readable below row {before}",
                    hint="this is a fault of auditscan: report it; nothing was written",
                )
        self._report.records += rows.records
        self._report.quarantined += rows.quarantined
        self._report.blank_lines += rows.blank
        return rows.rest, rows.rest_offset

    def _whole(self, content: bytes, header: Header) -> tuple[bytes, str] | None:
        """The block as the engine can read it, and what quotes its cells; None where rows need a closer look."""
        return None if needs_care(content, header) else (content, "")

    def _stage(
        self, block: Block, header: Header, expected: int, before: int, *, longest: int = 0, quote: str = ""
    ) -> bool:
        """Stage and keep a block; False where the engine cannot read it, or reads another number of rows.

        `longest` is given for blocks that were taken apart: their rows bring their numbers, and
        quotes.
        """
        import duckdb

        # Places, not names: nothing of the log's own text becomes SQL.
        places, width, number = dict(header.columns), header.width, "row_number() over ()"
        if longest:
            places = {name: place for place, name in enumerate(header.columns, start=1)}
            width, number = len(places) + 1, "c0::bigint"
        cells = {name: f"c{place}" for name, place in places.items()}
        selected = ", ".join(f'{cells.get(name, "null::varchar")} as "{name}"' for name in self._fields)
        quote = '"' if longest else quote
        store = self._staging.store
        store.set(
            block_path=block.path,
            block_columns={f"c{place}": "VARCHAR" for place in range(width)},
            block_delimiter="," if longest else header.delimiter,
            block_line_size=max(LINE_BYTES, longest),
        )
        store.connection.execute(
            f"create or replace temp view incoming as select {number} as record_no, {selected} "  # noqa: S608 - places only
            "from read_csv(getvariable('block_path'), columns = getvariable('block_columns'), "
            "delim = getvariable('block_delimiter'), "
            "max_line_size = getvariable('block_line_size'), "
            f"quote = '{quote}', escape = '{quote}', header = false, auto_detect = false, "
            "strict_mode = true, null_padding = false, compression = 'none', new_line = '\\n')"
        )
        if self._mapped is not None:
            return self._take(self._mapped, expected, before)
        try:
            self._staging.stage()
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error:
            return False
        if self._staging.account().records != expected:
            return False
        self._staging.keep(expected, before)
        return True

    def _take(self, staging: MappedStaging, expected: int, before: int) -> bool:
        """Stage and keep a block of another system's rows; False where the engine cannot read it."""
        import duckdb

        store = staging.store
        try:
            # Read first and mapped then: a fault of the format's SQL must not pass for one of the log.
            store.connection.execute("create or replace temp table incoming_rows as select * from incoming")
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error:
            return False
        if store.one("select count(*) from incoming_rows") != expected:
            return False
        self._open_rows(store)
        outcome = staging.take(expected)
        self._report.fields |= self._given(staging)
        note_outcome(self._report, outcome, before, None, None)
        staging.keep(outcome.transfers, before)
        return True

    def _open_rows(self, store: Store) -> None:
        """Make the view `incoming` of the rows that were read."""
        store.connection.execute("create or replace temp view incoming as select * from incoming_rows")

    def _given(self, staging: MappedStaging) -> set[str]:
        """The canonical fields that the log has."""
        return staging.fields
