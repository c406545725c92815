"""The oracle judges: an example by hand for each sentence on verdicts, to trust it where the engine disagrees."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from by_hand import PLAIN, POLICY, R0, R1, R2, judge, now, with_regime
from oracle import Record, evaluate

# --- the parts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("elements", "verdict"),
    [
        (["phone"], "permitted"),  # listed
        (["first name"], "review"),  # listed
        (["diagnosis"], "enjoined"),  # not listed: the default
        (["no such element"], "review"),  # unclassified
        ([], "review"),  # missing: one unclassified element
    ],
)
def test_an_element_has_the_severity_of_its_category(elements: list[str], verdict: str) -> None:
    assert now(elements=elements) == verdict


@pytest.mark.parametrize(
    ("elements", "verdict"),
    [
        (["city"], "review"),
        (["city", "address"], "permitted"),
        (["city", "mailing address"], "permitted"),
        (["city", "phone"], "review"),  # permitted, but does not imply a locality
        (["age", "date of birth"], "permitted"),
        (["submitting state", "address"], "permitted"),
        (["city", "address", "diagnosis"], "enjoined"),
    ],
)
def test_a_category_is_implied_by_a_permitted_one_beside_it(elements: list[str], verdict: str) -> None:
    assert now(elements=elements) == verdict


def test_a_category_is_not_implied_by_one_that_is_not_permitted() -> None:
    r2 = next(regime for regime in POLICY.regimes if regime.regime_id == "R2")
    policy = with_regime("R2", categories=r2.categories | {"address": "review"})
    row = judge(policy=policy, elements=["city", "address"])
    assert row["verdict_now"] == "review"


def test_an_implied_category_that_would_be_enjoined_is_not_named_as_enjoined() -> None:
    r2 = next(regime for regime in POLICY.regimes if regime.regime_id == "R2")
    policy = with_regime("R2", categories=r2.categories | {"locality": "enjoined"})
    assert judge(policy=policy, elements=["city"])["enjoined_categories"] == ["locality"]
    assert judge(policy=policy, elements=["city", "address"])["enjoined_categories"] == []


@pytest.mark.parametrize(
    ("populations", "verdict"),
    [
        (["not lawfully residing"], "permitted"),
        (["DACA"], "review"),
        (["green card holder"], "enjoined"),
        (["CITIZENSHIP-IND=1"], "enjoined"),
        (["martians"], "review"),  # unknown
        (..., "review"),  # missing: one unknown population
    ],
)
def test_populations_have_a_severity(populations: Any, verdict: str) -> None:
    assert now(populations=populations) == verdict


def test_a_population_that_is_not_listed_has_the_default() -> None:
    assert now(R1, populations=["green card holder"], programs=["medicaid"]) == "enjoined"
    policy = with_regime("R2", populations={}, default_population="permitted")
    assert now(policy=policy, populations=["green card holder"]) == "permitted"


@pytest.mark.parametrize(
    ("programs", "under_r1", "under_r2"),
    [
        (["medicaid"], "enjoined", "permitted"),
        (["CHIP"], "review", "enjoined"),  # not listed: the default
        (["food stamps"], "review", "review"),  # unknown
        (None, "review", "review"),
    ],
)
def test_programs_have_a_severity(programs: Any, under_r1: str, under_r2: str) -> None:
    assert (now(R1, programs=programs), now(R2, programs=programs)) == (under_r1, under_r2)


def test_the_worst_part_counts() -> None:
    assert now(populations=["not lawfully residing", "us citizen"]) == "enjoined"
    assert now(elements=["phone", "first name"]) == "review"
    assert now(R1, programs=["CHIP", "medicaid"]) == "enjoined"


# --- states -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "diagnosis", "phone"),
    [
        (["OR"], "enjoined", "permitted"),  # covered: as the content
        (["WI"], "review", "permitted"),  # unsettled: at most review
        (["TX"], "outside", "outside"),
        (["Atlantis"], "review", "review"),
        ([], "review", "review"),  # missing: one unknown state
        (["TX", "WI"], "review", "permitted"),  # the worst state counts
        (["TX", "OR", "WI"], "enjoined", "permitted"),
        (["OR", "Atlantis"], "enjoined", "review"),
        (["PR"], "outside", "outside"),
        (["nationwide"], "enjoined", "permitted"),
    ],
)
def test_each_state_and_the_worst_of_them(states: list[str], diagnosis: str, phone: str) -> None:
    assert now(states=states, elements=["diagnosis"]) == diagnosis
    assert now(states=states) == phone


@pytest.mark.parametrize("states", [["OR"], ["Atlantis"], []])
def test_a_regime_that_names_no_state_reaches_nobody(states: list[str]) -> None:
    assert now(R0, states=states, elements=["diagnosis"]) == "outside"
    policy = with_regime("R0", other_purpose="review")
    assert now(R0, policy=policy, states=states, purpose="audit") == "outside"


def test_a_regime_with_unsettled_states_alone_reaches_unknown_states() -> None:
    policy = with_regime("R0", unsettled=frozenset({"WI"}))
    assert now(R0, policy=policy, states=["Atlantis"]) == "review"


@pytest.mark.parametrize("word", ["ALL", "us", "Nationwide", "national!"])
def test_whole_country_words(word: str) -> None:
    states = judge(states=word)["states"]
    assert len(states) == 51
    assert {"DC", "AK", "HI"} <= set(states)
    assert not {"PR", "GU", "unknown"} & set(states)


@pytest.mark.parametrize("word", ["or", "Oregon", "41", 41, "--OREGON--"])
def test_ways_to_write_a_state(word: Any) -> None:
    assert judge(states=word)["states"] == ["OR"]


def test_pseudo_codes_and_unknown_states() -> None:
    assert judge(states=["97", "x", "y"])["states"] == ["PA", "unknown"]
    assert judge(states=[6])["states"] == ["unknown"]  # FIPS is two digits


# --- then and now -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("occurred_at", "regime"),
    [
        ("2025-06-01", "R0"),
        ("2025-08-11", "R0"),
        ("2025-08-12", "R1"),  # a bare date as it stands
        ("2025-08-12T06:59:59.999999Z", "R0"),  # still the 11th in California
        ("2025-08-12T07:00:00Z", "R1"),
        ("2026-01-06T07:59:59Z", "R1"),  # winter: eight hours
        ("2026-01-06T08:00Z", "R2"),
        ("2026-01-06", "R2"),
        ("2099-01-01", "R2"),  # no last day
    ],
)
def test_then_is_the_day_in_the_zone_of_the_court(occurred_at: str, regime: str) -> None:
    assert judge(occurred_at=occurred_at)["regime_then"] == regime


@pytest.mark.parametrize("occurred_at", [..., None, " ", "soon", 20260203])
def test_without_a_time_then_is_to_review(occurred_at: Any) -> None:
    row = judge(occurred_at=occurred_at)
    assert (row["regime_then"], row["verdict_then"], row["verdict_now"]) == (
        None,
        "review",
        "permitted",
    )


@pytest.mark.parametrize(
    ("first", "last", "then"),
    [
        ("2025-08-10", date(2025, 8, 11), "outside"),  # all under R0
        ("2025-08-11", date(2025, 8, 12), "enjoined"),  # R0, R1: Medicaid is barred whole
        ("2026-01-05", date(2026, 1, 6), "enjoined"),  # R1, R2
        ("2025-07-01", date(2026, 2, 1), "enjoined"),  # an order wholly within
        ("2026-01-06", date(2026, 2, 1), "permitted"),
        ("2026-01-06", date(2026, 1, 5), "enjoined"),  # an end before the beginning
        ("2025-08-12T06:59Z", date(2025, 8, 12), "enjoined"),  # from the 11th in California
    ],
)
def test_days_under_several_regimes_have_the_worse_verdict(first: str, last: date, then: str) -> None:
    record = Record("log.ndjson", 1, PLAIN | {"occurred_at": first}, last)
    (row,) = evaluate([record], R2, policy=POLICY)
    assert (row["verdict_then"], row["verdict_now"]) == (then, "permitted")
    assert row["court_day"] == (date(2025, 8, 11) if first.startswith("2025-08-12T") else date.fromisoformat(first))


def test_days_that_no_regime_covers_count_as_outside() -> None:
    policy = with_regime("R2", enabled=False)
    record = Record("log.ndjson", 1, PLAIN | {"occurred_at": "2026-01-05", "programs": "CHIP"}, date(2026, 1, 6))
    (row,) = evaluate([record], R2, policy=policy)
    assert row["verdict_then"] == "review"


def test_now_is_the_regime_of_the_as_of_day() -> None:
    row = judge(date(2026, 1, 5), elements=["diagnosis"], occurred_at="2025-07-01")
    assert (row["regime_now"], row["verdict_now"]) == ("R1", "enjoined")
    assert (row["regime_then"], row["verdict_then"]) == ("R0", "outside")
    assert judge(date(2026, 1, 6))["regime_now"] == "R2"


def test_a_day_without_a_regime_gives_outside() -> None:
    row = judge(date(2025, 5, 31), elements=["diagnosis"])
    assert (row["regime_now"], row["verdict_now"]) == (None, "outside")
    assert (row["flagged"], row["plaintiff_states"], row["enjoined_categories"]) == (False, [], [])


def test_a_disabled_regime_does_not_count() -> None:
    policy = with_regime("R2", enabled=False)
    row = judge(policy=policy)
    assert (row["regime_now"], row["regime_then"], row["verdict_then"]) == (None, None, "outside")
