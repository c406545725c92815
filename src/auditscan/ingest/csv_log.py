"""CSV logs: blocks as the engine reads them where no quote casts doubt on other lines, else row by row."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from auditscan.errors import AccountingError
from auditscan.ingest.block_log import BlockLog, BlockWorker
from auditscan.ingest.mapped import FormatStaging, Outcome, note_outcome
from auditscan.ingest.staging import Staging
from auditscan.readers.blocks import Block
from auditscan.readers.csv_blocks import ways_to_read
from auditscan.readers.csv_rows import NO_REST, Header, read_header, take_apart
from auditscan.readers.model import FIELDS, MAX_RECORD_BYTES, DamagedFile, FileReport

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditscan.ingest.formats import Format
    from auditscan.readers.blocks import LineBlocks
    from auditscan.readers.csv_blocks import Sifted
    from auditscan.readers.raw import ByteStream
    from auditscan.store import Store

MOST_COLUMNS = 1 << 14
"""As many as a sheet may have. The engine takes minutes to plan many more."""

BLOCK_BYTES = 16 << 20
LINE_BYTES = 2 << 20
"""Longer lines than this are taken apart, and read with room for the longest of them."""


class CsvLog(BlockLog):
    """Loads one CSV log. A record's number is that of the line on which it begins; `before` lines were read earlier."""

    def __init__(
        self,
        store: Store,
        report: FileReport,
        source_id: int,
        zone: str,
        delimiter: str,
        *,
        before: int = 0,
        log_format: Format | None = None,
        workers: int = 1,
    ) -> None:
        super().__init__(store, report, self._worker, workers, lines_before=before, block_bytes=BLOCK_BYTES)
        self.report = report
        self.source_id = source_id
        self.zone = zone
        self.log_format = log_format
        self.delimiter = delimiter
        self.fields = FIELDS if log_format is None else log_format.fields
        self.header: Header | None = None
        self.rest = NO_REST

    def load(self, stream: ByteStream) -> None:
        """Read the stream to its end; what cannot be read is added to the report."""
        super().load(stream)
        if self.rest.text:
            self._load_rest()

    def _load_rest(self) -> None:
        """Read what was left open where the log ends."""
        worker = self._worker(self)
        try:
            worker.settle_rest()
            worker.staging.write()
        finally:
            worker.staging.close()

    def pass_over(self, worker: BlockWorker, block: Block, offset: int) -> None:
        """Account for a line that is too long; a record that was left open before it does not go on in it."""
        if isinstance(worker, CsvWorker):
            worker.settle_rest()
        super().pass_over(worker, block, offset)

    def _worker(self, _: BlockLog) -> CsvWorker:
        return CsvWorker(self)

    def blocks(self, blocks: LineBlocks) -> Iterator[tuple[Block, int]]:
        """The blocks below the header; none where it says that the file cannot be read."""
        for block, begin in blocks:
            offset = begin
            if self.header is None and block.whole:
                raise DamagedFile(f"its first line is longer than {MAX_RECORD_BYTES >> 20} MiB")
            if self.header is None:
                content = block.text()
                self.header, used = self.find_header(content)
                self.lines += content.count(b"\n", 0, used)
                block.fill(content[used:])
                offset += used
            if self.header is not None and self.header.problem:
                self.report.status, self.report.note = "unrecognized", self.header.problem
                return
            if self.header is None or not block.size:
                block.release()
            else:
                yield block, offset

    def find_header(self, content: bytes) -> tuple[Header | None, int]:
        """The header and how many bytes it takes with the blank lines before it."""
        used = 0
        for line in io.BytesIO(content):
            used += len(line)
            if line.strip():
                header = read_header(line, self.delimiter, self.fields)
                if not header.columns:
                    whose = "a transfer" if self.log_format is None else f"`{self.log_format.name}`"
                    header.problem = f"its header names none of the fields of {whose}"
                if len(header.cells) > MOST_COLUMNS:
                    header.problem = (
                        f"its header has {len(header.cells):,} columns, and {MOST_COLUMNS:,} are the most that are read"
                    )
                if self.log_format is None:
                    self.report.fields.update(header.columns)
                    for cell in header.unknown:
                        self.report.count_unknown(cell, 0)
                return header, used
            self.report.blank_lines += 1
        return None, used


class CsvWorker:
    """Reads blocks of one CSV log on a connection of its own."""

    def __init__(self, log: CsvLog) -> None:
        self._log = log
        self._report = log.report
        self._mapped = (
            None if log.log_format is None else FormatStaging(log.store, log.log_format, log.source_id, log.zone)
        )
        self.staging: Staging = self._mapped or Staging(log.store, "canonical_csv", log.source_id, log.zone, "cell")

    @property
    def header(self) -> Header:
        """The columns of the log."""
        if self._log.header is None:
            raise ValueError("the header has not been read")
        return self._log.header

    def block(self, number: int, block: Block, offset: int) -> None:
        """Read a block as the engine does; row by row where it cannot, or where the block before says otherwise."""
        content = block.text()
        read = self._read_whole(block, content)
        with self._log.turn(number):
            if read is None or self._log.rest.text or self.header.other is not None:
                self.settle(block, content, offset)
                return
            outcome, sifted = read
            for bad in sifted.unread:
                begin = bad.byte_offset or 0
                raw = content[begin : begin + bad.byte_length]
                self._report.quarantined.add(self._log.lines + bad.source_record, bad.reason, offset + begin, raw)
            self._report.records += len(sifted.unread)
            self._report.blank_lines += sifted.blank
            self.keep(outcome, sifted.lines)

    def settle_rest(self) -> None:
        """Read what was left open, as nothing of it goes on."""
        if self._log.rest.text:
            with Block(len(self._log.rest.text)) as block:
                self.settle(block, b"", 0, last=True)

    def settle(self, block: Block, content: bytes, offset: int, *, last: bool = False) -> None:
        """Read a block whose turn it is, behind the lines that the last one left open."""
        log = self._log
        rest, log.rest = log.rest, NO_REST
        before = log.lines
        rows = take_apart(content, self.header, offset, before, last, self._report.quarantined, rest)
        if rows.readable:
            block.fill(rows.clean)
            outcome = self.read(block, rows.readable, longest=rows.longest)
            if outcome is None:
                raise AccountingError(
                    "rows of a CSV log were lost while it was read",
                    where=self._report.path,
                    why=f"{rows.readable} were readable below line {before}",
                    hint="this is a fault of auditscan: report it; nothing was written",
                )
            self.keep(outcome, rows.lines)
        else:
            log.lines += rows.lines
        self._report.records += rows.records - rows.readable
        self._report.blank_lines += rows.blank
        log.rest = rows.rest

    def keep(self, outcome: Outcome, lines: int) -> None:
        """Take a block of so many lines as read, whose turn it is; its records are numbered by them."""
        before = self._log.lines
        self._log.lines += lines
        if self._mapped is not None:
            self._report.fields |= self.given(self._mapped)
        note_outcome(self._report, outcome, before)
        self.staging.keep(outcome.transfers, before)
        self._report.records += outcome.records

    def _read_whole(self, block: Block, content: bytes) -> tuple[Outcome, Sifted] | None:
        """Read a block as the engine does, and tell how it was given to it; None where it cannot."""
        for sifted in ways_to_read(content, self.header):
            if sifted.text is not content:
                block.fill(sifted.text)
            outcome = self.read(block, sifted.readable, left_out=sifted.no_rows)
            if outcome is not None:
                return outcome, sifted
        return None

    def read(self, block: Block, expected: int, *, longest: int = 0, left_out: Sequence[int] = ()) -> Outcome | None:
        """Stage a block; None where the engine cannot read it, or reads another number of rows.

        `longest` is given for blocks that were taken apart: their rows bring their numbers, and commas. The rows that
        are `left_out`, by their numbers, are none.
        """
        import duckdb

        header, store = self.header, self.staging.store
        # Places, not names: nothing of the log's own text becomes SQL.
        first, number = (1, "c0::bigint") if longest else (0, "row_number() over ()")
        width = header.width + first
        places = {name: place + first for name, place in header.columns.items()}
        cells = {name: self.cell(f"c{place}") for name, place in places.items()}
        selected = ", ".join(f'{cells.get(name, "null::varchar")} as "{name}"' for name in self._log.fields)
        whole = self._whole(first)
        store.set(
            block_path=block.path,
            block_columns={f"c{place}": "VARCHAR" for place in range(width)},
            block_delimiter="," if longest else header.delimiter,
            block_line_size=max(LINE_BYTES, longest),
            left_out=list(left_out),
        )

        def rows(columns: str) -> str:
            but = "where record_no not in (select unnest(getvariable('left_out')::bigint[]))" if left_out else ""
            return (
                f"select * from (select {number} as record_no, {columns} "  # noqa: S608 - places only
                "from read_csv(getvariable('block_path'), columns = getvariable('block_columns'), "
                "delim = getvariable('block_delimiter'), "
                "max_line_size = getvariable('block_line_size'), "
                "quote = '\"', escape = '\"', header = false, auto_detect = false, "
                "strict_mode = true, null_padding = false, compression = 'none', new_line = '\\n')) " + but
            )

        if self._mapped is not None:
            # Read once more where a row needs it: to keep all cells of all rows takes longer.
            self._mapped.read_whole(rows(whole))
            return self._take(self._mapped, rows(selected), expected, block.size)
        store.connection.execute(f"create or replace temp view incoming as {rows(f'{selected}, {whole}')}")
        try:
            self.staging.stage()
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error:
            if self._log.stopped:
                raise
            return None
        return Outcome(expected) if self.staging.account().records == expected else None

    def _whole(self, first: int) -> str:
        """What makes the id of a row without one: the unknown cells of ours; of another system's all, and all words."""
        known = set() if self._mapped is not None else set(self.header.columns.values())
        named = sorted((cell, place) for place, cell in enumerate(self.header.cells) if place not in known)
        self.staging.store.set(block_names=[name for name, _ in named])
        cells = ", ".join(f"c{place + first}" for _, place in named)
        if self._mapped is not None:
            told = f"cell_fields(getvariable('block_names')::varchar[], [{cells}]::varchar[])"
            return f"{told} as whole_record, array_to_string([{cells}]::varchar[], chr(10)) as raw"
        if not named:
            return "null::varchar as unread"
        place = self.header.columns.get("transfer_id")
        needed = "true" if place is None else f"coalesce(is_blank(c{place + first}), true)"
        return f"case when {needed} then cell_fields(getvariable('block_names')::varchar[], [{cells}]) end as unread"

    def _take(self, staging: FormatStaging, rows: str, expected: int, size: int) -> Outcome | None:
        """Stage a block of another system's rows, as a query reads them; None where the engine cannot read it."""
        import duckdb

        store = staging.store
        try:
            # Read first and mapped then: a fault of the format's SQL must not pass for one of the log.
            store.connection.execute(f"create or replace temp table incoming_rows as {rows}")
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error:
            if self._log.stopped:
                raise
            return None
        if store.one("select count(*) from incoming_rows") != expected:
            return None
        self.open_rows(store)
        return staging.take(expected, size)

    def cell(self, place: str) -> str:
        """A cell as it is read, as an expression of its place."""
        return place

    def open_rows(self, store: Store) -> None:
        """Make the view `incoming` of the rows that were read."""
        store.connection.execute("create or replace temp view incoming as select * from incoming_rows")

    def given(self, staging: FormatStaging) -> set[str]:
        """The canonical fields that the log has."""
        return staging.fields
