"""What the rules found, found once for several queries."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.store import Store


@contextmanager
def found_once(store: Store) -> Iterator[None]:
    """Let what the rules found be tables while the block lasts: a query that joins it need not run every rule.

    The hash tables of all rules and of all answers together do not fit into the memory of a scan.
    """
    names = ("disclosure_findings", "event_findings")
    try:
        for name in names:
            store.connection.execute(f"create temp table {name} as from auditscan.{name}")
        yield
    finally:
        for name in names:
            store.connection.execute(f"drop table if exists temp.{name}")
