"""Small logs as plain as logs can be: a record a line, and nothing odd about the file.

They are held in memory until there are many, and read together. Whatever is odd about one, it is left to `load_file`,
which reads it alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from auditscan.ingest.detection import looked
from auditscan.ingest.digests import HashedContent, is_listed
from auditscan.ingest.log_file import items_of, note_format, rotated_on
from auditscan.ingest.mapped_lines import is_plain
from auditscan.readers.faults import is_not_of_the_file
from auditscan.readers.model import FIELDS, FileReport
from auditscan.readers.raw import HashedFile, UntilCut, read_up_to
from auditscan.readers.unpack import SUFFIXES, unpacked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from auditscan.ingest.detection import Looked
    from auditscan.ingest.formats import Format
    from auditscan.ingest.reads import Reads
    from auditscan.library import Library

SMALL_BYTES = 1 << 20
"""A longer file is worth its own turn of the steps."""


@dataclass(frozen=True, slots=True)
class PlainLog:
    """A small log that was read and hashed, and not yet loaded."""

    content: bytes
    """Its lines, a record each, the last one with its end."""
    report: FileReport
    """Its accounting, if it turns out to be what it seems to be."""
    log_format: Format | None = None
    """The format of its records; None for a canonical log."""
    rotated_on: str | None = None
    """The day that its name tells."""


def plain_log(path: Path, shown: str, library: Library, reads: Reads) -> PlainLog | None:
    """A small log that may be read together with others; None for all that has to be loaded alone."""
    try:
        source = HashedFile(path)
    except OSError:
        return None
    try:
        return None if source.length > SMALL_BYTES else _plain(source, path, shown, library, reads)
    except BaseException as error:
        if is_not_of_the_file(error):
            raise
        return None
    finally:
        source.close()


def _plain(source: HashedFile, path: Path, shown: str, library: Library, reads: Reads) -> PlainLog | None:
    unpacking, packed = unpacked(source)
    hashed = HashedContent(unpacking)
    stream = UntilCut(hashed)
    seen = looked(stream, stream, path, library, reads)
    if seen.notes or seen.encoding or seen.above or seen.shift != 0:
        return None
    content = _lines(seen)
    source.drain()
    if content is None or stream.cut or source.meanwhile()[0]:
        return None
    log_format = seen.taken.log_format
    report = FileReport(shown, source.hexdigest(), source.size, records=content.count(b"\n"))
    note_format(report, seen.taken)
    if log_format is None:
        report.fields = set(FIELDS)
    if report.format and packed:
        report.format += SUFFIXES[packed]
    if is_listed(shown):
        report.content_sha256 = hashed.sha256
    return PlainLog(content, report, log_format, rotated_on(path))


def _lines(seen: Looked) -> bytes | None:
    """The records of a file, one a line, where each is whole and no line is blank; else None."""
    taken, log_format = seen.taken, seen.taken.log_format
    if taken.openings or (log_format is not None and not log_format.by_record):
        return None
    if taken.kind in ("json", "inside") and log_format is not None:
        items = items_of(seen.stream, taken.kind, taken.inside)
        content = read_up_to(items, SMALL_BYTES + 1)
        if items.unclosed:
            return None
    elif taken.kind in ("ndjson", "lines"):
        content = read_up_to(seen.stream, SMALL_BYTES + 1)
    else:
        return None
    if not content or len(content) > SMALL_BYTES:
        return None
    content += b"" if content.endswith(b"\n") else b"\n"
    if taken.kind == "lines":
        return content if is_plain(content) else None
    lines = content.count(b"\n")
    # An object on each line, and no blank one: then the engine reads as many rows.
    is_whole = content.count(b"\n{") + 1 == lines == content.count(b"}\n")
    return content if is_whole and _are_objects(content) else None


def _are_objects(content: bytes) -> bool:
    """Whether each line is an object for certain: the engine that refuses one refuses all that are read with it."""
    try:
        text = content.decode()[:-1]
        objects = [json.loads(line, object_pairs_hook=list, parse_constant=_no_json) for line in text.split("\n")]
    except (ValueError, RecursionError):
        return False
    # The halves of a surrogate pair are characters to Python.
    return all(_is_object(members) for members in objects) and b"\\ud" not in content.lower()


def _is_object(members: Sequence[Any]) -> bool:
    return len(dict(members)) == len(members)


def _no_json(word: str) -> NoReturn:
    raise ValueError(word)
