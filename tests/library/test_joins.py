"""No rule or report holds everything that grows with the logs against everything else that does.

A join without an equality compares each row of one side with each of the other: a log with 200,000 recipients took an
hour for one rule. Against the policy and the settings, which do not grow, that is no harm.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from auditscan.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARY = Library.shipped()
OF_ONE_ROW = ("UNGROUPED_AGGREGATE", "DUMMY_SCAN")
PASSED_ON = ("PROJECTION", "FILTER")
NOT_OF_LOGS = ("settings", "scope_settings", "rule_runs", "receipts")
"""Tables that do not grow with the logs, beside those of the policy."""

Node = dict[str, Any]


@pytest.fixture(scope="module")
def connection(judged_samples) -> Iterator[duckdb.DuckDBPyConnection]:
    path, _ = judged_samples
    with duckdb.connect(path, read_only=True) as opened:
        # As a scan has it; and tables that are empty here would be planned away, and joins on them with them.
        opened.execute(
            "set disabled_optimizers = 'join_order,build_side_probe_side,statistics_propagation,empty_result_pullup'"
        )
        yield opened


def of_logs(side: Node) -> set[str]:
    """The tables of logs on one side of a join; none where it comes to a single row."""
    below, name = side.get("children", []), side["name"].strip()
    if name in OF_ONE_ROW or (name in PASSED_ON and not of_logs(below[0])):
        return set()
    table = side["extra_info"].get("Table", "").rpartition(".")[2]
    own = {table} if table and not table.startswith("policy_") and table not in NOT_OF_LOGS else set()
    return own.union(*map(of_logs, below))


def unequal(node: Node) -> Iterator[tuple[object, set[str], set[str]]]:
    """The joins of a plan that compare tables of logs row by row: their conditions, and the tables of both sides."""
    below = node.get("children", [])
    if "NL_JOIN" in node["name"] or "NESTED_LOOP" in node["name"] or "CROSS_PRODUCT" in node["name"]:
        one, other = map(of_logs, below[:2])
        if one and other:
            yield node["extra_info"], one, other
    for inner in below:
        yield from unequal(inner)


def plan(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Node]:
    ((_, text),) = connection.execute(f"explain (format json) {sql}").fetchall()
    return json.loads(text)


@pytest.mark.parametrize("query", [*LIBRARY.of("rule"), *LIBRARY.of("report")], ids=lambda query: query.name)
def test_what_grows_with_the_logs_is_joined_by_what_is_equal(connection, query):
    assert not [found for node in plan(connection, query.sql) for found in unequal(node)]


def test_one_that_is_not_is_found(connection):
    sql = "select * from disclosures d join logged_parties p on p.text = case p.role when 'x' then d.sender else '' end"
    ((_, one, other),) = [found for node in plan(connection, sql) for found in unequal(node)]
    assert "logged_parties" in one | other
