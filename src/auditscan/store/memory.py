"""How much memory the engine may take. What is larger spills to a private folder beside the database."""

__all__ = ["LARGE_MEMORY", "MEMORY_LIMIT", "NIGHT_MEMORY", "scan_memory"]

MEMORY_LIMIT = "800MB"
"""The share for questions: some queries on findings need it."""

NIGHT_MEMORY = "600MB"
"""The share of a nightly scan, which judges new transfers beside a ledger."""

LARGE_MEMORY = "1200MB"
"""The share for what did not fit in the usual one."""


def scan_memory(workers: int) -> str:
    """The share while logs are read and judged: blocks of them lie in memory beside it, more for more workers."""
    return f"{min(max(350, 150 + 100 * workers), 600)}MB"
