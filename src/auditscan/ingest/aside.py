"""Files whose names say that they hold no log: hidden ones, and READMEs. What they hold decides."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

from auditscan.ingest.detection import detect
from auditscan.readers.faults import is_not_of_the_file
from auditscan.readers.raw import HashedFile, open_log, read_up_to
from auditscan.readers.unpack import unpacked
from auditscan.registers.beside import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from auditscan.ingest.reads import Reads
    from auditscan.library import Library

_PROSE = (".md", ".rst", ".adoc", ".htm", ".html", ".pdf", ".rtf", ".doc", ".docx", ".odt")
"""Such files are for people: what stands in them like a record is an example."""

_MOST_TOML = 1 << 20

_JSON = ("ndjson", "json", "inside", "prepared")


def log_teller(library: Library, reads: Reads) -> Callable[[Path], bool]:
    """Return what tells whether a file is a log by its content alone, whatever it is called.

    A text that only shows a record, below a line of prose, is none. Where nobody can look, it may be one.
    """
    # Asked for by the user, a format is that of all files, and tells nothing of this one.
    unasked = replace(reads, log_format=None, mapping=None)

    def is_log(path: Path) -> bool:
        if path.name.lower().endswith(_PROSE):
            return False
        try:
            if path.name.endswith(SUFFIX) and _is_toml(path):
                return False
            taken = detect(path, library, unasked)
            if taken.kind in (None, "no_log", "empty") or taken.header_line:
                return False
            return taken.kind not in _JSON or _begins_as_json(path)
        except Exception as error:
            if is_not_of_the_file(error):
                raise
            return True

    return is_log


def _is_toml(path: Path) -> bool:
    """Whether a file is what its name says: `[[table]]` begins as JSON does."""
    with open_log(path) as file:
        content = read_up_to(file, _MOST_TOML)
    try:
        tomllib.loads(content.decode("utf-8-sig"))
    except ValueError:
        return False
    return True


def _begins_as_json(path: Path) -> bool:
    source = HashedFile(path)
    try:
        head = read_up_to(unpacked(source)[0], 1 << 10).replace(b"\0", b"")
    finally:
        source.close()
    return head.lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").startswith((b"{", b"["))
