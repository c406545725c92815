"""The DuckDB database: the one place that opens it, and the tables every other part finds in it."""

from auditscan.store.memory import LARGE_MEMORY, MEMORY_LIMIT, MORE_MEMORY, NIGHT_MEMORY, scan_memory
from auditscan.store.store import KEYS_A_SOURCE, Store, is_ledger, open_store
from auditscan.store.up_to_date import Changed, lay_policy, prepare

__all__ = [
    "KEYS_A_SOURCE",
    "LARGE_MEMORY",
    "MEMORY_LIMIT",
    "MORE_MEMORY",
    "NIGHT_MEMORY",
    "Changed",
    "Store",
    "is_ledger",
    "lay_policy",
    "open_store",
    "prepare",
    "scan_memory",
]
