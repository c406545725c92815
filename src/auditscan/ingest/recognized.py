"""What a file is taken for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditscan.ingest.formats import Format
    from auditscan.readers.containers import Opening


@dataclass(frozen=True, slots=True)
class Recognized:
    """What a file is taken for."""

    kind: str | None
    """How it is written: ndjson, json, csv, lines, register, prepared, no_log. None: it is nothing that can be read."""
    log_format: Format | None
    """The format of its records; None for a canonical log, or where `kind` is None."""
    why: str
    sure: str = "certain"
    """certain | likely."""
    delimiter: str = ","
    inside: str = ""
    """The key of an outer object that holds the list of records."""
    records: str = ""
    """How the JSON records lie in a file that is prepared: ndjson, json, inside. '': its text is no JSON."""
    header_line: int = 0
    """How many lines stand above the header of a table."""
    openings: tuple[Opening, ...] = ()
    """What is taken off, in this order, before the records are read as `kind` says."""
