"""A log behind lines that are of none: what else was written into the file, or what is left of another one.

Looked for is in pieces, as far as a bound. The lines above a log are read with it and cannot be read as its records;
those above the header of a table would hide it, so they are taken out and told by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditscan.ingest.recognize import SAMPLE, among_samples, known
from auditscan.ingest.recognized import Recognized
from auditscan.readers import sniff
from auditscan.readers.model import KEPT_BYTES, Unreadable
from auditscan.readers.raw import Prefixed, read_up_to
from auditscan.readers.sniff import HEAD_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.ingest.formats import Format
    from auditscan.readers.raw import ByteStream

WINDOW_BYTES = 1 << 20
SEARCHED_BYTES = 64 << 20
"""How far is looked for lines of a format that is known, and in what steps."""

HEADER_LINES = 1000
"""How many lines may stand above the header of a table; it is looked for in the first piece alone."""

_BY_LINE = ("lines", "ndjson", "prepared")

ABOVE = "it stands above the header of the table"


@dataclass(frozen=True, slots=True)
class Behind:
    """What a file is taken for by its later lines."""

    taken: Recognized
    stream: ByteStream
    """Its text from the beginning; blank lines in the place of those above the header of a table."""
    head: bytes
    above: tuple[Unreadable, ...] = ()
    """The lines above that header. With `moved` added, their places are those in the text as it was."""
    moved: int = 0
    """How many bytes fewer the stream has in front of that header."""


def look_behind(taken: Recognized, head: bytes, text: ByteStream, formats: Sequence[Format]) -> Behind:
    """What the later lines of a file are taken for whose first ones are of no format; `taken` where they are of none.

    `head` is how the text begins, read ahead of it or not at all.
    """
    seen = bytearray(read_up_to(text, len(head)))
    window, begin = bytes(seen), 0
    goes_on = head.count(b"\n") > SAMPLE or len(head) >= HEAD_BYTES
    for _ in range(SEARCHED_BYTES // WINDOW_BYTES if goes_on else 0):
        found = _among_lines(window, begin, formats)
        if found is not None:
            return Behind(found, Prefixed(bytes(seen), text), head)
        begin = len(seen)
        window = read_up_to(text, WINDOW_BYTES)
        if not window:
            break
        seen += window
    return _table(bytes(seen), text, head) or Behind(taken, Prefixed(bytes(seen), text), head)


def _among_lines(window: bytes, begin: int, formats: Sequence[Format]) -> Recognized | None:
    """The format of the lines of a piece of a text that begins at `begin`."""
    # Of the first piece those of the sample were looked at, of others the first one may be cut.
    skipped = SAMPLE if begin == 0 else 1
    lines = window.split(b"\n", skipped)
    if len(lines) <= skipped or not lines[-1].strip():
        return None
    at = begin + len(window) - len(lines[-1])
    found = known(lines[-1], formats)
    if found is None or found.kind not in _BY_LINE or any(one.unit != "line" for one in found.openings):
        # Records among so many other lines that the first ones show none.
        found = among_samples(lines[-1].decode("utf-8", "replace"), formats)
    return None if found is None else replace(found, why=f"{found.why}, from byte {at:,} on", sure="likely")


def _table(seen: bytes, text: ByteStream, head: bytes) -> Behind | None:
    """A canonical log in CSV whose header has other lines above it."""
    lines = seen[: HEAD_BYTES + WINDOW_BYTES].split(b"\n", HEADER_LINES)[:HEADER_LINES]
    offset = 0
    above: list[tuple[int, int, bytes]] = []
    for number, line in enumerate(lines, start=1):
        guess = sniff.csv_kind(line.decode("utf-8", "replace").removesuffix("\r"))
        if guess is not None:
            why = f"line {number} names fields of a transfer, as the header of a table; the lines above it do not"
            taken = Recognized("csv", None, why, "likely", guess.delimiter)
            blank = b"\n" * (number - 1)
            rest = Prefixed(blank + seen[offset:], text)
            moved = offset - len(blank)
            told = tuple(
                Unreadable(line_no, ABOVE, at - moved, len(raw), raw[:KEPT_BYTES]) for line_no, at, raw in above
            )
            return Behind(taken, rest, blank + head[offset:], told, moved)
        if line.strip():
            above.append((number, offset, line.removesuffix(b"\r")))
        offset += len(line) + 1
    return None
