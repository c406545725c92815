"""Night by night comes to the same as all at once; and a change of the law is told, reading no log."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import scans
import strategies
from auditscan.errors import ExitCode
from auditscan.ledger import run
from auditscan.library import Library
from auditscan.policy import Policy
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from ledger.keeping import AS_OF, Keeper, answers_of, record

COUNTED = (
    (
        "select regime_then, timed, in_scope, attempt, sum(transfers), sum(people), sum(counted), max(most_people) "
        "from tallies group by all order by all"
    ),
    "select week, regime_then, in_scope, attempt, sum(transfers) from week_tallies group by all order by all",
    (
        "select rule, outcome, hits from rule_runs where rule in (select rule from rule_runs where outcome = 'ran') "
        "and rule not in ('changed_evidence', 'vanished_source') order by rule"
    ),
    "select rule, transfer_id, evidence, citation, certainty from findings order by all",
    "select verdict_now, verdict_then, week, sum(transfers) from selected_week_tallies group by all order by all",
)


def counted(store):
    return [store.rows(sql) for sql in COUNTED]


@pytest.fixture
def keeper(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Keeper()


def test_a_night_that_needs_more_memory_is_begun_again_with_more(keeper, monkeypatch):
    keeper.log("a.ndjson", *(record(f"T-{number}") for number in range(50)))
    monkeypatch.setattr(run, "NIGHT_MEMORY", "10MB")
    with monkeypatch.context() as no_more:
        no_more.setattr(run, "LARGE_MEMORY", "10MB")
        with pytest.raises(duckdb.OutOfMemoryException):
            keeper.night()
        assert not keeper.setup.database.exists()
    night = keeper.night()
    assert (night.scan_id, night.complete, night.totals["records"]) == (1, True, 50)


@given(data=st.data())
@settings(
    # The first is the smallest that there is. What is drawn thrice costs no more nights than what is drawn once.
    max_examples=max(2, scans.EXAMPLES // 12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_night_by_night_comes_to_the_same_as_all_at_once(data, tmp_path, monkeypatch):
    """Whatever comes when, repeats and conflicts over nights included; files grow, too."""
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    monkeypatch.chdir(tmp_path)
    drawn = [strategies.ndjson(data.draw(strategies.records(max_size=12))) for _ in range(3)]
    texts = ["".join(files.values()).splitlines(keepends=True) for files in drawn]
    keeper = Keeper()
    for left in (2, 1, 0):
        for text in texts:
            upto = data.draw(st.integers(0, len(text))) if left else len(text)
            name = data.draw(st.sampled_from(["a.ndjson", "m.ndjson", "z.ndjson"]))
            with (keeper.logs / name).open("a", encoding="utf-8") as file:
                file.write("".join(text[:upto]))
            del text[:upto]
        if any(path.stat().st_size for path in keeper.logs.iterdir()):
            keeper.night()
    with open_store(None, scans.LIBRARY, threads=2) as store:
        scan(store, [keeper.logs], scans.POLICY, AS_OF)
        assert keeper.answers() == answers_of(store)
        at_once = counted(store)
    with open_store(keeper.setup.database, scans.LIBRARY, read_only=True) as store:
        assert counted(store) == at_once
        spans = store.rows(
            "select rule, count(distinct transfer_id) from finding_spans s inner join kept_records r "
            "on s.key = r.record_key where reads = 'transfers' and until_scan is null group by all order by all"
        )
        found = store.rows(
            "select rule, count(distinct transfer_id) from event_findings e "
            "inner join kept_records r using (record_key) group by all order by all"
        )
        assert spans == found
        says = "severity, evidence, citation, certainty"
        assert store.rows(
            f"select rule, coalesce(key::varchar, subject), {says} from finding_spans "
            "where reads <> 'transfers' and until_scan is null order by all"
        ) == store.rows(
            f"select distinct rule, disclosure_id::varchar, {says} from disclosure_findings "
            f"union select rule, subject, {says} from source_findings order by all"
        )


def test_a_new_policy_judges_everything_without_a_log(keeper):
    keeper.log("a.ndjson", record(1), record(2, elements=["diagnosis"]), record(3, states=["TX"]))
    keeper.night()
    shutil.rmtree(keeper.logs)
    keeper.logs.mkdir()
    policy = Policy.load("R2.categories.address=review")
    night = keeper.night(policy=policy)
    assert night.judged_all == "policy"
    (move,) = [move for move in night.moves if move.time == "now"]
    assert (move.verdict_before, move.verdict_after, move.transfers) == ("permitted", "review", 1)
    assert "address permitted -> review" in move.because[0]
    assert "1 transfer is judged worse than before" in night.worse_because
    assert keeper.night(policy=policy).judged_all is None
    assert keeper.rows("select scan_id, judged_all from scans order by scan_id") == [
        (1, "first scan"),
        (2, "policy"),
        (3, None),
    ]


def test_a_later_day_under_another_order_judges_everything(keeper):
    keeper.log("a.ndjson", record(1))
    night = keeper.night(as_of=date(2025, 9, 1))
    assert night.regime_now == "R1"
    assert night.exit_code == ExitCode.ENJOINED
    later = keeper.night(as_of=date(2026, 1, 6))
    assert (later.judged_all, later.regime_now) == ("regime now", "R2")
    assert [(move.verdict_before, move.verdict_after) for move in later.moves] == [("enjoined", "permitted")]
    assert later.worse_because == ()
    assert [each.what for each in later.adjustments] == ["the order in force"]
    assert keeper.night(as_of=date(2026, 1, 7)).judged_all is None


def test_new_rules_are_run_on_everything(begun):
    rules = Path("mine/rules")
    rules.mkdir(parents=True)
    (rules / "any_transfer.sql").write_text(RULE)
    library = Library.shipped([Path("mine")])
    night = begun.night(library=library)
    assert night.judged_all == "queries"
    assert [(count.rule, count.new) for count in night.findings if count.new] == [("any_transfer", 2)]
    begun.log("b.ndjson", record(3))
    assert [
        (count.rule, count.new, count.open)
        for count in begun.night(library=library).findings
        if count.rule == "any_transfer"
    ] == [("any_transfer", 1, 3)]


RULE = """/*
title = "Any transfer"
description = "All of them."
severity = "review"
reads = "transfers"
citation = "None"
evidence = "D"
why = "A test."
false_positives = "All."
*/
select record_key, transfer_id || ' of ' || count(*) over () as evidence, 'None' as citation, 'D' as certainty
from transfers
"""


def test_a_rule_that_fails_makes_the_night_incomplete_and_ends_no_finding(begun):
    rules = Path("mine/rules")
    rules.mkdir(parents=True)
    (rules / "any_transfer.sql").write_text(RULE.replace("transfer_id ||", "transfer_id::integer ||"))
    night = begun.night(library=Library.shipped([Path("mine")]))
    assert night.exit_code == 20
    assert "rule any_transfer failed" in night.incomplete_because[0]
    assert begun.rows("select count(*) from finding_spans where until_scan is not null") == [(0,)]


def test_a_missed_night_is_told_once_and_made_up_for_and_a_dry_run_leaves_the_ledger_alone(begun):
    before = begun.setup.database.read_bytes()
    begun.log("b.ndjson", record(3))
    assert begun.done(dry_run=True, days=3).night.new_transfers == 1
    assert begun.setup.database.read_bytes() == before
    late = begun.night(days=0)
    assert (late.missed, late.exit_code, late.new_transfers) == (2, 20, 1)
    assert "2 scans were missed" in late.incomplete_because[0]
    assert begun.night().complete


def test_quarantined_records_leave_it_incomplete_until_they_are_allowed(keeper):
    keeper.log("a.ndjson", record(1), "{broken")
    first = keeper.night()
    assert (first.exit_code, first.totals["quarantined"]) == (20, 1)
    assert keeper.night().exit_code == 20
    allowed = keeper.night(allow_quarantined=1)
    assert (allowed.complete, allowed.totals["quarantined"]) == (True, 1)
