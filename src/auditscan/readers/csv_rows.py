"""Rows of a CSV log, each accounted for.

Blocks without quotes go to DuckDB as they are. In the others every record is taken apart here: a stray
quote must cost one line, not all lines up to the next quote.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from auditscan.policy import normalize
from auditscan.readers.model import FIELDS, KEPT_BYTES, Unreadable

MAX_OPEN_BYTES = 1 << 20
"""A quoted cell longer than this was never closed."""


@dataclass(slots=True)
class Header:
    """The columns of a CSV log."""

    cells: list[str]
    line: bytes
    delimiter: str
    columns: dict[str, int] = field(default_factory=dict)
    """Canonical field -> place of its column."""
    unknown: list[str] = field(default_factory=list)
    problem: str | None = None
    """Why the file cannot be read under this header."""

    @property
    def width(self) -> int:
        return len(self.cells)


def read_header(line: bytes, delimiter: str) -> Header:
    """Take the first line apart into known and unknown columns."""
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    cells = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    header = Header(cells=cells, line=line.rstrip(b"\r\n"), delimiter=delimiter)
    for place, cell in enumerate(cells):
        name = normalize(cell)
        if name not in FIELDS:
            header.unknown.append(cell)
        elif name in header.columns:
            header.problem = f"the header names the field {name} twice: which column counts cannot be known"
        else:
            header.columns[name] = place
    return header


@dataclass(slots=True)
class Rows:
    """The records of one block."""

    clean: bytes = b""
    """CSV without a header, its first cell the record's number in this block."""
    records: int = 0
    blank: int = 0
    quarantined: list[Unreadable] = field(default_factory=list)
    rest: bytes = b""
    """Lines of a record whose quote is still open at the block's end."""
    rest_offset: int = 0


def needs_care(block: bytes, header: Header) -> bool:
    """Whether a block holds anything that DuckDB's reader might take wrongly without saying so."""
    if b'"' in block or b"\x00" in block or b"\r" in block or header.line in block or b"\n\n" in block:
        return True
    return block.startswith(b"\n") or b" \n" in block or not _is_utf8(block)


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def take_apart(block: bytes, header: Header, offset: int, before: int, last: bool) -> Rows:
    """Sort a block's lines into rows, blanks and the quarantine; `last` says that no block follows."""
    rows = Rows()
    lines = block.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=header.delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            rows.blank += 1
            offset += len(lines[at]) + 1
            at += 1
            continue
        count, cells, reason = _record(lines, at, header, last)
        if count == 0:
            rows.rest = b"\n".join(lines[at:]) + b"\n"
            rows.rest_offset = offset
            break
        raw = b"\n".join(lines[at : at + count])
        rows.records += 1
        if reason is None:
            writer.writerow([rows.records, *cells])
        else:
            rows.quarantined.append(
                Unreadable(before + rows.records, reason, offset, len(raw), raw[:KEPT_BYTES])
            )
        offset += len(raw) + 1
        at += count
    rows.clean = written.getvalue().encode("utf-8")
    return rows


def _record(lines: list[bytes], at: int, header: Header, last: bool) -> tuple[int, list[str], str | None]:
    """(lines used, cells, why not) of the record at `at`; no lines used: its end is in the next block."""
    used = 1
    quotes = lines[at].count(b'"')
    size = len(lines[at])
    while quotes % 2 and at + used < len(lines) and size <= MAX_OPEN_BYTES:
        quotes += lines[at + used].count(b'"')
        size += len(lines[at + used])
        used += 1
    if quotes % 2:
        if not last and size <= MAX_OPEN_BYTES:
            return 0, [], None
        return 1, [], "a quote is opened and never closed"
    raw = b"\n".join(lines[at : at + used])
    cells, reason = _cells(raw, header)
    if used > 1 and (reason or _swallowed(lines[at + 1 : at + used], header)):
        return 1, [], "a quote is opened and closed only on a later line, over lines that are rows of their own"
    return used, cells, reason


def _swallowed(lines: list[bytes], header: Header) -> bool:
    """Whether any of the lines inside a quoted cell looks like a row itself."""
    mark = header.delimiter.encode()
    return any(line.count(mark) >= header.width - 1 for line in lines) and header.width > 1


def _cells(raw: bytes, header: Header) -> tuple[list[str], str | None]:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return [], f"undecodable text: byte {error.start + 1} of the row is no UTF-8"
    if "\x00" in text:
        return [], f"a NUL byte at character {text.index(chr(0)) + 1}"
    text = text.removesuffix("\r")
    try:
        found = list(csv.reader(_lines_of(text), delimiter=header.delimiter, strict=True))
    except csv.Error as error:
        return [], f"not CSV: {error}"
    if len(found) != 1:
        return [], f"not CSV: a line end inside the row makes {len(found)} rows of it"
    cells = found[0]
    if len(cells) != header.width:
        return [], f"{len(cells)} cells where the header has {header.width}"
    if cells == header.cells or [normalize(cell) for cell in cells] == [normalize(cell) for cell in header.cells]:
        return [], "the header is repeated"
    return cells, None


def _lines_of(text: str) -> Iterator[str]:
    yield from text.splitlines(keepends=True) if "\n" in text else (text,)
