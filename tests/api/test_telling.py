"""Explanations, tables, comparisons: what a session tells besides SQL."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import auditscan
from api import AS_OF, LOG, verdicts


def test_explaining_a_transfer(session):
    frame = session.explain("T-1")
    assert frame.columns == [
        "source_file", "source_record", "time", "regime", "kind", "part", "logged", "severity", "why", "origin",
    ]  # fmt: skip
    now = frame.filter(pl.col("time") == "now")
    assert now.row(0, named=True) | {"source_file": "", "why": ""} == {
        "source_file": "",
        "source_record": 1,
        "time": "now",
        "regime": "R2",
        "kind": "transfer",
        "part": "T-1",
        "logged": [],
        "severity": "enjoined",
        "why": "",
        "origin": None,
    }
    diagnosis = now.row(by_predicate=pl.col("part") == "diagnosis", named=True)
    assert diagnosis["logged"] == ["diagnosis"]
    assert diagnosis["severity"] == "enjoined"
    assert "regimes.toml:" in diagnosis["origin"]
    assert set(now["kind"]) == {"transfer", "category", "population", "program", "state"}
    (whole,) = session.explanation("T-1")
    assert whole.now.verdict == "enjoined"
    assert any(finding.rule == "enjoined_category" for finding in whole.findings)
    odd = LOG[3]["transfer_id"]
    assert session.explain(odd)["part"][0] == odd
    with pytest.raises(auditscan.UsageError):
        session.explain(1)
    with pytest.raises(auditscan.NoInputError) as caught:
        session.explain("T-11")
    assert "did you mean T-1" in caught.value.hint


def test_explaining_before_any_order(kept):
    with auditscan.connect(kept, as_of="2025-06-15") as session:
        frame = session.explain("T-1").filter(pl.col("time") == "now")
        assert frame["severity"][0] == "outside"


def test_tables_and_columns(session):
    tables = session.tables()
    assert tables.columns == ["name", "kind", "row_count", "comment"]
    assert tables["name"][0] == "answers"
    columns = session.describe("answers")
    assert columns.columns == ["column_name", "column_type", "comment"]
    assert columns["column_name"].to_list() == session.answers().collect_schema().names()
    assert columns["comment"].null_count() == 0


def test_the_summary_is_that_of_the_scan(kept, session, tmp_path):
    summary = auditscan.scan(kept.with_name("log.ndjson"), as_of=AS_OF)
    assert summary == session.summary
    assert (summary.counts.transfers, summary.counts.now["attempt"]) == (5, 1)
    assert summary.exit_code == 12
    assert "<td>attempt</td><td>1</td><td>1</td>" in session._repr_html_()


def test_comparing_policies(session):
    found = session.diff("base", "names-permitted", limit=-1)
    assert [row["transfer_id"] for row in found.transfers] == ["T-5"]
    assert found.headline["changed_now"] == 1
    again = session.diff(session.policy, auditscan.Policy.load("names-permitted"))
    assert (again.headline, again.transfers) == (found.headline, [])
    assert (again.before.label, again.after.label) == ("base", "what_ifs/names-permitted")
    assert session.diff("base", "base").headline["changed_now"] == 0
    assert session.diff("base", "2025-07-01").after.as_of == date(2025, 7, 1)
    assert max(row["transfers"] for row in session.sweep().points) >= 1
    assert session.sweep("names-permitted").side.label == "names-permitted"
    for wrong in ("nonsense", "", 7, None):
        with pytest.raises(auditscan.UsageError):
            session.diff("base", wrong)
    with pytest.raises(auditscan.UsageError):
        session.diff("base", "base", limit=-2)
    assert verdicts(session)["T-5"] == "review"


def test_base_is_the_policy_of_the_session(kept):
    policy = auditscan.Policy.load("names-permitted")
    with auditscan.connect(kept, as_of=AS_OF, policy=policy) as session:
        assert session.diff("base", "names-enjoined", limit=-1).transfers[0]["now_before"] == "permitted"
