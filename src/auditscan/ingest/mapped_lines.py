"""Logs of plain text, a record a line, on their way through the SQL of their format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.ingest.mapped import MappedStaging, note_outcome
from auditscan.readers.encodings import undecodable
from auditscan.readers.json_lines import Repaired
from auditscan.readers.model import KEPT_BYTES, Unreadable

if TYPE_CHECKING:
    from auditscan.ingest.block_log import BlockLog
    from auditscan.ingest.formats import Format
    from auditscan.readers.blocks import Block
    from auditscan.readers.model import FileReport
    from auditscan.store import Store

__all__ = ["BLOCK_BYTES", "MappedLinesWorker"]

BLOCK_BYTES = 16 << 20
LINE_BYTES = 2 << 20
"""Longer lines than this are read with room for the longest of them."""


class MappedLinesWorker:
    """Reads blocks of one log on a connection of its own. A record's number is that of its line."""

    def __init__(
        self, log: BlockLog, report: FileReport, store: Store, log_format: Format, source_id: int, zone: str
    ) -> None:
        self.staging = MappedStaging(store, log_format, source_id, zone)
        self._log = log
        self._report = report

    def block(self, number: int, block: Block, offset: int) -> None:
        """Read a block: as it stands where every line is plain text, else with its lines numbered."""
        content = block.text()
        count = content.count(b"\n")
        # Parted only where somebody looks at the lines: that takes as long as the engine does for them.
        lines: list[bytes] | None = None
        repaired: Repaired | None = None
        if _is_plain(content):
            readable = count
            self._open(block, longest=0)
        else:
            lines = content.split(b"\n")[:-1]
            repaired, longest = _numbered(lines, offset)
            readable = count - repaired.blank - len(repaired.quarantined)
            block.fill(repaired.clean)
            self._open(block, longest=longest)
        outcome = self.staging.take(readable)
        before = self._log.place(number, count, count if repaired is None else count - repaired.blank, repaired)
        if outcome.unreadable and lines is None:
            lines = content.split(b"\n")[:-1]
        with self._log.lock:
            self._report.fields |= self.staging.fields
            note_outcome(self._report, outcome, before, lines, offset)
        self.staging.keep(outcome.transfers, before)

    def _open(self, block: Block, *, longest: int) -> None:
        self.staging.store.run("text_lines", block_path=block.path, block_line_size=max(LINE_BYTES, longest))
        self.staging.read_whole("select record_no, line as whole_record, line as raw from incoming")


def _numbered(lines: list[bytes], offset: int) -> tuple[Repaired, int]:
    """Leave out blank and undecodable lines and give the others their numbers; how long the longest is."""
    done = Repaired(lines=len(lines))
    numbered: list[bytes] = []
    for number, line in enumerate(lines, start=1):
        raw = line.removesuffix(b"\r")
        if not raw.strip():
            done.blank += 1
        elif reason := _no_text(raw):
            done.quarantined.append(Unreadable(number, reason, offset, len(raw), raw[:KEPT_BYTES]))
        else:
            # What parts line and number here stands in no text.
            numbered.append(b"%s\x01%d\n" % (raw.replace(b"\x01", b" ").replace(b"\r", b" "), number))
        offset += len(line) + 1
    done.clean = b"".join(numbered)
    return done, max(map(len, numbered), default=0)


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
