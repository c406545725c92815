"""Findings over time: what is new, gone and changed between two scans of a ledger, and why."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

import auditscan.policy
import strategies
from auditscan.ledger.compare import history
from auditscan.policy import load
from auditscan.store import open_store
from nights import LOG_RULE, changes, night, quiet_night, write
from scans import LIBRARY, write_logs

WHAT_IFS = Path(auditscan.policy.__file__).parent / "what_ifs"

AGAIN, REWRITTEN, WISCONSIN, BACK, EARLIER, RULES = 3, 4, 5, 6, 7, 8
"""Scans of the ledger: what is special about them."""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A ledger of many nights."""
    folder = tmp_path_factory.mktemp("ledger")

    def log(name, *transfers):
        return write(folder / "logs" / name, *transfers)

    with open_store(None, LIBRARY, threads=2) as store:
        logs = [log("b.ndjson", {"transfer_id": "T-1", "states": ["OR"]}, {"transfer_id": "T-2", "states": ["WI"]})]
        night(store, logs, silences=["system idr", "system x"])
        logs.append(log("late.ndjson", {"transfer_id": "T-3"}, {"transfer_id": "T-4", "states": ["OR"]}))
        night(store, logs, silences=["system x"])
        # Its name sorts first, so that its records are the ones that are kept.
        logs.append(log("a.ndjson", {"transfer_id": "T-5"}, {"transfer_id": "T-1", "states": ["OR"]}))
        night(store, logs, silences=["system x"])
        log("b.ndjson", {"transfer_id": "T-1", "states": ["CA"]}, {"transfer_id": "T-2", "states": ["WI"]})
        night(store, logs, silences=["system x"])
        wisconsin = load([WHAT_IFS / "wisconsin-from-2025-08-14"])
        night(store, logs, silences=["system x"], policy=wisconsin, judged_all="policy")
        # Only the day moves, and with it a silence begins.
        night(store, logs, silences=["system x", "system y"], judged_all="policy", as_of=date(2026, 3, 2))
        night(store, logs, silences=["system x", "system y"], judged_all="regime now", as_of=date(2025, 10, 1))
        yield store


def told(rows, *columns):
    return {tuple(row[column] for column in columns) for row in rows if row["reads"] != "sources"}


def test_findings_of_a_new_log_are_new(store):
    found = changes(store, 1, 2)
    assert told(found, "transfer_id", "change", "cause", "first_seen", "last_seen") == {
        ("T-3", "new", "new log", 2, 2),
        ("T-4", "new", "new log", 2, 2),
    }
    state = next(row for row in found if row["rule"] == "plaintiff_state")
    assert state["finding_id"] == "f-" + hashlib.sha256(b"plaintiff_state\nT-4").hexdigest()[:16]
    assert (state["evidence_before"], state["evidence_after"]) == (None, "OR")
    assert (Path(state["source_file"]).name, state["source_record"]) == ("late.ndjson", 2)
    assert {row["transfer_id"] for row in changes(store, 0, 1)} >= {"T-1", "T-2"}


def test_a_log_exported_again_brings_nothing_new(store):
    assert told(changes(store, AGAIN - 1, AGAIN), "transfer_id") == {("T-5",)}


def test_a_rewritten_log_changes_what_it_says_and_takes_nothing_back(store):
    found = changes(store, REWRITTEN - 1, REWRITTEN)
    assert told(found, "rule", "transfer_id", "change", "cause", "first_seen") == {
        ("conflicting_id", "T-1", "new", "changed log", REWRITTEN),
        ("plaintiff_state", "T-1", "changed", "changed log", 1),
        ("after_agreement_end", "T-1", "changed", "changed log", 1),
    }
    state = next(row for row in found if row["rule"] == "plaintiff_state")
    assert (state["evidence_before"], state["evidence_after"]) == ("OR", "CA; OR")


def test_another_policy_moves_old_findings(store):
    assert told(changes(store, WISCONSIN - 1, WISCONSIN), "rule", "transfer_id", "change", "cause", "last_seen") == {
        ("plaintiff_state", "T-2", "new", "policy changed", WISCONSIN),
        ("unsettled_state", "T-2", "gone", "policy changed", WISCONSIN - 1),
    }
    # First seen stays what it was, however often a finding goes and comes back.
    assert told(changes(store, BACK - 1, BACK), "rule", "change", "first_seen", "last_seen") == {
        ("plaintiff_state", "gone", WISCONSIN, WISCONSIN),
        ("unsettled_state", "new", 1, BACK),
    }
    assert told(changes(store, WISCONSIN - 1, BACK), "rule") == set()


def test_another_day_of_now_brings_another_order(store):
    assert told(changes(store, EARLIER - 1, EARLIER), "cause") == {("policy changed",)}


def test_findings_about_logs_come_and_go(store):
    rows = [row for scan in range(2, EARLIER + 1) for row in changes(store, scan - 1, scan)]
    about_logs = [row for row in rows if row["reads"] == "sources"]
    columns = ("rule", "subject", "change", "cause", "first_seen", "last_seen")
    assert [tuple(row[column] for column in columns) for row in about_logs] == [
        (LOG_RULE, "system idr", "gone", "new log", 1, 1),
        (LOG_RULE, "system y", "new", "policy changed", BACK, BACK),
    ]


def test_first_and_last_scan_of_a_finding(store):
    state = "f-" + hashlib.sha256(b"plaintiff_state\nT-2").hexdigest()[:16]
    for how in ({"finding": state}, {"transfer": "T-2", "rule": "plaintiff_state"}):
        (found,) = history(store, **how)
        assert (found["finding_id"], found["transfer_id"], found["evidence"]) == (state, "T-2", "WI")
        assert (found["first_seen"], found["last_seen"], found["holds"]) == (WISCONSIN, WISCONSIN, False)
        assert found["first_seen_at"].day == WISCONSIN
    rules = {row["rule"]: row["holds"] for row in history(store, transfer="T-1")}
    assert rules.keys() >= {"plaintiff_state", "conflicting_id"}
    assert LOG_RULE not in rules
    assert [(row["subject"], row["holds"]) for row in history(store, rule=LOG_RULE)] == [
        ("system idr", False),
        ("system x", True),
        ("system y", True),
    ]


def test_a_rule_that_changes_is_the_cause(store):
    """By hand: as if each night ran another version of a rule."""
    store.rows("begin transaction")
    for scan, says in ((RULES, "odd"), (RULES + 1, "odder"), (RULES + 2, None)):
        assert quiet_night(store) == scan
        store.rows("delete from scan_rules where rule = 'own'")
        for number in range(RULES, scan + 1 if says else scan):
            store.rows(f"insert into scan_rules values ({number}, 'own', '{number}', 'review', 'ran', 1, '')")
        store.rows(f"update finding_spans set until_scan = {scan} where rule = 'own' and until_scan is null")
        store.rows(
            "insert into finding_spans select 'own', 'disclosures', disclosure_id, null, 'review', $1, '', 'A', $2, "
            "null from logged_disclosures where $1 is not null and states = ['OR']",
            [says, scan],
        )
    columns = ("rule", "transfer_id", "change", "cause", "evidence_after")
    found = [told(changes(store, scan - 1, scan), *columns) for scan in range(RULES, RULES + 3)]
    assert found == [
        {("own", transfer, change, "rule changed", says) for transfer in ("T-1", "T-4")}
        for change, says in (("new", "odd"), ("changed", "odder"), ("gone", None))
    ]
    store.rows("rollback")


def test_a_rule_on_single_events_that_says_something_else(store):
    """By hand: spans keep no words of such rules, but one ends and one begins where the words change."""
    store.rows("begin transaction")
    scan = quiet_night(store)
    store.rows("update scans set policy_sha256 = 'another' where scan_id = $1", [scan])
    ended = "update finding_spans set until_scan = $1 where rule = 'after_agreement_end' and until_scan is null"
    store.rows(ended, [scan])
    store.rows(
        "insert into finding_spans select * replace ($1 as first_scan, null as until_scan) from finding_spans "
        "where rule = 'after_agreement_end' and until_scan = $1",
        [scan],
    )
    about = told(changes(store, scan - 1, scan), "rule", "change", "cause", "first_seen", "last_seen")
    assert {row[:3] for row in about} == {("after_agreement_end", "changed", "policy changed")}
    assert {row[4] for row in about} == {scan}
    assert min(row[3] for row in about) == 1
    quiet_night(store)
    assert changes(store, scan, scan + 1) == []
    store.rows("rollback")


def found_now(store):
    """What every rule says of every transfer; of rules on single events, only of how many versions it says it."""
    found = defaultdict(set)
    versions = Counter()
    events = {rule.name for rule in store.library.of("rule") if rule.reads == "transfers"}
    for rule, transfer_id, *said in store.rows(
        "select rule, transfer_id, severity, evidence, citation, certainty from findings"
    ):
        versions[rule, transfer_id] += 1
        found[rule, transfer_id].add(tuple(said))
    for key, count in versions.items():
        if key[0] in events:
            found[key] = {count}
    return dict(found)


def test_changes_are_the_difference_of_what_was_found(tmp_path):
    with open_store(None, LIBRARY, threads=2) as store:
        _hold_against_snapshots(store, tmp_path)


def _hold_against_snapshots(store, tmp_path):
    records = strategies.many(360, seed=9)
    parts = [records[:120], records[120:240], records[90:150] + records[240:]]
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
