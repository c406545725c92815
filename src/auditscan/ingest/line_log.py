"""Logs of plain text, a record a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.ingest.mapped import MappedStaging, note_outcome
from auditscan.readers.blocks import Block, LineBlocks
from auditscan.readers.encodings import undecodable
from auditscan.readers.model import KEPT_BYTES, Unreadable

if TYPE_CHECKING:
    from auditscan.ingest.formats import Format
    from auditscan.readers.model import FileReport
    from auditscan.readers.raw import ByteStream
    from auditscan.store import Store

__all__ = ["LineLog"]

BLOCK_BYTES = 32 << 20
LINE_BYTES = 2 << 20
"""Longer lines than this are read with room for the longest of them."""


class LineLog:
    """Loads one log of text lines through the SQL of its format. A record's number is that of its line."""

    def __init__(self, store: Store, report: FileReport, log_format: Format, source_id: int, zone: str) -> None:
        self._report = report
        self._staging = MappedStaging(store, log_format, source_id, zone)
        self._lines = 0

    def load(self, stream: ByteStream) -> None:
        """Read the stream to its end; what cannot be read is added to the report."""
        try:
            with LineBlocks(stream, block_bytes=BLOCK_BYTES) as blocks:
                for block, offset in blocks:
                    self._block(block, offset)
                    block.release()
            self._staging.write()
        finally:
            self._staging.close()

    def _block(self, block: Block, offset: int) -> None:
        content = block.text()
        count = content.count(b"\n")
        # Parted only where somebody looks at the lines: that takes as long as the engine does for them.
        lines: list[bytes] | None = None
        if _is_plain(content):
            records = count
            self._open(block, numbered=False, longest=0)
        else:
            lines = content.split(b"\n")[:-1]
            records = self._number(block, lines, offset)
        outcome = self._staging.take(records)
        self._report.fields |= self._staging.fields
        if outcome.unreadable and lines is None:
            lines = content.split(b"\n")[:-1]
        note_outcome(self._report, outcome, self._lines, lines, offset)
        self._staging.keep(outcome.transfers, self._lines)
        self._report.records += records
        self._lines += count

    def _number(self, block: Block, lines: list[bytes], offset: int) -> int:
        """Leave out blank and undecodable lines, give the others their numbers, and open the block."""
        numbered: list[bytes] = []
        for number, line in enumerate(lines, start=1):
            raw = line.removesuffix(b"\r")
            if not raw.strip():
                self._report.blank_lines += 1
            elif reason := _no_text(raw):
                bad = Unreadable(self._lines + number, reason, offset, len(raw), raw[:KEPT_BYTES])
                self._report.quarantined.append(bad)
                self._report.records += 1
            else:
                # What parts number and line here stands in no text.
                numbered.append(b"%d\x01%s\n" % (number, raw.replace(b"\x01", b" ").replace(b"\r", b" ")))
            offset += len(line) + 1
        block.fill(b"".join(numbered))
        self._open(block, numbered=True, longest=max(map(len, numbered), default=0))
        return len(numbered)

    def _open(self, block: Block, *, numbered: bool, longest: int) -> None:
        store = self._staging.store
        store.set(
            block_path=block.path,
            block_line_size=max(LINE_BYTES, longest),
            block_columns={"record_no": "BIGINT", "line": "VARCHAR"} if numbered else {"line": "VARCHAR"},
        )
        store.run("numbered_text_lines" if numbered else "text_lines")


def _is_plain(content: bytes) -> bool:
    """Whether every line is text that the engine takes as it stands."""
    if any(mark in content for mark in (b"\r", b"\x00", b"\x01", b"\n\n", b" \n", b"\t\n")):
        return False
    if content.startswith(b"\n"):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(
        content.find(b"\n", start, start + LINE_BYTES // 2) >= 0
        for start in range(0, len(content), LINE_BYTES // 2)
        if start + LINE_BYTES // 2 <= len(content)
    )


def _no_text(raw: bytes) -> str | None:
    nul = raw.find(b"\x00")
    if nul >= 0:
        return f"a NUL byte at byte {nul + 1} of the line"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return undecodable(raw, error.start)
    return None
