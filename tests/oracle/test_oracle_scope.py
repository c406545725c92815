"""The oracle on scope and reasons: an example by hand for each sentence on them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from by_hand import PLAIN, POLICY, R0, R1, R2, judge, rows, with_regime
from oracle import Policy, Record, evaluate, evaluate_with_reasons

# --- scope --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "recipient", "verdict"),
    [
        ("HHS/CMS", "ICE ERO", "permitted"),
        ("CMS", "Acme", "review"),
        ("CMS", None, "review"),
        ("CMS", "Palantir", "review"),  # works for whoever hired it
        ("Acme", "DHS", "review"),
        ({"name": "CMS"}, "DHS", "review"),
        ("Acme", "Acme", "unattributed"),
        ("[REDACTED]", "(b)(6)", "unattributed"),
        (None, None, "unattributed"),
        (..., ..., "unattributed"),
        ("Palantir", "Acme", "unattributed"),
        ("CMS", "SSA", "out_of_scope"),
        ("CMS", "CMS", "out_of_scope"),
        ("SSA", "ICE", "out_of_scope"),
        ("SSA", None, "out_of_scope"),
        (None, "SSA", "out_of_scope"),
        ("ICE", "CMS", "out_of_scope"),
        ("ICE", "Acme", "out_of_scope"),
        ("Acme", "CMS", "out_of_scope"),
    ],
)
def test_scope_by_parties(sender: Any, recipient: Any, verdict: str) -> None:
    row = judge(sender=sender, recipient=recipient)
    assert (row["verdict_now"], row["verdict_then"]) == (verdict, verdict)
    assert row["flagged"] == (verdict not in ("out_of_scope", "unattributed"))


def test_agencies_are_looked_up() -> None:
    row = judge(sender="centers for medicare & medicaid services", recipient="Acme")
    assert (row["sender_agency"], row["recipient_agency"]) == ("CMS", None)


def test_an_unknown_agency_fixes_both_verdicts_at_review() -> None:
    row = judge(R0, sender="Acme", occurred_at="2025-07-01", elements=["diagnosis"])
    assert (row["verdict_now"], row["verdict_then"]) == ("review", "review")
    assert judge(sender="Acme", elements=["diagnosis"])["flag_category"]


def test_what_nobody_is_named_in_is_told_apart_with_what_it_holds() -> None:
    row = judge(R0, sender=None, recipient=None, occurred_at=None, elements=["diagnosis"])
    assert (row["verdict_now"], row["verdict_then"]) == ("unattributed", "unattributed")
    row = judge(sender=None, recipient=None, elements=["diagnosis"])
    assert (row["flag_category"], row["flag_state"], row["flagged"]) == (False, False, False)
    assert (row["plaintiff_states"], row["enjoined_categories"]) == (["OR"], ["diagnosis"])
    early = judge(sender=None, recipient=None, occurred_at="2025-05-31")
    assert early["verdict_now"] == "out_of_scope"


def test_before_since_is_out_of_scope_by_the_day_of_the_court() -> None:
    early, first = judge(occurred_at="2025-06-01T06:59Z"), judge(occurred_at="2025-06-01T07:00Z")
    assert (early["verdict_now"], early["regime_now"], early["regime_then"]) == (
        "out_of_scope",
        "R2",
        None,
    )
    assert (early["flag_state"], early["plaintiff_states"]) == (False, ["OR"])
    assert first["verdict_now"] == "permitted"
    assert rows({}, since=date(2026, 2, 4))[0]["verdict_then"] == "out_of_scope"
    assert rows({"occurred_at": None}, since=date(2026, 2, 4))[0]["verdict_now"] == "permitted"


@pytest.mark.parametrize(("last", "verdict"), [(date(2025, 5, 31), "out_of_scope"), (date(2025, 6, 1), "permitted")])
def test_days_that_reach_the_first_one_are_in_scope(last: date, verdict: str) -> None:
    record = Record("log.ndjson", 1, PLAIN | {"occurred_at": "2025-05-01"}, last)
    assert evaluate([record], R2, policy=POLICY)[0]["verdict_now"] == verdict


# --- reasons ------------------------------------------------------------------------------------


def reasons_of(
    as_of: date = R2, *, policy: Policy = POLICY, last: date | None = None, **change: Any
) -> tuple[set[str], set[str]]:
    """Return the reasons that one record must have, and those that it may have beside them."""
    fields = {name: value for name, value in (PLAIN | change).items() if value is not ...}
    _, found = evaluate_with_reasons([Record("log.ndjson", 1, fields, last)], as_of, policy=policy)
    ((must, may),) = found.values()
    return set(must), set(may - must)


PERMITTED = {"claimed_population"}


@pytest.mark.parametrize(
    ("change", "must"),
    [
        ({}, PERMITTED),
        ({"elements": ["diagnosis"]}, set()),
        ({"recipient": "SSA"}, {"parties"}),
        ({"occurred_at": "2025-05-31"}, {"before_since"}),
        ({"occurred_at": "2025-05-31", "sender": "ICE"}, {"before_since", "parties"}),
        ({"recipient": None}, {"unknown_agency"}),
        ({"sender": None, "recipient": None}, {"unknown_agency"}),
        ({"occurred_at": None}, {"unknown_time"} | PERMITTED),
        ({"occurred_at": "soon"}, {"unknown_time", "unreadable_field"} | PERMITTED),
        ({"recipient": "SSA", "states": {}}, {"parties", "unreadable_field"}),
        ({"occurred_at": "2026-01-06"}, {"boundary_day"} | PERMITTED),
        ({"purpose": "audit"}, set()),
        ({"purpose": "immigration enforcement"}, PERMITTED),
        ({"purpose": "picnic"}, {"unknown_purpose"}),
        ({"purpose": "picnic", "elements": ["diagnosis"]}, {"unknown_purpose"}),
        ({"purpose": "picnic", "recipient": "FEMA"}, {"unknown_purpose"}),
        ({"recipient": "FEMA"}, {"unknown_purpose"}),
        ({"recipient": "FEMA", "purpose": "audit"}, set()),
        ({"states": ["WI"]}, PERMITTED),
        ({"states": ["TX"]}, set()),
    ],
)
def test_reasons_that_must_be_given(change: dict[str, Any], must: set[str]) -> None:
    assert reasons_of(**change)[0] == must


def test_what_is_permitted_whoever_the_people_are_rests_on_no_claim() -> None:
    policy = with_regime("R2", populations={}, default_population="permitted")
    assert reasons_of(policy=policy) == (set(), set())
    assert reasons_of(R1)[1] == PERMITTED  # permitted then, not now


def test_a_purpose_is_no_reason_where_it_moves_nothing() -> None:
    assert "unknown_purpose" not in reasons_of(R0, purpose="picnic")[0]
    assert "unknown_purpose" not in reasons_of(purpose="picnic", states=["TX"])[0]


@pytest.mark.parametrize(("last", "must"), [(date(2025, 8, 11), set()), (date(2025, 8, 12), {"spans_boundary"})])
def test_days_under_several_regimes_are_told(last: date, must: set[str]) -> None:
    found, _ = reasons_of(occurred_at="2025-08-10", last=last)
    assert found & {"spans_boundary"} == must
    assert ("boundary_day" in found) == bool(must)


def test_the_same_id_on_other_content_is_told_of_both() -> None:
    records = [Record("log.ndjson", number, PLAIN | {"states": state}) for number, state in enumerate(["OR", "TX"], 1)]
    again = Record("log.ndjson", 3, records[0].fields)
    _, found = evaluate_with_reasons([*records, again], R2, policy=POLICY)
    assert ["conflicting_id" in must for must, _ in found.values()] == [True, True]
    assert "conflicting_id" not in reasons_of()[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, True),  # permitted, and would be enjoined
        ({"elements": ["diagnosis"]}, False),  # enjoined as it is
        ({"states": ["TX"]}, False),  # reaches it as little
        ({"recipient": None}, False),  # review whatever the order
        ({"sender": None, "recipient": None}, False),
        ({"recipient": "SSA"}, False),
    ],
)
def test_a_reported_order_is_told_of_where_it_would_make_it_worse(change: dict[str, Any], told: bool) -> None:
    pause = {
        "enabled": False,
        "first_day": date(2026, 5, 20),
        "states": frozenset({"OR"}),
        "programs": {"medicaid": "enjoined"},
    }
    day = date(2026, 6, 1)
    assert ("reported_pause" in reasons_of(day, policy=with_regime("R3", **pause), **change)[0]) == told
    for other in ({"enabled": True}, {"first_day": date(2026, 6, 2)}, {"last_day": date(2026, 5, 31)}):
        policy = with_regime("R3", **(pause | other))
        assert "reported_pause" not in reasons_of(day, policy=policy, **change)[0]
