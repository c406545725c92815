"""A look past the beginning of a system log: the lines that tell what it is may stand far below those of others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditscan.ingest.formats import formats_of
from auditscan.readers.raw import read_up_to
from auditscan.readers.sniff import HEAD_BYTES

if TYPE_CHECKING:
    from auditscan.library import Library
    from auditscan.readers.raw import ByteStream

__all__ = ["FURTHER_BYTES", "further", "is_system_log"]

FURTHER_BYTES = 64 << 20
"""How far the look goes."""

_LINE = re.compile(rb"(?:<\d{1,3}>)?(?:1 )?(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S")
_JOURNAL = re.compile(rb'\{[^\n]*"__REALTIME_TIMESTAMP"')


def is_system_log(head: bytes) -> bool:
    """Whether most of the first lines have the head of a system log, or are entries of a journal."""
    lines = [line for line in head.split(b"\n")[:20] if line.strip()]
    return sum(bool(_LINE.match(line) or _JOURNAL.match(line)) for line in lines) * 2 > len(lines)


def further(head: bytes, rest: ByteStream, library: Library) -> tuple[bytes, bytes]:
    """All that was read, the head with it, and as much of it as a format is told by; b'' where none is."""
    patterns = [one.pattern for one in formats_of(library) if one.prepare and one.pattern and one.reads_json]
    read = [head]
    size, last = len(head), head[head.rfind(b"\n") + 1 :]
    while size < FURTHER_BYTES and (piece := read_up_to(rest, 1 << 20)):
        read.append(piece)
        size += len(piece)
        text = (last + piece).decode("utf-8", "replace")
        for pattern in patterns:
            if found := pattern.search(text):
                return b"".join(read), text[found.start() :].encode()[:HEAD_BYTES]
        last = piece[piece.rfind(b"\n") + 1 :]
    return b"".join(read), b""
