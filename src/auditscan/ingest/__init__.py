"""One log file into the database: recognized, hashed, mapped, staged and accounted for."""

from auditscan.ingest.load import load_file

__all__ = ["load_file"]
