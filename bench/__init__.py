"""Speed, measured against a bare DuckDB read of the same file in the same run."""
