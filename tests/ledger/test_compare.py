"""Findings over time: what is new, gone and changed between two scans of a ledger, and why."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

import auditscan.policy
import strategies
from auditscan.library import Library
from auditscan.policy import load
from auditscan.store import open_store
from nights import LOG_RULE, changes, night, write
from scanning import LIBRARY, write_logs

WHAT_IFS = Path(auditscan.policy.__file__).parent / "what_ifs"

RULE = """/*
title = "A rule of our own"
description = "Hits."
severity = "review"
reads = "disclosures"
scope = "any"
citation = "none"
evidence = "A"
why = "It matters to us."
false_positives = "None known."
*/
select disclosure_id, '{evidence}' as evidence, '' as citation, 'A' as certainty from disclosures
"""


@pytest.fixture
def store():
    with open_store(None, LIBRARY, threads=2) as store:
        yield store


@pytest.fixture
def log(tmp_path):
    return lambda name, *transfers: write(tmp_path / "logs" / name, *transfers)


def told(rows, *columns):
    return {tuple(row[column] for column in columns) for row in rows}


def test_findings_of_a_new_log_are_new(store, log):
    night(store, [log("a.ndjson", {"transfer_id": "T-1", "states": ["OR"]})])
    night(store, [log("b.ndjson", {"transfer_id": "T-0"}, {"transfer_id": "T-2", "states": ["OR"]})])
    found = changes(store, 1, 2)
    assert told(found, "transfer_id", "change", "cause", "first_seen", "last_seen") == {
        ("T-0", "new", "new log", 2, 2),
        ("T-2", "new", "new log", 2, 2),
    }
    state = next(row for row in found if row["rule"] == "plaintiff_state")
    assert state["finding_id"] == "f-df4171c15c8b21e0"
    assert (state["evidence_before"], state["evidence_after"]) == (None, "OR")
    assert (Path(state["source_file"]).name, state["source_record"]) == ("b.ndjson", 2)
    assert changes(store, 0, 1)[0]["transfer_id"] == "T-1"


def test_a_log_exported_again_brings_nothing_new(store, log):
    first = log("b.ndjson", {"transfer_id": "T-1", "states": ["OR"]}, {"transfer_id": "T-2"})
    night(store, [first])
    # Its name sorts first, so that its records are the ones that are kept.
    again = log("a.ndjson", {"transfer_id": "T-3"}, {"transfer_id": "T-1", "states": ["OR"]}, {"transfer_id": "T-2"})
    night(store, [first, again])
    assert {row["transfer_id"] for row in changes(store, 1, 2)} == {"T-3"}


def test_a_rewritten_log_changes_what_it_says_and_takes_nothing_back(store, log):
    night(store, [log("a.ndjson", {"transfer_id": "T-1", "states": ["OR"]}, {"transfer_id": "T-2"})])
    night(store, [log("a.ndjson", {"transfer_id": "T-1", "states": ["CA"]}, {"transfer_id": "T-2"})])
    found = changes(store, 1, 2)
    assert told(found, "rule", "transfer_id", "change", "cause", "first_seen") == {
        ("conflicting_id", "T-1", "new", "changed log", 2),
        ("plaintiff_state", "T-1", "changed", "changed log", 1),
    }
    state = next(row for row in found if row["rule"] == "plaintiff_state")
    assert (state["evidence_before"], state["evidence_after"]) == ("OR", "CA; OR")


def test_another_policy_moves_old_findings(store, log):
    logs = [log("a.ndjson", {"transfer_id": "T-1", "states": ["WI"]}, {"transfer_id": "T-2", "states": ["OR"]})]
    night(store, logs)
    night(store, logs, policy=load([WHAT_IFS / "wisconsin-from-2025-08-14"]), judged_all="policy")
    found = changes(store, 1, 2)
    assert told(found, "rule", "transfer_id", "change", "cause") == {
        ("plaintiff_state", "T-1", "new", "policy changed"),
        ("unsettled_state", "T-1", "gone", "policy changed"),
    }
    gone = next(row for row in found if row["change"] == "gone")
    assert (gone["first_seen"], gone["last_seen"]) == (1, 1)
    night(store, logs, judged_all="policy")
    assert told(changes(store, 2, 3), "rule", "change") == {("plaintiff_state", "gone"), ("unsettled_state", "new")}
    # First seen stays what it was, however often a finding goes and comes back.
    assert told(changes(store, 2, 3), "rule", "first_seen", "last_seen") == {
        ("plaintiff_state", 2, 2),
        ("unsettled_state", 1, 3),
    }
    assert changes(store, 1, 3) == []


def test_a_later_day_of_now_brings_another_order(store, log):
    logs = [log("a.ndjson", {"transfer_id": "T-1", "states": ["OR"], "elements": ["name"]})]
    night(store, logs, as_of=date(2025, 10, 1))
    night(store, logs, as_of=date(2026, 3, 1), judged_all="regime now")
    found = changes(store, 1, 2)
    assert found
    assert {row["cause"] for row in found} == {"policy changed"}


def test_a_rule_that_changes_is_the_cause(tmp_path, log):
    path, rules = tmp_path / "kept.duckdb", tmp_path / "mine" / "rules"
    rules.mkdir(parents=True)
    logs = [log("a.ndjson", {"transfer_id": "T-1"}, {"transfer_id": "T-2", "recipient": "Acme"})]
    found = []
    for number, evidence in enumerate((None, "odd", "odder", None), start=1):
        if evidence:
            (rules / "own.sql").write_text(RULE.format(evidence=evidence))
        library = Library.shipped([tmp_path / "mine"] if evidence else [])
        with open_store(path, library, threads=2) as store:
            night(store, logs, judged_all="queries")
            found += changes(store, number - 1, number) if number > 1 else []
    assert {row["rule"] for row in found} == {"own"}
    assert [(row["transfer_id"], row["change"], row["cause"], row["evidence_after"]) for row in found] == [
        ("T-1", "new", "rule changed", "odd"),
        ("T-2", "new", "rule changed", "odd"),
        ("T-1", "changed", "rule changed", "odder"),
        ("T-2", "changed", "rule changed", "odder"),
        ("T-1", "gone", "rule changed", None),
    ] + [("T-2", "gone", "rule changed", None)] * (len(found) - 5)


def test_findings_about_logs_come_and_go(store, log):
    first = log("a.ndjson", {"transfer_id": "T-1"})
    night(store, [first], silences=["system idr: 2 to 4 January", "system x"])
    # Nothing new is read: only the day moves, and with it a silence begins.
    night(store, [first], silences=["system idr: 2 to 4 January", "system x", "system y"], as_of=date(2026, 3, 2))
    night(store, [first, log("late.ndjson", {"transfer_id": "T-2"})], silences=["system x", "system y"])
    rows = [row for before in (1, 2) for row in changes(store, before, before + 1) if row["reads"] == "sources"]
    assert told(rows, "rule", "subject", "change", "cause", "first_seen", "last_seen") == {
        (LOG_RULE, "system y", "new", "day of now moved", 2, 2),
        (LOG_RULE, "system idr: 2 to 4 January", "gone", "new log", 1, 2),
    }


def found_now(store):
    """What every rule says of every transfer; of rules on single events, only that they say something."""
    found = defaultdict(set)
    events = {rule.name for rule in store.library.of("rule") if rule.reads == "transfers"}
    for rule, transfer_id, *said in store.rows(
        "select rule, transfer_id, severity, evidence, citation, certainty from findings"
    ):
        found[rule, transfer_id].add(None if rule in events else tuple(said))
    return dict(found)


def test_changes_are_the_difference_of_what_was_found(store, tmp_path):
    records = strategies.many(600, seed=9)
    parts = [records[:200], records[200:400], records[150:250] + records[400:]]
    folders = [write_logs(tmp_path / str(place), part) for place, part in enumerate(parts)]
    names = load([WHAT_IFS / "names-permitted"])
    plan = [
        ([0], {}),
        ([0, 1], {}),
        ([0, 1], {"policy": names}),
        ([0, 1, 2], {"policy": names, "as_of": date(2025, 9, 1)}),
        ([0, 1, 2], {}),
    ]
    states = [{}]
    for used, how in plan:
        night(store, [path for place in used for path in folders[place]], **how)
        states.append(found_now(store))
    for before, after in ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (1, 5), (2, 5)):
        was, now = states[before], states[after]
        expected = {(*key, "new") for key in now.keys() - was.keys()}
        expected |= {(*key, "gone") for key in was.keys() - now.keys()}
        expected |= {(*key, "changed") for key in was.keys() & now.keys() if was[key] != now[key]}
        assert told(changes(store, before, after), "rule", "transfer_id", "change") == expected
