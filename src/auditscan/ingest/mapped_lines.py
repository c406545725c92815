"""Logs of plain text, a record a line, on their way through the SQL of their format."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

from auditscan.ingest.mapped import FormatStaging, note_outcome
from auditscan.readers.encodings import undecodable
from auditscan.readers.json_lines import Repaired
from auditscan.readers.odd_lines import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditscan.ingest.block_log import BlockLog
    from auditscan.ingest.formats import Format
    from auditscan.readers.blocks import Block
    from auditscan.readers.model import FileReport, Quarantine
    from auditscan.readers.odd_lines import Line
    from auditscan.store import Store

BLOCK_BYTES = 16 << 20
LINE_BYTES = 2 << 20
"""Longer lines than this are read with room for the longest of them."""


class MappedLinesWorker:
    """Reads blocks of one log on a connection of its own. A record's number is that of its line."""

    def __init__(
        self, log: BlockLog, report: FileReport, store: Store, log_format: Format, source_id: int, zone: str
    ) -> None:
        self.staging = FormatStaging(store, log_format, source_id, zone)
        self._log = log
        self._report = report

    def block(self, number: int, block: Block, offset: int) -> None:
        """Read a block: as it stands where every line is plain text, else with its lines numbered."""
        content = block.text()
        count = content.count(b"\n")
        if is_plain(content):
            open_lines(self.staging, block)
            outcome = self.staging.take(count, block.size)
            before = self._log.place(number, count, count)
        else:
            numbered, before = self._log.look_closer(number, count, partial(_numbered, lines_of(content, offset)))
            block.fill(numbered.clean)
            open_lines(self.staging, block, max(map(len, io.BytesIO(numbered.clean)), default=1))
            outcome = self.staging.take(numbered.readable, block.size)
        with self._log.lock:
            self._report.fields |= self.staging.fields
            note_outcome(self._report, outcome, before, content, offset)
        self.staging.keep(outcome.transfers, before)


def open_lines(staging: FormatStaging, block: Block, longest: int = 0, numbered: str = "") -> None:
    """Make `incoming` of the lines of a block, none longer than `longest`; a step may have `numbered` them anew."""
    staging.store.run("text_lines", block_path=block.path, block_line_size=max(LINE_BYTES, longest))
    if numbered:
        staging.store.run(numbered)
    staging.read_whole("select record_no, line as whole_record, line as raw from incoming")


def _numbered(lines: Iterable[Line], before: int, quarantine: Quarantine) -> Repaired:
    """Leave out blank and undecodable lines and give the others their numbers."""
    done = Repaired()
    for line in lines:
        done.lines += 1
        raw = line.raw.removesuffix(b"\r")
        if not raw.strip():
            done.blank += 1
        elif reason := _no_text(raw):
            done.unreadable += 1
            quarantine.add(before + line.number, reason, line.offset, raw)
        else:
            # What parts line and number here stands in no text.
            done.clean += b"%s\x01%d\n" % (raw.replace(b"\x01", b" ").replace(b"\r", b" "), line.number)
    return done


def is_plain(content: bytes) -> bool:
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
