"""What a file is taken for, with what was said of it and what lies beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditscan.errors import UsageError
from auditscan.ingest.behind import look_behind
from auditscan.ingest.formats import format_named, formats_of
from auditscan.ingest.parquet_log import PARQUET_MAGIC, parquet_fault, parquet_file, parquet_taken_for
from auditscan.ingest.recognize import recognize
from auditscan.ingest.recognized import Recognized
from auditscan.readers import load_file, no_logs
from auditscan.readers.encodings import LineFeeds, ends_lines_with_cr, in_utf8
from auditscan.readers.model import DamagedFile
from auditscan.readers.raw import HashedFile, Prefixed, UntilCut, read_up_to
from auditscan.readers.sniff import HEAD_BYTES, RECORD_BYTES, ends_within_record
from auditscan.readers.unpack import unpacked
from auditscan.registers.beginnings import is_workbook
from auditscan.registers.beside import mapping_beside, taken_beside

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from auditscan.ingest.formats import Format
    from auditscan.ingest.reads import Reads
    from auditscan.library import Library
    from auditscan.readers.model import Unreadable
    from auditscan.readers.raw import ByteStream

BLANK_BYTES = 16 << 20
"""How many blanks may stand before the first record."""

_PREFACE = re.compile(rb'(?:"?(?:#TYPE |sep=.)[^\n]*\n)+')
"""Lines that PowerShell, and whoever opens a table in a spreadsheet, writes above its header."""


def register_format(library: Library) -> Format | None:
    """The format of disclosure registers; None in a library without it."""
    return _register(formats_of(library))


def _register(formats: Iterable[Format]) -> Format | None:
    return next((one for one in formats if one.reader == "register"), None)


_LAST: dict[tuple[object, ...], Recognized] = {}
"""What the last file was taken for: who finds that it has to be read alone, hands it on."""


def taken_for(head: bytes, path: Path, library: Library, reads: Reads) -> Recognized:
    """What a text file is taken for by its head in UTF-8; a mapping makes a register of what shows no other format."""
    asked = (head, path, library.sha256, reads, mapping_beside(path))
    taken = _LAST.get(asked)
    if taken is None:
        taken = _taken_for(head, path, library, reads)
        _LAST.clear()
        _LAST[asked] = taken
    return taken


def _taken_for(head: bytes, path: Path, library: Library, reads: Reads) -> Recognized:
    formats = formats_of(library)
    asked = None if reads.log_format is None else format_named(library, reads.log_format)
    register = _register(formats)
    if asked is None and mapping_beside(path) is not None:
        asked = register
    taken = recognize(head, path.name, formats, asked)
    is_open = taken.kind in (None, "csv") and taken.log_format is None
    if asked is None and reads.mapping is not None and is_open and register is not None:
        return recognize(head, path.name, formats, register)
    # What the content leaves open the name may tell: a lock file, the settings of a program.
    if taken.kind is None and (kind := no_logs.by_name(path.name)):
        return Recognized("no_log", None, kind)
    return taken


@dataclass(frozen=True, slots=True)
class Looked:
    """A file of text, at its beginning."""

    taken: Recognized
    stream: ByteStream
    """Its text in UTF-8, with lines that end in line feeds."""
    head: bytes
    """How it begins; nothing but blanks where the file, as far as anybody would look, holds nothing else."""
    source: UntilCut
    """Where its bytes come from, which tells whether it was cut off."""
    notes: tuple[str, ...] = ()
    """What is odd about its text."""
    shift: int | None = 0
    """What to add to a byte's place in the stream to find it in the file; None where bytes were changed."""
    encoding: str = ""
    """What its text is written in, where that is not plain UTF-8."""
    above: tuple[Unreadable, ...] = ()
    """Lines above the header of a table; with `shift` added, their places are those in the file."""


def looked(stream: ByteStream, source: UntilCut, path: Path, library: Library, reads: Reads) -> Looked:
    """What a file of text is taken for, and its text: as a scan reads it, and all others who look at it."""
    decoded = in_utf8(stream)
    notes, shift, text = [decoded.note], decoded.shift, decoded.stream
    head = read_up_to(text, HEAD_BYTES)
    if head.startswith(b"\0"):
        head, nuls = past_nuls(head, text)
        notes.append(
            f"its first {nuls:,} bytes are NUL, as in a log that was emptied while it was written: passed over"
        )
        shift = None if shift is None else shift + nuls
    head = past_blanks(Prefixed(head, text))
    if ends_lines_with_cr(head):
        notes.append("lines end with lone carriage returns")
        head, text = head.replace(b"\r", b"\n"), LineFeeds(text)
    if preface := _PREFACE.match(head):
        # Blank lines in their place: all others keep their numbers.
        lines = preface.group().count(b"\n")
        head = b"\n" * lines + head[preface.end() :]
        shift = None if shift is None else shift + preface.end() - lines
    if (rows := load_file.as_csv(head, text)) is not None:
        notes.append("a load file of a litigation database")
        head, text, shift = past_blanks(rows), rows, None
    text = Prefixed(head, text)
    if not head.strip():
        return Looked(Recognized("empty", None, "it holds nothing but blanks"), text, head, source, tuple(notes), shift)
    taken = taken_for(head, path, library, reads)
    above: tuple[Unreadable, ...] = ()
    if taken.kind is None and reads.log_format is None:
        found = look_behind(taken, head, text, formats_of(library))
        taken, text, head, above = found.taken, found.stream, found.head, found.above
        shift = None if shift is None else shift + found.moved
    return Looked(taken, text, head, source, tuple(filter(None, notes)), shift, decoded.note, above)


def is_prefaced(head: bytes) -> bool:
    """Whether something stands above the text of a file that is not read with it."""
    return head.startswith(b"\0") or _PREFACE.match(head) is not None


def past_nuls(head: bytes, stream: ByteStream) -> tuple[bytes, int]:
    """What stands behind the NUL bytes that a file begins with, and how many these are."""
    count = 0
    while head and not head.strip(b"\0"):
        count += len(head)
        head = read_up_to(stream, HEAD_BYTES)
    rest = head.lstrip(b"\0")
    count += len(head) - len(rest)
    return rest + read_up_to(stream, HEAD_BYTES - len(rest)), count


def past_blanks(stream: ByteStream) -> bytes:
    """The head of a stream: blanks, and the first HEAD_BYTES behind them or as many as hold a whole record."""
    head = read_up_to(stream, HEAD_BYTES)
    while head and not head.strip() and len(head) < BLANK_BYTES:
        more = read_up_to(stream, HEAD_BYTES)
        if not more:
            break
        head += more
    while len(head) < RECORD_BYTES and ends_within_record(head):
        more = read_up_to(stream, 4 * len(head))
        if not more:
            break
        head += more
    return head


def detect(path: Path, library: Library, reads: Reads) -> Recognized:
    """What a file is taken for, by its beginning alone; raises OSError where it cannot be opened."""
    source = HashedFile(path)
    try:
        return _detected(source, path, library, reads)
    except DamagedFile as error:
        return Recognized(None, None, error.message)
    finally:
        source.close()


def _detected(source: HashedFile, path: Path, library: Library, reads: Reads) -> Recognized:
    unpacking, _ = unpacked(source)
    stream = UntilCut(unpacking)
    head = read_up_to(stream, HEAD_BYTES)
    if not head.strip():
        return Recognized("empty", None, "it is empty")
    if is_workbook(head):
        return Recognized("workbook", register_format(library), "it is a workbook")
    whole = Prefixed(head, stream)
    if head.startswith(PARQUET_MAGIC):
        return _parquet(path, whole, library, reads)
    taken = looked(whole, stream, path, library, reads).taken
    beside = mapping_beside(path)
    if beside is not None and reads.log_format is None:
        try:
            taken_beside(path, yes=reads.trust)
        except UsageError as error:
            return replace(taken, why=error.message)
        return replace(taken, why=f"{beside.name} lies beside it")
    return taken


def _parquet(path: Path, whole: ByteStream, library: Library, reads: Reads) -> Recognized:
    import duckdb

    with parquet_file(whole) as copy, duckdb.connect() as connection:
        try:
            return parquet_taken_for(connection, copy, path.name, library, reads)
        except duckdb.Error:
            return Recognized(None, None, parquet_fault(copy))
