"""Speed, measured against a bare DuckDB read of the same file in the same run."""

DAY = "2026-11-22"
"""Every log is judged as of this day."""
