"""Content to answer rows: look-up, scope, severities, purpose, flags, order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from oracle.parties import find
from oracle.reading import Content, Record, place_text, read
from oracle.tables import Policy, Regime, normalize, shipped_policy

SINCE = date(2025, 6, 1)
SEVERITIES = ("outside", "permitted", "review", "enjoined")  # mildest first
WHOLE_COUNTRY = frozenset({"all", "us", "nationwide", "national"})
OPEN_SIDES = ("unknown", "vendor")
OUTCOMES = frozenset({"success", "failure", "partial", "empty", "unknown"})
ATTEMPTS = ("failure", "empty")
ENFORCERS = frozenset({"ICE", "CBP", "DHS"})
"""Recipients whose purpose is presumed to be enforcement where the log gives none."""

# A row of the answer: the columns by name, in the order of the page.
Answer = dict[str, Any]


def worst(severities: list[str]) -> str:
    """Return the worst of at least one severity."""
    return max(severities, key=SEVERITIES.index)


def milder(one: str, other: str) -> str:
    """Return the milder of two severities."""
    return min(one, other, key=SEVERITIES.index)


@dataclass(frozen=True)
class Facts:
    """What a transfer is about, after look-up; every list has at least one entry."""

    states: tuple[str, ...]
    programs: tuple[str, ...]
    populations: tuple[str, ...]
    categories: tuple[str, ...]
    purpose: str
    """`enforcement`, `other`, `none` or `unheard`: a word that no table knows."""
    to_enforcer: bool
    """The recipient is ICE, CBP or DHS without a component."""


@lru_cache(100_000)
def look_up(content: Content, policy: Policy) -> Facts:
    """Return the facts of a record; what no table knows is `unknown` or `unclassified`."""
    states: set[str] = set()
    words, unknown = content.words("states")
    for word in map(normalize, words):
        if word in WHOLE_COUNTRY:
            states |= policy.nation
        else:
            states.add(policy.states.get(word, "unknown"))
    if unknown:
        states.add("unknown")

    def known(field: str, table: dict[str, str], otherwise: str) -> tuple[str, ...]:
        words, unknown = content.words(field)
        found = {table.get(normalize(word), otherwise) for word in words}
        return tuple(sorted(found | {otherwise} if unknown else found))

    return Facts(
        states=tuple(sorted(states)),
        programs=known("programs", policy.programs, "unknown"),
        populations=known("populations", policy.populations, "unknown"),
        categories=known("elements", policy.elements, "unclassified"),
        purpose=_purpose(content.text("purpose"), policy),
        to_enforcer=find(content.text("recipient"), "recipient", policy).party.agency in ENFORCERS,
    )


def _purpose(text: str | None, policy: Policy) -> str:
    if text is None or normalize(text) == "unknown":
        return "none"
    kinds = {"immigration_enforcement": "enforcement", "other": "other", "unknown": "none"}
    return kinds.get(policy.purposes.get(normalize(text), ""), "unheard")


def category_severity(category: str, facts: Facts, regime: Regime, policy: Policy) -> str:
    """Return the severity of one category of a transfer, others of the same transfer considered."""
    for other in policy.implied_by.get(category, ()):
        by_itself = regime.categories.get(other, regime.default_category)
        if other in facts.categories and by_itself == "permitted":
            return "permitted"
    return regime.categories.get(category, regime.default_category)


def content_severity(facts: Facts, regime: Regime, policy: Policy) -> str:
    """Return the worst severity of all parts, whatever the purpose."""
    parts = [category_severity(c, facts, regime, policy) for c in facts.categories]
    parts += [regime.populations.get(p, regime.default_population) for p in facts.populations]
    parts += [regime.programs.get(p, regime.default_program) for p in facts.programs]
    return worst(parts)


def moved_by_purpose(content: str, facts: Facts, regime: Regime) -> str:
    """Return what the purpose makes of the content severity."""
    if regime.other_purpose is None or facts.purpose == "enforcement":
        return content
    if facts.purpose == "other" or not facts.to_enforcer:
        return regime.other_purpose
    return content if facts.purpose == "none" else worst([content, "review"])


def state_severities(facts: Facts, regime: Regime, policy: Policy) -> list[str]:
    """Return a severity for each state of a transfer under a regime that reaches somebody."""
    content = moved_by_purpose(content_severity(facts, regime, policy), facts, regime)
    severities = []
    for state in facts.states:
        if state in regime.states:
            severities.append(content)
        elif state in regime.unsettled:
            severities.append(milder(content, "review"))
        else:
            severities.append("review" if state == "unknown" else "outside")
    return severities


def verdict_under(facts: Facts, regime: Regime | None, policy: Policy) -> str:
    """Return the verdict of an in-scope transfer between known parties under one regime."""
    if regime is None or not (regime.states or regime.unsettled):
        return "outside"
    return worst(state_severities(facts, regime, policy))


def days_of(content: Content, policy: Policy) -> list[date]:
    """Return the calendar days of a record in the court's zone; none where it has no time."""
    if content.occurred_at is None:
        return []
    day = content.occurred_at.court_day(policy.court_zone)
    ends = sorted([day, content.last_day or day])
    return [ends[0] + timedelta(days=passed) for passed in range((ends[1] - ends[0]).days + 1)]


def regimes_of(days: list[date], policy: Policy) -> list[Regime | None]:
    """Return the regimes of some days, each once; None for days that none covers."""
    found: list[Regime | None] = []
    for day in days:
        regime = policy.regime_on(day)
        if regime not in found:
            found.append(regime)
    return found


def early(content: Content, since: date, policy: Policy) -> bool:
    """Return whether all days of a record are before the first day asked about."""
    days = days_of(content, policy)
    return bool(days) and days[-1] < since


def scope_of_parties(content: Content, policy: Policy) -> str:
    """Return `in`, `unknown_agency`, `unattributed` or `out_of_scope`."""
    found = [find(content.text(role), role, policy).party for role in ("sender", "recipient")]
    sender, recipient = (party.side for party in found)
    if (sender, recipient) == ("sender", "recipient"):
        # One word of a longer name settles nothing.
        return "unknown_agency" if any(party.guessed for party in found) else "in"
    # A vendor works for whoever hired it, which nobody knows either.
    if (sender == "sender" and recipient in OPEN_SIDES) or (sender in OPEN_SIDES and recipient == "recipient"):
        return "unknown_agency"
    return "unattributed" if sender in OPEN_SIDES and recipient in OPEN_SIDES else "out_of_scope"


@dataclass(frozen=True)
class Judged:
    """A transfer: its content and place, what was looked up, and its row of the answer."""

    content: Content
    facts: Facts
    scope: str
    conflicting: bool
    """Its id stands on different content too."""
    row: Answer


def judge_all(
    records: list[Record],
    as_of: date,
    since: date = SINCE,
    zone: str = "UTC",
    policy: Policy | None = None,
) -> list[Judged]:
    """Return the transfers in the order of the page. See `evaluate`."""
    policy = policy or shipped_policy()
    first_place: dict[Content, tuple[str, int]] = {}
    for record in records:
        content, place = read(record.fields, zone, record.last_day), (record.source_file, record.source_record)
        first_place[content] = min(place, first_place.get(content, place))
    uses = Counter(content.transfer_id for content in first_place)

    def order(entry: tuple[Content, tuple[str, int]]) -> tuple[Any, ...]:
        content, place = entry
        when = content.occurred_at
        moment = (0, when.instant, not when.bare) if when else (1,)
        return (*moment, content.transfer_id, place)

    return [
        _judged(content, place, as_of, since, policy, conflicting=uses[content.transfer_id] > 1)
        for content, place in sorted(first_place.items(), key=order)
    ]


def evaluate(
    records: list[Record],
    as_of: date,
    since: date = SINCE,
    zone: str = "UTC",
    policy: Policy | None = None,
) -> list[Answer]:
    """Return the answer rows without `reasons` and `record_key`, one a transfer, in the order of the page.

    `zone` is the clock of times that name none. Raises ValueError for a record that has no
    readable `transfer_id`, or one field twice.
    """
    return [judged.row for judged in judge_all(records, as_of, since, zone, policy)]


def _judged(
    content: Content, place: tuple[str, int], as_of: date, since: date, policy: Policy, *, conflicting: bool
) -> Judged:
    facts = look_up(content, policy)
    scope = "out_of_scope" if early(content, since, policy) else scope_of_parties(content, policy)
    when = content.occurred_at
    days = days_of(content, policy)
    court_day = when.court_day(policy.court_zone) if when else None
    now = policy.regime_on(as_of)
    then = policy.regime_on(court_day) if court_day else None

    if scope == "in":
        verdict_now = verdict_under(facts, now, policy)
        thens = [verdict_under(facts, regime, policy) for regime in regimes_of(days, policy)]
        verdict_then = worst(thens) if thens else "review"
    else:
        verdict_now = verdict_then = "review" if scope == "unknown_agency" else scope

    plaintiffs = [state for state in facts.states if now and state in now.states]
    enjoined = [
        category
        for category in facts.categories
        if now and category_severity(category, facts, now, policy) == "enjoined"
    ]
    flagged_scope = scope in ("in", "unknown_agency")
    flag_category = bool(flagged_scope and now and content_severity(facts, now, policy) == "enjoined")
    flag_state = bool(flagged_scope and plaintiffs)
    elements, _ = content.words("elements")
    outcome = policy.outcomes.get(normalize(content.text("outcome") or ""), "unknown")
    agencies = [find(content.text(role), role, policy).party.agency for role in ("sender", "recipient")]
    row = {
        "transfer_id": content.transfer_id,
        "occurred_at": when.text() if when else None,
        "sender_agency": agencies[0],
        "recipient_agency": agencies[1],
        "states": list(facts.states),
        "programs": list(facts.programs),
        "populations": list(facts.populations),
        "elements": elements,
        "categories": list(facts.categories),
        "record_count": content.record_count,
        "outcome": outcome,
        "regime_now": now.regime_id if now else None,
        "verdict_now": verdict_now,
        "regime_then": then.regime_id if then else None,
        "verdict_then": verdict_then,
        "flag_category": flag_category,
        "flag_state": flag_state,
        "flagged": flag_category or flag_state,
        "plaintiff_states": plaintiffs,
        "enjoined_categories": enjoined,
        "unclassified_elements": [e for e in elements if normalize(e) not in policy.elements],
        "source_file": place[0],
        "source_record": place[1],
        "place": place_text(*place),
        "court_day": court_day,
        "attempt": outcome in ATTEMPTS,
        "verdict_basis": "logged",
    }
    return Judged(content, facts, scope, conflicting, row)
