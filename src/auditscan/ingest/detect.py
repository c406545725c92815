"""What a file is taken for, with what was said of it and what lies beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditscan.ingest.formats import format_named, formats_of
from auditscan.ingest.further import further, is_system_log
from auditscan.ingest.recognize import Recognized, recognize
from auditscan.readers import load_file, no_logs
from auditscan.readers.encodings import in_utf8
from auditscan.readers.model import DamagedFile
from auditscan.readers.raw import Fixed, HashedFile, UntilCut, read_up_to
from auditscan.readers.sniff import HEAD_BYTES
from auditscan.readers.unpack import unpacked
from auditscan.registers.mapping import mapping_beside
from auditscan.registers.workbooks import is_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from auditscan.ingest.formats import Format
    from auditscan.ingest.reads import Reads
    from auditscan.library import Library

__all__ = ["PARQUET_MAGIC", "detect", "register_format", "taken_for"]

PARQUET_MAGIC = b"PAR1"


def register_format(library: Library) -> Format | None:
    """The format of disclosure registers; None in a library without it."""
    return _register(formats_of(library))


def _register(formats: Iterable[Format]) -> Format | None:
    return next((one for one in formats if one.reader == "register"), None)


def taken_for(head: bytes, path: Path, library: Library, reads: Reads) -> Recognized:
    """What a text file is taken for by its head in UTF-8; a mapping makes a register of what shows no other format."""
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


def detect(path: Path, library: Library, reads: Reads) -> Recognized:
    """What a file is taken for, by its beginning alone; raises OSError where it cannot be opened."""
    source = HashedFile(path)
    try:
        stream, _ = unpacked(source)
        head = read_up_to(UntilCut(stream), HEAD_BYTES)
    except DamagedFile as error:
        return Recognized(None, None, error.message)
    finally:
        source.close()
    if not head.strip():
        return Recognized("empty", None, "it is empty")
    if head.startswith(PARQUET_MAGIC):
        return Recognized("parquet", None, "it begins as Parquet does")
    if is_workbook(head):
        return Recognized("workbook", register_format(library), "it is a workbook")
    text = read_up_to(in_utf8(Fixed(head)).stream, 4 * HEAD_BYTES).lstrip()
    if not text:
        return Recognized("empty", None, "it holds nothing but blanks")
    if (rows := load_file.as_csv(text, Fixed(b""))) is not None:
        text = read_up_to(rows, 4 * HEAD_BYTES)
    taken = taken_for(text.replace(b"\r\n", b"\n"), path, library, reads)
    if taken.kind is None and is_system_log(text) and (telling := _further(path, library)):
        taken = taken_for(telling, path, library, reads)
    beside = mapping_beside(path)
    if beside is not None and reads.log_format is None:
        return replace(taken, why=f"{beside.name} lies beside it")
    return taken


def _further(path: Path, library: Library) -> bytes:
    """What tells the format of a system log, wherever it stands."""
    source = HashedFile(path)
    try:
        stream, _ = unpacked(source)
        return further(b"", in_utf8(UntilCut(stream)).stream, library)[1]
    except DamagedFile:
        return b""
    finally:
        source.close()
