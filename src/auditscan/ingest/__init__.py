"""One log file into the database: recognized, hashed, mapped, staged and accounted for."""

from auditscan.ingest.load import TAILED, NotGrown, Tail, load_file

__all__ = ["TAILED", "NotGrown", "Tail", "load_file"]
