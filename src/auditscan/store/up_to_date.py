"""Bringing a database up to date: its schema, its policy tables and its settings."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.policy import COLUMNS, Policy, load
from auditscan.version import __version__

if TYPE_CHECKING:
    from datetime import date

    from auditscan.store.store import Store

_VIEWS_NOW = {
    "disclosures": "drop table disclosures",
    "disclosure_meanings": "drop table disclosure_meanings",
    "traces": "alter table traces rename to trace_rows",
}
"""What to do with a table of an earlier version whose name a view has now."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What differs from when the database was last judged."""

    queries: bool
    """The query files, or this version: views have to be made again."""
    law: bool
    """Policy, queries or the first day asked about: everything has to be judged again."""
    clock: bool
    """The queries, or the zone by which the court counts days: what hangs on the logs alone has to be made again."""


def prepare(store: Store, policy: Policy, as_of: date, since: date) -> Changed:
    """Bring schema, policy tables and settings up to date, and tell what changed besides the as-of date.

    Policy tables are replaced whole.
    """
    queries = store.library.judging_sha256
    new = store.laid or not store.one("select count(*) from duckdb_tables() where table_name = 'settings'")
    before = [] if new else store.rows("select policy_sha256, queries_sha256, since, court_zone from settings")
    other_queries = not before or before[0][1] != queries
    changed = Changed(
        queries=not store.laid and other_queries,
        law=[row[:3] for row in before] != [(policy.sha256, queries, since)],
        clock=other_queries or before[0][3] != policy.court_zone,
    )
    if changed.law and not (store.laid and policy.tables == load().tables):
        for name in COLUMNS:
            lay_policy(store, name, policy)
    if changed.queries:
        # Earlier versions have tables where now views are; what `traces` held is kept.
        for name, change in _VIEWS_NOW.items():
            if store.one(
                "select count(*) from duckdb_tables() where database_name = 'auditscan' and table_name = $1", [name]
            ):
                store.connection.execute(change)
        # Words and tables; the views rest on tables that judging makes.
        for query in itertools.takewhile(lambda query: query.name != "views", store.library.of("schema")):
            store.execute(query.sql)
    store.laid = False
    store.connection.execute("delete from settings")
    store.connection.execute("delete from scope_settings")
    store.connection.execute("insert into scope_settings values ($1)", [since])
    store.connection.execute(
        "insert into settings select $1, $2, $3, court_zone, $4, $5, $6 from policy_settings",
        [as_of, since, policy.regime_on(as_of), policy.sha256, queries, __version__],
    )
    return changed


def lay_policy(store: Store, name: str, policy: Policy) -> None:
    """Make a table of the policy anew."""
    columns = dict(COLUMNS[name])
    declared = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    store.connection.execute(f"create or replace table {name} ({declared})")
    store.insert(name, columns, policy.tables[name])
