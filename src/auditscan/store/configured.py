"""What the engine is set to while it reads and judges, before it is locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.session.sqlsettings import SAME_ANSWERS
from auditscan.store.memory import MEMORY_LIMIT
from auditscan.text import literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

FEW = 10_000
"""So many records are few: several cores wait for each other longer than they work on them."""

_LEFT_OUT = "join_order,build_side_probe_side"
"""What the planner leaves undone. A log's size is not known while it is read: left to guess, it builds its hash table
on the log and probes with the few known rows, five times slower."""

_EVERYWHERE = (
    # The log's own order gives records their numbers.
    "set preserve_insertion_order = true",
    f"set disabled_optimizers = '{_LEFT_OUT}'",
    *SAME_ANSWERS,
)
"""Of every connection, whatever the program around us set."""

_LEFT_OUT_OF_LITTLE = (
    f"{_LEFT_OUT},aggregate_function_rewriter,aggregate_reuse,column_lifetime,common_aggregate,common_subexpressions,"
    "common_subplan,compressed_materialization,cte_filter_pusher,duplicate_groups,grouping_sets,join_elimination,"
    "join_filter_pushdown,late_materialization,outer_join_simplification,partial_aggregate_pushdown,"
    "projection_placement,projection_pullup,reorder_filter,self_join_aggregate,statistics_propagation,"
    "top_n_window_elimination,window_self_join"
)
"""What saves less on a few thousand records than to look for it takes."""

NOTHING_DRAWN = "set enable_progress_bar = false"
"""The engine would draw it on any output, a pipe too; it cannot be set for all."""


def configure(connection: duckdb.DuckDBPyConnection, work: Path, threads: int | None, *, compact: bool) -> None:
    """Set up a new connection."""
    _set_everywhere(connection, _EVERYWHERE)
    settings = [
        NOTHING_DRAWN,
        f"set memory_limit = '{MEMORY_LIMIT}'",
        f"set temp_directory = {literal(str(work / 'spill'))}",
        "set autoinstall_known_extensions = false",
        "set autoload_known_extensions = false",
        "set python_enable_replacements = false",
    ]
    if threads is not None:
        settings.append(f"set threads = {int(threads)}")
    # Trying these on every column takes a tenth of a scan, and saves a few bytes an id. Findings over time repeat
    # their words: there the first of them saves nine parts of ten, and what is small is copied soon.
    settings.append(f"set disabled_compression_methods = '{'zstd' if compact else 'dict_fsst,zstd'}'")
    # Checkpoints while logs are read would write the same pages again and again.
    settings.append("set wal_autocheckpoint = '1TB'")
    for setting in settings:
        connection.execute(setting)


def expect_little(connection: duckdb.DuckDBPyConnection, threads: int | None) -> None:
    """Have all connections plan for few records, on one core unless somebody said on how many."""
    _set_everywhere(connection, [f"set disabled_optimizers = '{_LEFT_OUT_OF_LITTLE}'"])
    if threads is None:
        connection.execute("set threads = 1")


def _set_everywhere(connection: duckdb.DuckDBPyConnection, settings: Sequence[str]) -> None:
    """Set a connection, and what its workers begin with."""
    for setting in settings:
        connection.execute(setting)
        connection.execute(setting.replace("set", "set global", 1))
