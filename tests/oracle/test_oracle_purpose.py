"""The oracle judges purposes, flags and attempts: an example by hand for each sentence on them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from by_hand import R0, R1, R2, judge, now, with_regime

# --- purpose ------------------------------------------------------------------------------------

# A diagnosis is enjoined under R2, a name to review, a phone number permitted.
PURPOSES: list[tuple[Any, str, tuple[str, str, str]]] = [
    # What is logged, to whom, and the verdicts on the three.
    ("immigration enforcement", "ICE", ("enjoined", "review", "permitted")),
    ("immigration enforcement", "FEMA", ("enjoined", "review", "permitted")),
    ("Program Integrity", "ICE", ("review", "review", "review")),  # lifts as it lowers
    ("Program Integrity", "FEMA", ("review", "review", "review")),
    (None, "ICE", ("enjoined", "review", "permitted")),  # presumed enforcement
    (" ", "CBP", ("enjoined", "review", "permitted")),
    ("Unknown", "DHS", ("enjoined", "review", "permitted")),
    (["audit"], "ICE ERO", ("enjoined", "review", "permitted")),  # unreadable: null
    (None, "FEMA", ("review", "review", "review")),
    ("unknown!", "USCIS", ("review", "review", "review")),
    ({"x": 1}, "TSA", ("review", "review", "review")),
    ("picnic", "ICE", ("enjoined", "review", "review")),  # clears nothing
    ("--", "DHS", ("enjoined", "review", "review")),
    ("picnic", "USSS", ("review", "review", "review")),
    ("picnic", "CISA", ("review", "review", "review")),
]


@pytest.mark.parametrize(("purpose", "recipient", "verdicts"), PURPOSES, ids=str)
def test_four_cases_of_a_purpose(purpose: Any, recipient: str, verdicts: tuple[str, str, str]) -> None:
    change = {"purpose": purpose, "recipient": recipient}
    found = [now(elements=[element], **change) for element in ("diagnosis", "first name", "phone")]
    assert tuple(found) == verdicts


@pytest.mark.parametrize(("purpose", "recipient"), [("audit", "ICE"), (None, "FEMA"), ("picnic", "FEMA")])
def test_the_purpose_of_the_regime_takes_the_place_of_the_content(purpose: Any, recipient: str) -> None:
    change = {"purpose": purpose, "recipient": recipient}
    for other in ("outside", "permitted", "enjoined"):
        policy = with_regime("R2", other_purpose=other)
        assert now(policy=policy, elements=["diagnosis"], **change) == other
        assert now(policy=policy, **change) == other


def test_both_orders_send_another_purpose_to_review() -> None:
    for regime_id, as_of in (("R1", R1), ("R2", R2)):
        policy = with_regime(regime_id, other_purpose="review")
        assert now(as_of, policy=policy, purpose="audit", elements=["diagnosis"]) == "review"
        assert now(as_of, policy=policy, recipient="USCIS", elements=["diagnosis"]) == "review"


@pytest.mark.parametrize(("purpose", "recipient"), [("audit", "ICE"), (None, "FEMA"), ("picnic", "ICE")])
def test_a_regime_without_a_rule_on_purposes_is_not_moved(purpose: Any, recipient: str) -> None:
    policy = with_regime("R2", other_purpose=None)
    assert now(policy=policy, purpose=purpose, recipient=recipient) == "permitted"
    assert now(policy=policy, purpose=purpose, recipient=recipient, elements=["diagnosis"]) == "enjoined"


@pytest.mark.parametrize("purpose", ["audit", None, "picnic", "immigration enforcement"])
@pytest.mark.parametrize("recipient", ["ICE", "FEMA"])
def test_a_purpose_moves_no_flag_and_no_category(purpose: Any, recipient: str) -> None:
    row = judge(purpose=purpose, recipient=recipient, elements=["diagnosis"])
    assert (row["flag_category"], row["enjoined_categories"]) == (True, ["diagnosis"])
    row = judge(R1, purpose=purpose, recipient=recipient, states=["TX"])
    assert row["flag_category"]  # Medicaid, barred whole, whatever it is for


def test_the_part_of_dhs_is_that_of_the_recipient_that_stands_for_all() -> None:
    assert now(recipient="ICE; FEMA", elements=["diagnosis"]) == "enjoined"
    assert now(recipient="FEMA; ICE", elements=["diagnosis"]) == "enjoined"
    assert now(recipient="FEMA; USCIS", elements=["diagnosis"]) == "review"


def test_an_unknown_state_is_to_review_even_where_the_purpose_is_outside() -> None:
    policy = with_regime("R1", other_purpose="outside")
    assert now(R1, policy=policy, purpose="audit", states=["Atlantis"]) == "review"


def test_an_unsettled_state_is_at_most_to_review_after_the_purpose() -> None:
    assert now(purpose="audit", states=["WI"]) == "review"
    policy = with_regime("R2", other_purpose="outside")
    assert now(policy=policy, purpose="audit", states=["WI"], elements=["diagnosis"]) == "outside"


# --- flags --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "element", "category", "state", "verdict"),
    [
        (["OR"], "phone", False, True, "permitted"),
        (["TX"], "diagnosis", True, False, "outside"),
        (["OR"], "diagnosis", True, True, "enjoined"),
        (["TX"], "phone", False, False, "outside"),
        (["WI"], "diagnosis", True, False, "review"),  # unsettled is not in `states`
        ([], "diagnosis", True, False, "review"),
        (["OR", "TX"], "first name", False, True, "review"),
        (["Atlantis"], "phone", False, False, "review"),  # not cleared for that
    ],
)
def test_flags_are_independent_of_the_verdict(
    states: list[str], element: str, category: bool, state: bool, verdict: str
) -> None:
    row = judge(states=states, elements=[element])
    assert (row["flag_category"], row["flag_state"]) == (category, state)
    assert (row["flagged"], row["verdict_now"]) == (category or state, verdict)


def test_flags_are_judged_under_the_now_regime() -> None:
    row = judge(R1, occurred_at="2026-02-03", elements=["phone"], states=["TX"])
    assert row["flag_category"]  # Medicaid data, barred whole under R1
    row = judge(R0, occurred_at="2026-02-03", elements=["diagnosis"])
    assert (row["flag_category"], row["flag_state"], row["flagged"]) == (False, False, False)


def test_flag_category_is_true_wherever_a_category_is_enjoined() -> None:
    for change in ({"purpose": "audit"}, {"recipient": "FEMA"}, {"recipient": None}, {"states": ["TX"]}):
        row = judge(**({"elements": ["diagnosis"]} | change))
        assert (row["flag_category"], row["enjoined_categories"]) == (True, ["diagnosis"])


def test_flag_category_is_of_the_whole_content_not_of_elements_alone() -> None:
    row = judge(populations=["us citizen"], states=["TX"])
    assert (row["flag_category"], row["enjoined_categories"]) == (True, [])


# --- beside the verdict -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("logged", "outcome", "attempt"),
    [
        ("failure", "failure", True),
        ("Empty", "empty", True),
        ("partial", "partial", False),  # may have disclosed
        ("success", "success", False),
        ("nothing", "unknown", False),
        (None, "unknown", False),
    ],
)
def test_an_attempt_is_judged_the_same_way(logged: Any, outcome: str, attempt: bool) -> None:
    row = judge(outcome=logged, elements=["diagnosis"])
    assert (row["outcome"], row["attempt"], row["verdict_now"]) == (outcome, attempt, "enjoined")
    row = judge(outcome=logged, recipient="SSA")
    assert (row["attempt"], row["verdict_now"]) == (attempt, "out_of_scope")


def test_no_people_are_no_empty_outcome() -> None:
    assert judge(record_count=0, outcome="success")["attempt"] is False


def test_the_day_is_that_of_the_court_and_the_basis_what_is_logged() -> None:
    row = judge(occurred_at="2026-02-03T07:59Z")
    assert (row["court_day"], row["verdict_basis"]) == (date(2026, 2, 2), "logged")
    assert judge(occurred_at="2026-02-03")["court_day"] == date(2026, 2, 3)
    assert judge(occurred_at=None)["court_day"] is None
