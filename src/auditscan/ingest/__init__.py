"""One log file into the database: recognized, hashed, mapped, staged and accounted for."""

from auditscan.ingest.aside import log_teller
from auditscan.ingest.detect import detect
from auditscan.ingest.formats import Format, format_named, formats_of
from auditscan.ingest.load import load_file
from auditscan.ingest.reads import Reads
from auditscan.ingest.tail import TAILED, NotGrown, Tail
from auditscan.ingest.waiting import write_waiting

__all__ = [
    "TAILED", "Format", "NotGrown", "Reads", "Tail", "detect", "format_named", "formats_of", "load_file", "log_teller",
    "write_waiting",
]  # fmt: skip
