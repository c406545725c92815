"""Why a verdict is what it is: the rules that the page names, and when it says that they speak.

Where the page leaves open whether a rule speaks, both are right: `may` holds it, `must` does not.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from oracle.judging import (
    SEVERITIES,
    SINCE,
    Answer,
    Judged,
    days_of,
    early,
    judge_all,
    regimes_of,
    scope_of_parties,
    verdict_under,
)
from oracle.tables import Policy, shipped_policy

if TYPE_CHECKING:
    from oracle.reading import Record

NAMED = frozenset(
    {
        *("parties", "before_since", "unknown_agency", "unknown_purpose", "unknown_time", "boundary_day"),
        *("conflicting_id", "unreadable_field", "spans_boundary", "aggregate_only"),
        *("claimed_population", "reported_pause"),
    }
)
"""The rule ids that the page gives with a meaning."""


class Reasons(NamedTuple):
    """Of the named rules, those that must be among the reasons of a transfer and those that may be."""

    must: frozenset[str]
    may: frozenset[str]


def evaluate_with_reasons(
    records: list[Record],
    as_of: date,
    since: date = SINCE,
    zone: str = "UTC",
    policy: Policy | None = None,
) -> tuple[list[Answer], dict[tuple[str, int], Reasons]]:
    """Return what `evaluate` does, and the reasons of these transfers by file and record."""
    policy = policy or shipped_policy()
    transfers = judge_all(records, as_of, since, zone, policy)
    given = {
        (judged.row["source_file"], judged.row["source_record"]): _reasons(judged, as_of, since, policy)
        for judged in transfers
    }
    return [judged.row for judged in transfers], given


def _reasons(judged: Judged, as_of: date, since: date, policy: Policy) -> Reasons:
    content, scope = judged.content, judged.scope
    days = days_of(content, policy)
    # Of the record, not of its judging: these speak in and out of scope.
    always = {
        "conflicting_id": judged.conflicting,
        "unreadable_field": bool(content.unreadable),
        "before_since": early(content, since, policy),
        "parties": scope_of_parties(content, policy) == "out_of_scope",
    }
    of_time = {
        "unknown_time": not days,
        "boundary_day": any(day in policy.boundary_days for day in days),
        "spans_boundary": len(regimes_of(days, policy)) > 1,
    }
    must = {rule for rule, speaks in always.items() if speaks}
    may: set[str] = set()
    if scope == "out_of_scope":
        may |= {rule for rule, speaks in of_time.items() if speaks}
        if scope_of_parties(content, policy) != "out_of_scope":
            may |= {"unknown_agency", "unknown_purpose"}
    elif scope == "unattributed":
        must.add("unknown_agency")
        may |= {rule for rule, speaks in of_time.items() if speaks} | {"unknown_purpose"}
    else:
        must |= {rule for rule, speaks in of_time.items() if speaks}
        if scope == "unknown_agency":
            must.add("unknown_agency")
            may.add("unknown_purpose")
        else:
            _of_known_parties(judged, as_of, policy, must, may)
    return Reasons(frozenset(must), frozenset(must | may))


def _of_known_parties(judged: Judged, as_of: date, policy: Policy, must: set[str], may: set[str]) -> None:
    facts, now = judged.facts, policy.regime_on(as_of)
    if facts.purpose == "unheard" or (facts.purpose == "none" and not facts.to_enforcer):
        may.add("unknown_purpose")
        # Under a regime that a purpose does not move, or for states that it does not reach, there is nothing to tell.
        if now and now.other_purpose and (now.states | now.unsettled) & set(facts.states):
            must.add("unknown_purpose")

    paused = [
        regime
        for regime in policy.regimes
        if not regime.enabled and regime.first_day and regime.first_day <= as_of <= (regime.last_day or date.max)
    ]
    rank = SEVERITIES.index
    if any(rank(verdict_under(facts, regime, policy)) > rank(judged.row["verdict_now"]) for regime in paused):
        must.add("reported_pause")

    claimed = {
        side
        for side, regimes in (("now", [now]), ("then", regimes_of(days_of(judged.content, policy), policy)))
        for regime in regimes
        if judged.row[f"verdict_{side}"] == "permitted"
        and verdict_under(facts, regime, policy) == "permitted"
        and regime
        and any(regime.populations.get(word) == "permitted" for word in facts.populations)
    }
    if "now" in claimed:
        must.add("claimed_population")
    elif claimed:
        may.add("claimed_population")
