"""The oracle reads: the row that comes of a record, which records are one transfer, and their order."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from by_hand import PLAIN, POLICY, R2, judge, rows
from oracle import Record, csv_records, evaluate, normalize
from oracle.judging import judge_all
from oracle.reading import read

COLUMNS = (
    "transfer_id, occurred_at, sender_agency, recipient_agency, states, programs, populations, "
    "elements, categories, record_count, outcome, regime_now, verdict_now, regime_then, "
    "verdict_then, flag_category, flag_state, flagged, plaintiff_states, enjoined_categories, "
    "unclassified_elements, source_file, source_record, place, court_day, attempt, verdict_basis"
)


# --- the row ------------------------------------------------------------------------------------


def test_a_whole_row() -> None:
    row = judge(
        states="Oregon",
        elements=["phone", " Diagnosis Code 1 ", "zzz"],
        record_count="17",
        outcome="FAILURE",
        programs="Medi-Cal",
    )
    assert ", ".join(row) == COLUMNS
    assert row == {
        "transfer_id": "T-1",
        "occurred_at": "2026-02-03T12:00:00Z",
        "sender_agency": "CMS",
        "recipient_agency": "ICE",
        "states": ["OR"],
        "programs": ["medicaid"],
        "populations": ["not_lawfully_residing"],
        "elements": ["Diagnosis Code 1", "phone", "zzz"],
        "categories": ["diagnosis", "phone", "unclassified"],
        "record_count": 17,
        "outcome": "failure",
        "regime_now": "R2",
        "verdict_now": "enjoined",
        "regime_then": "R2",
        "verdict_then": "enjoined",
        "flag_category": True,
        "flag_state": True,
        "flagged": True,
        "plaintiff_states": ["OR"],
        "enjoined_categories": ["diagnosis"],
        "unclassified_elements": ["zzz"],
        "source_file": "log.ndjson",
        "source_record": 1,
        "place": "line 1",
        "court_day": date(2026, 2, 3),
        "attempt": True,
        "verdict_basis": "logged",
    }


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("ELIGIBLE-FIRST-NAME", "eligible_first_name"),
        ("Eligible First Name", "eligible_first_name"),
        ("--8 U.S.C. 1360(b)!", "8_u_s_c_1360_b"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("a__b", "a_b"),
        ("?!", ""),
    ],
)
def test_words_are_normalized(word: str, key: str) -> None:
    assert normalize(word) == key


# --- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "zone", "text"),
    [
        ("2026-02-03", "Asia/Kolkata", "2026-02-03"),
        ("2026-02-03T12:00:00.500000Z", "UTC", "2026-02-03T12:00:00.5Z"),
        ("2026-02-03 12:00:00.000000 +05:30", "UTC", "2026-02-03T06:30:00Z"),
        ("2026-02-03T12:00-0800", "UTC", "2026-02-03T20:00:00Z"),
        ("2026-02-03T12:00-08", "UTC", "2026-02-03T20:00:00Z"),
        ("2026-02-03T12:00", "America/New_York", "2026-02-03T17:00:00Z"),
        ("2025-11-02 01:30", "America/New_York", "2025-11-02T06:30:00Z"),  # twice: the later
        ("2026-03-08 02:30", "America/New_York", "2026-03-08T07:30:00Z"),  # never: as before
        ("2026-02-03T24:00Z", "UTC", None),
        ("2026-02-30", "UTC", None),
        ("02/03/2026", "UTC", None),
        ("2026-02-03T12:00:00+24:00", "UTC", None),
        (1754982000, "UTC", None),
    ],
)
def test_times(raw: Any, zone: str, text: str | None) -> None:
    assert rows({"occurred_at": raw}, zone=zone)[0]["occurred_at"] == text


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        (0, 0),
        (5.0, 5),
        (" 17.00 ", 17),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        (5.7, None),
        (-1, None),
        ("many", None),
        (True, None),
        ([3], None),
    ],
)
def test_counts(raw: Any, count: int | None) -> None:
    assert judge(record_count=raw)["record_count"] == count


def test_odd_lists() -> None:
    row = judge(
        states={"code": "OR"},
        elements=["phone", None, " ", 7, {"x": 1}, True],
        populations=[["us citizen"], "not lawfully residing"],
    )
    assert row["states"] == ["unknown"]
    assert row["elements"] == ["7", "phone", "true"]
    assert row["unclassified_elements"] == ["7", "true"]
    assert row["populations"] == ["not_lawfully_residing", "unknown"]
    assert judge(elements=["phone", {}])["categories"] == ["phone", "unclassified"]


def test_field_names_and_unknown_fields() -> None:
    row = rows({"states": ..., "STATES": ["TX"], "elments": ["diagnosis"]})[0]
    assert (row["states"], row["categories"]) == (["TX"], ["phone"])


def test_what_the_oracle_refuses() -> None:
    with pytest.raises(ValueError, match="transfer_id"):
        judge(transfer_id=" ")
    with pytest.raises(ValueError, match="twice"):
        judge(STATES=["TX"])


# --- places -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "place"),
    [("a.ndjson", "line 3"), ("a.csv", "line 3"), ("a.json", "item 3"), ("a.parquet", "row 3")],
)
def test_a_place_as_a_person_says_it(file: str, place: str) -> None:
    (row,) = evaluate([Record(file, 3, PLAIN)], R2, policy=POLICY)
    assert (row["source_record"], row["place"]) == (3, place)


def test_a_row_of_csv_is_cited_by_the_line_on_which_it_begins() -> None:
    text = (
        "\n"
        "Transfer ID,states,note\r\n"
        "T-1,OR;CA; ,\r\n"
        "\r\n"
        'T-2,"OR\n;TX","one\r\ntwo\n\nthree"\n'
        "T-3,,\n"
        'T-4,OR,"said ""no"""'
    )
    found = csv_records("a.csv", text)
    assert [record.source_record for record in found] == [3, 5, 10, 11]
    answers = evaluate(found, R2, policy=POLICY)
    assert [row["states"] for row in answers] == [["CA", "OR"], ["OR", "TX"], ["unknown"], ["OR"]]


# --- duplicates and order -----------------------------------------------------------------------


def test_the_same_content_is_one_transfer_and_its_first_place_is_kept() -> None:
    first = Record("b.ndjson", 1, PLAIN)
    again = Record("a.ndjson", 9, PLAIN | {"Occurred At": "2026-02-03T04:00-0800"})
    del again.fields["occurred_at"]
    (row,) = evaluate([first, again], R2)
    assert (row["source_file"], row["source_record"]) == ("a.ndjson", 9)


@pytest.mark.parametrize(
    ("one", "other", "left"),
    [
        ({"states": ["OR", "CA"]}, {"states": [" CA ", "OR", "CA", None]}, 1),
        ({"states": "OR"}, {"states": ["OR"]}, 1),
        ({"states": []}, {"states": ...}, 1),
        ({"record_count": 5}, {"record_count": "5.0"}, 1),
        ({"actor": 7}, {"actor": "7"}, 1),
        ({"states": "OR"}, {"states": "Oregon"}, 2),  # as logged, not as looked up
        ({"actor": "a"}, {"actor": "b"}, 2),
        ({"record_count": "many"}, {"record_count": None}, 2),  # unreadable is not missing
        ({"states": ["OR"]}, {"states": ["OR", {}]}, 2),
        ({"occurred_at": "2026-02-03"}, {"occurred_at": "2026-02-03T00:00Z"}, 2),  # precision
        ({"transfer_id": "T-1"}, {"transfer_id": "T-2"}, 2),
    ],
)
def test_what_is_the_same_content(one: dict[str, Any], other: dict[str, Any], left: int) -> None:
    assert len(rows(one, other)) == left


def test_rows_are_in_the_order_of_time_id_and_place() -> None:
    found = rows(
        {"occurred_at": None, "transfer_id": "A"},
        {"occurred_at": "2026-02-04T00:00Z", "transfer_id": "B"},
        {"occurred_at": "2026-02-04", "transfer_id": "Z"},
        {"occurred_at": "2026-02-04T00:30+01:00", "transfer_id": "Y"},
        {"occurred_at": "2026-02-04T00:00Z", "transfer_id": "A", "actor": "x"},
        {"occurred_at": "2026-02-04T00:00Z", "transfer_id": "A", "actor": "w"},
    )
    assert [row["transfer_id"] for row in found] == ["Y", "Z", "A", "A", "B", "A"]
    assert [row["source_record"] for row in found] == [4, 3, 5, 6, 2, 1]


# --- made-up records ----------------------------------------------------------------------------


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.records(), strategies.as_of_days(), strategies.zones())
def test_invariants_hold_for_made_up_records(records: list[Record], as_of: date, zone: str) -> None:
    found = evaluate(records, as_of, zone=zone, policy=POLICY)
    assert evaluate(records[::-1], as_of, zone=zone, policy=POLICY) == found
    assert len({(row["source_file"], row["source_record"]) for row in found}) == len(found)
    for row in found:
        assert ", ".join(row) == COLUMNS
        assert row["states"]
        assert row["categories"]
        assert row["flagged"] == (row["flag_category"] or row["flag_state"])
        assert set(row["plaintiff_states"]) <= set(row["states"])
        if row["verdict_now"] in ("out_of_scope", "unattributed"):
            assert not row["flagged"]
            assert row["verdict_then"] == row["verdict_now"]
        else:
            assert row["flag_category"] or not row["enjoined_categories"]
        if row["verdict_now"] == "enjoined":
            assert row["flag_category"]
            assert row["flag_state"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.records(max_size=3), st.integers(0, 2**32))
def test_rewording_keeps_the_content(records: list[Record], seed: int) -> None:
    for record in records:
        other = strategies.reword(strategies.Seeded(seed), record.fields)
        assert read(other, "UTC") == read(record.fields, "UTC")


def test_many_records_are_the_same_for_the_same_seed_and_survive_json() -> None:
    records = strategies.many(400, seed=3)
    assert records == strategies.many(400, seed=3)
    assert records != strategies.many(400, seed=4)
    found = [
        Record(file, number, json.loads(line))
        for file, text in strategies.ndjson(records).items()
        for number, line in enumerate(text.split("\n")[:-1], 1)
    ]
    assert sorted(found, key=lambda r: r[:2]) == sorted(records, key=lambda r: r[:2])


def test_many_records_reach_every_verdict_under_every_regime() -> None:
    records = strategies.many(3000, seed=1)
    judged = judge_all(records, R2, policy=POLICY)
    found = [one.row for one in judged]
    assert len(found) < len(records)
    purposes = {"enforcement", "other", "none", "unheard"}
    cases = {(one.facts.purpose, one.facts.to_enforcer) for one in judged if one.scope == "in"}
    assert cases == {(purpose, to_enforcer) for purpose in purposes for to_enforcer in (True, False)}
    assert {row["outcome"] for row in found if row["attempt"]} == {"failure", "empty"}
    assert {row["verdict_now"] for row in found} == {
        *("enjoined", "review", "permitted", "outside", "out_of_scope", "unattributed"),
    }
    assert {row["regime_then"] for row in found} == {"R0", "R1", "R2", None}
    assert {(row["flag_category"], row["flag_state"]) for row in found} == {
        *((True, True), (True, False), (False, True), (False, False)),
    }
