"""A kept database answers in every DuckDB client, under any name and clock, without auditscan."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from auditscan.cli import run
from auditscan.library import Library, shipped_folder

CLIENT = Path(__file__).parents[1] / "tools" / "any_client.py"
QUERIES = shipped_folder("queries")
LOGS = ("clean.ndjson", "broken.csv", "broken.ndjson", "02-eft-pushes.csv")


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("kept") / "case of 2026.duckdb"
    logs = [str(shipped_folder("sample_logs") / name) for name in LOGS]
    assert run(["scan", *logs, "--db", str(path), "--as-of", "2026-03-01"]) == 20
    return path


def ask(database: Path, queries: Path = QUERIES) -> dict[str, Any]:
    """What a client in a process of its own finds, with no way to our sources."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, str(CLIENT), str(database), str(queries)],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
        cwd=database.parent,
    )
    return json.loads(done.stdout)


def test_every_view_table_rule_and_report_runs_and_gives_the_same_under_every_name_and_clock(database):
    found = ask(database)
    assert found["failed"] == {}
    assert found["moved"] == []
    library = Library.shipped()
    # Views and tables, those of each rule among them, and then the files.
    assert found["ran"] > 50 + 2 * len(library.of("rule")) + len(library.of("report"))


def test_a_view_that_leans_on_the_session_would_be_seen(database, tmp_path):
    copy = tmp_path / "copy.duckdb"
    with duckdb.connect(str(copy)) as connection:
        connection.execute(f"attach '{database}' as kept (read_only)")
        for name in ("moments", "settings", "transfers", "kept_records"):
            connection.execute(f"create table {name} as from kept.{name}")
        connection.execute("create view local_times as select quarter::varchar as at from moments")
        connection.execute("create view broken as select as_of from settings")
        connection.execute("alter table settings rename as_of to day")
    found = ask(copy, tmp_path)
    assert found["moved"] == ["local_times"]
    assert "broken" in found["failed"]


def test_a_variable_that_is_set_narrows_and_one_that_is_not_narrows_nothing(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        everything = connection.execute("select sum(transfers) from selected_tallies").fetchone()
        assert everything == connection.execute("select count(*) from transfers").fetchone()
        connection.execute("set variable select_states = ['CA']")
        some = connection.execute("select sum(transfers) from selected_tallies").fetchone()
        assert 0 < some[0] < everything[0]
        hits = "select count(*) from rule_id_holes"
        before = connection.execute(hits).fetchone()
        connection.execute("set variable least_ids = 1")
        assert connection.execute(hits).fetchone()[0] > before[0]
