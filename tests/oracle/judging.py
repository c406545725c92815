"""Content to answer rows: look-up, scope, severities, flags, order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from oracle.parties import find
from oracle.reading import Content, Record, read
from oracle.tables import Policy, Regime, load_policy, normalize

SINCE = date(2025, 6, 1)
SEVERITIES = ("outside", "permitted", "review", "enjoined")  # mildest first
WHOLE_COUNTRY = frozenset({"all", "us", "nationwide", "national"})
OPEN_SIDES = ("unknown", "vendor")
OUTCOMES = frozenset({"success", "failure", "partial", "unknown"})

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
    purpose_is_other: bool


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
        purpose_is_other=policy.purposes.get(normalize(content.text("purpose") or "")) == "other",
    )


def category_severity(category: str, facts: Facts, regime: Regime, policy: Policy) -> str:
    """Return the severity of one category of a transfer, others of the same transfer considered."""
    for other in policy.implied_by.get(category, ()):
        by_itself = regime.categories.get(other, regime.default_category)
        if other in facts.categories and by_itself == "permitted":
            return "permitted"
    return regime.categories.get(category, regime.default_category)


def content_severity(facts: Facts, regime: Regime, policy: Policy) -> str:
    """Return the worst severity of all parts, after the purpose cap."""
    parts = [category_severity(c, facts, regime, policy) for c in facts.categories]
    parts += [regime.populations.get(p, regime.default_population) for p in facts.populations]
    parts += [regime.programs.get(p, regime.default_program) for p in facts.programs]
    if facts.purpose_is_other and regime.other_purpose is not None:
        return milder(worst(parts), regime.other_purpose)
    return worst(parts)


def verdict_under(facts: Facts, regime: Regime | None, policy: Policy) -> str:
    """Return the verdict of an in-scope transfer between known parties under one regime."""
    if regime is None or not (regime.states or regime.unsettled):
        return "outside"
    content = content_severity(facts, regime, policy)
    verdicts = []
    for state in facts.states:
        if state in regime.states:
            verdicts.append(content)
        elif state in regime.unsettled:
            verdicts.append(milder(content, "review"))
        else:
            verdicts.append("review" if state == "unknown" else "outside")
    return worst(verdicts)


def scope_of(content: Content, since: date, policy: Policy) -> str:
    """Return `in`, `unknown_agency` or `out_of_scope`."""
    when = content.occurred_at
    if when is not None and when.court_day(policy.court_zone) < since:
        return "out_of_scope"
    sender, recipient = (find(content.text(role), role, policy).party.side for role in ("sender", "recipient"))
    if (sender, recipient) == ("sender", "recipient"):
        return "in"
    # A vendor works for whoever hired it, which nobody knows either.
    if (sender == "sender" and recipient in OPEN_SIDES) or (sender in OPEN_SIDES and recipient == "recipient"):
        return "unknown_agency"
    return "out_of_scope"


def evaluate(
    records: list[Record],
    as_of: date,
    since: date = SINCE,
    zone: str = "UTC",
    policy: Policy | None = None,
) -> list[Answer]:
    """Return the answer rows without `reasons`, one a transfer, in the order of the page.

    `zone` is the clock of times that name none. Raises ValueError for a record that has no
    readable `transfer_id`, or one field twice.
    """
    policy = policy or load_policy()
    first_place: dict[Content, tuple[str, int]] = {}
    for record in records:
        content, place = read(record.fields, zone), (record.source_file, record.source_record)
        first_place[content] = min(place, first_place.get(content, place))

    def order(entry: tuple[Content, tuple[str, int]]) -> tuple[Any, ...]:
        content, place = entry
        when = content.occurred_at
        moment = (0, when.instant, not when.bare) if when else (1,)
        return (*moment, content.transfer_id, place)

    return [_answer(content, place, as_of, since, policy) for content, place in sorted(first_place.items(), key=order)]


def _answer(content: Content, place: tuple[str, int], as_of: date, since: date, policy: Policy) -> Answer:
    facts = look_up(content, policy)
    scope = scope_of(content, since, policy)
    when = content.occurred_at
    now = policy.regime_on(as_of)
    then = policy.regime_on(when.court_day(policy.court_zone)) if when else None

    if scope == "in":
        verdict_now = verdict_under(facts, now, policy)
        verdict_then = verdict_under(facts, then, policy) if when else "review"
    else:
        verdict_now = verdict_then = "review" if scope == "unknown_agency" else scope

    plaintiffs = [state for state in facts.states if now and state in now.states]
    enjoined = [
        category
        for category in facts.categories
        if now and category_severity(category, facts, now, policy) == "enjoined"
    ]
    in_scope = scope != "out_of_scope"
    flag_category = bool(in_scope and now and content_severity(facts, now, policy) == "enjoined")
    flag_state = bool(in_scope and plaintiffs)
    elements, _ = content.words("elements")
    outcome = normalize(content.text("outcome") or "")
    agencies = [find(content.text(role), role, policy).party.agency for role in ("sender", "recipient")]
    return {
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
        "outcome": outcome if outcome in OUTCOMES else "unknown",
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
    }
