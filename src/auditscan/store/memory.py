"""How much memory the engine may take. What is larger spills to a private folder beside the database."""

MEMORY_LIMIT = "550MB"
"""The share for questions. Few need as much: what was read of a database stays while there is room for it."""

NIGHT_MEMORY = "600MB"
"""The share of a nightly scan, which judges new transfers beside a ledger."""

MORE_MEMORY = ("800MB", "1200MB")
"""The shares for what did not fit in the usual one, one after the other."""

LARGE_MEMORY = MORE_MEMORY[-1]


def scan_memory(workers: int) -> str:
    """The share while logs are read and judged: blocks of them lie in memory beside it, more for more workers."""
    return f"{min(max(350, 150 + 100 * workers), 600)}MB"
