"""CSV logs: blocks without quotes or oddities as they stand, the others row by row."""

from __future__ import annotations

from auditscan.ingest.staging import Staging
from auditscan.readers.blocks import Block, LineBlocks
from auditscan.readers.csv_rows import Header, needs_care, read_header, take_apart
from auditscan.readers.model import FIELDS, FileReport
from auditscan.readers.raw import ByteStream
from auditscan.store import Store

BLOCK_BYTES = 16 << 20


class CsvLog:
    """Loads one CSV log. Record numbers count rows below the header."""

    def __init__(
        self, store: Store, report: FileReport, source_id: int, zone: str, delimiter: str
    ) -> None:
        self._store = store
        self._report = report
        self._staging = Staging(store, "canonical_csv", source_id, zone, "cell")
        self._delimiter = delimiter
        self._rows = 0

    def load(self, stream: ByteStream) -> None:
        """Read the stream to its end; what cannot be read is added to the report."""
        with LineBlocks(stream, block_bytes=BLOCK_BYTES) as blocks:
            self._load(blocks)
        self._staging.write()
        self._staging.close()

    def _load(self, blocks: LineBlocks) -> None:
        header: Header | None = None
        rest, rest_offset = b"", 0
        for block, offset in blocks:
            content = block.text()
            if header is None:
                header, used = self._header(content)
                content = content[used:]
                offset += used
                if header is None:
                    block.release()
                    continue
                if header.problem:
                    self._report.status = "unrecognized"
                    self._report.note = header.problem
                    return
            if rest:
                content, offset = rest + content, rest_offset
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
                header = read_header(line, self._delimiter)
                self._report.fields.update(header.columns)
                self._report.unknown_fields.update(dict.fromkeys(header.unknown, 0))
                return header, used
            self._report.blank_lines += 1
        return None, 0

    def _block(
        self, block: Block, content: bytes, offset: int, header: Header, *, last: bool
    ) -> tuple[bytes, int]:
        import duckdb

        if not needs_care(content, header):
            block.fill(content)
            try:
                if self._stage(block, header, content.count(b"\n"), numbered=False):
                    return b"", 0
            except duckdb.Error:
                pass  # A row with too many or too few cells: found and named below.
        rows = take_apart(content, header, offset, self._rows, last)
        if rows.clean:
            block.fill(rows.clean)
            self._stage(block, header, None, numbered=True)
        self._rows += rows.records
        self._report.quarantined += rows.quarantined
        self._report.blank_lines += rows.blank
        self._report.records += rows.records
        return rows.rest, rows.rest_offset

    def _stage(self, block: Block, header: Header, expected: int | None, *, numbered: bool) -> bool:
        """Stage and append; False where the engine read another number of rows than there are lines."""
        # Places, not names: nothing of the log's own text becomes SQL.
        width = header.width + numbered
        columns = {f"c{place}": "VARCHAR" for place in range(width)}
        places = {
            name: f"c{header.columns[name] + numbered}" if name in header.columns else "null::varchar"
            for name in FIELDS
        }
        number = "c0::bigint" if numbered else "row_number() over ()"
        self._staging.store.set(block_path=block.path, block_columns=columns, block_delimiter=header.delimiter)
        quote = '"' if numbered else ""
        selected = ", ".join(f"{place} as {name}" for name, place in places.items())
        self._staging.store.connection.execute(
            f"create or replace temp view incoming as select {number} as record_no, {selected} "
            "from read_csv(getvariable('block_path'), columns = getvariable('block_columns'), "
            f"delim = getvariable('block_delimiter'), quote = '{quote}', escape = '{quote}', header = false, "
            "auto_detect = false, strict_mode = true, null_padding = false, compression = 'none', "
            "max_line_size = 67108864, new_line = '\\n')"
        )
        self._staging.stage()
        account = self._staging.account()
        if expected is not None and account.records != expected:
            return False
        self._staging.keep(account.records, self._rows)
        if not numbered:
            self._rows += account.records
            self._report.records += account.records
        return True
