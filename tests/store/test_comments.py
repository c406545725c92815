"""Every table, view and column of a judged database says what it holds, in every client and after every change."""

from __future__ import annotations

import re
import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from auditscan.cli import run
from auditscan.library import Library
from auditscan.scanning.scan import scan
from auditscan.store import Store, open_store
from auditscan.store.comments import write_comments
from scans import LIBRARY, POLICY

if TYPE_CHECKING:
    from pathlib import Path

LOG = '{"transfer_id":"%s","occurred_at":"2026-02-01T12:00:00Z","sender":"CMS","recipient":"ICE","states":["OR"]}\n'
AS_OF = "2026-03-01"

COMMENTED = """
select table_name as name, null as column_name, comment from duckdb_tables() where database_name = current_database()
union all
select view_name, null, comment from duckdb_views()
where not internal and database_name = current_database()
union all
select table_name, column_name, comment from duckdb_columns()
where not internal and database_name = current_database()
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.ndjson"
    path.write_text(LOG % "T-1")
    return path


def keep(log: Path, *arguments: str, as_of: str = AS_OF) -> Path:
    """Scan a log into the database beside it."""
    database = log.with_name("kept.duckdb")
    assert run(["scan", str(log), "--db", str(database), "--as-of", as_of, "--exit-zero", *arguments]) == 0
    return database


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that no test changes."""
    log = tmp_path_factory.mktemp("kept") / "log.ndjson"
    log.write_text(LOG % "T-1")
    return keep(log)


def comments(database: Path) -> dict[tuple[str, str | None], str | None]:
    with open_store(database, LIBRARY, read_only=True) as store:
        return comments_of(store)


def comments_of(store: Store) -> dict[tuple[str, str | None], str | None]:
    return {(name, column): comment for name, column, comment in store.rows(COMMENTED)}


def without(found: dict[tuple[str, str | None], str | None]) -> list[tuple[str, str | None]]:
    return [name for name, comment in found.items() if not comment]


def test_everything_has_a_comment(kept):
    found = comments(kept)
    assert len(found) > 600
    assert without(found) == []
    for (name, column), comment in found.items():
        assert re.fullmatch(r"\S.*\.", comment), f"{name}.{column}: a comment is a sentence"


def test_no_comment_is_about_what_is_gone(kept):
    with open_store(kept, LIBRARY, read_only=True) as store:
        there = comments_of(store)
        tables, columns, own = (store.run(f"{kind}_comments") for kind in ("table", "column", "own"))
    for said in (tables, columns, own):
        assert len(said) == len(dict(said))
    assert [name for name, _ in tables if (name, None) not in there] == []
    assert {name for name, _ in columns} <= {column for _, column in there}
    assert [name for name, _ in own if tuple(name.split(".")) not in there] == []
    # One that says the same of every table stands once, by the name of the column.
    assert [name for name, comment in own if dict(columns).get(name.split(".")[1]) == comment] == []


def test_the_view_of_a_rule_says_what_the_rule_is_for(kept):
    rule = LIBRARY.get("name_present")
    assert comments(kept)["rule_name_present", None] == f"Rule (review): {rule.title}. {rule.why}"


@pytest.mark.parametrize("change", ["as-of", "since", "logs", "law"])
def test_comments_outlast_a_change(kept, log, tmp_path, change):
    before = comments(kept)
    shutil.copy(kept, log.parent)
    arguments: list[str] = []
    if change == "since":
        arguments = ["--since", "2026-01-01"]
    elif change == "logs":
        log.write_text(LOG % "T-2")
    elif change == "law":
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "agencies.csv").write_text("alias,agency,side\nERO Newark,ICE,recipient\n")
        arguments = ["--policy", str(tmp_path / "mine")]
    after = comments(keep(log, *arguments, as_of="2025-10-01" if change == "as-of" else AS_OF))
    assert after == before


RULE = '''/*
title = "Somebody's rule"
description = "Hits."
severity = "review"
reads = "transfers"
citation = "none"
evidence = "A"
why = """It's odd; drop
nothing."""
false_positives = "None known."
*/
{sql}
'''


def test_a_rule_of_ones_own_is_commented_on_as_it_says(log, tmp_path):
    folder = tmp_path / "mine" / "rules"
    folder.mkdir(parents=True)
    sql = "select record_key, '' as evidence, '' as citation, 'A' as certainty, 1 as \"More's\" from transfers"
    (folder / "own.sql").write_text(RULE.format(sql=sql))
    (folder / "wrong.sql").write_text(RULE.format(sql="select no_such_column from transfers"))
    database = log.with_name("kept.duckdb")
    assert run(["scan", str(log), "--db", str(database), "--as-of", AS_OF, "--queries", str(tmp_path / "mine")]) == 20
    found = comments(database)
    assert found["rule_own", None] == "Rule (review): Somebody's rule. It's odd; drop nothing."
    # The view of a rule has the columns that a rule returns, and no more.
    assert ("rule_own", "evidence") in found
    assert ("rule_own", "More's") not in found
    assert ("rule_wrong", None) not in found
    assert without(found) == []


def test_a_database_that_nobody_looks_into_is_not_commented_on_until_asked(log):
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [log], POLICY, date.fromisoformat(AS_OF))
        assert without(comments_of(store)) != []
        write_comments(store)
        assert without(comments_of(store)) == []


def test_reports_list_tables_and_columns(kept):
    library = Library.shipped()
    with open_store(kept, library, read_only=True) as store:
        tables = store.run("tables_and_views")
        names = [name for name, *_ in tables]
        assert names[:3] == ["answers", "findings", "transfers"]
        helpers = [str(comment).startswith("Helper: ") for *_, comment in tables]
        assert helpers == sorted(helpers)
        assert set(names) == {name for name, _ in comments_of(store)}
        columns = store.run("columns_of", table_name="Quarantine")
        assert [(name, kind) for name, kind, _ in columns][:2] == [
            ("source_id", "INTEGER"),
            ("source_record", "BIGINT"),
        ]
        assert all(comment for *_, comment in columns)
        store.connection.execute("create temp table quarantine (mine date)")
        assert store.run("columns_of", table_name="quarantine") == [("mine", "DATE", None)]
        assert store.run("columns_of", table_name="no such") == []
