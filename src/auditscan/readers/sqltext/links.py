"""What an equality between columns of two tables says, and what it carries from one to the other.

Only the state itself carries a restriction on states whole: one person, one family and one number of a row have records
in several, so that over these those of the states asked for are found, and others. People are the same over a key of
people, and never over a family.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.readers.sqltext.limits import FREE, Limits
from auditscan.readers.sqltext.names import asked_by, column_class, key_kind
from auditscan.readers.sqltext.spans import ALL, FREE_SPAN, OPAQUE_SPAN, Span

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from auditscan.readers.sqltext.relations import Relation

SAME, STATE, PERSON, FAMILY, BATCH, KEY, OTHER = "same", "state", "person", "family", "batch", "key", "other"
CHOOSING = frozenset((PERSON, FAMILY, KEY))
"""Over these a list of people chooses whose rows are put out."""


def link_kind(one: str, other: str) -> str:
    """What an equality between columns of these names says. `name ...` and `birth` pick a person only together."""
    if column_class(one) == "state" and column_class(other) == "state":
        return STATE
    kinds = {key_kind(one), key_kind(other)}
    for kind in (FAMILY, PERSON, BATCH, KEY):
        if kind in kinds:
            return kind
    asked = {asked_by(one), asked_by(other)}
    if "name" in asked:
        return f"name {one.casefold()}"
    return "birth" if "birth" in asked else OTHER


def ask_by_name(kinds: AbstractSet[str]) -> bool:
    """Whether equalities of these kinds together pick people by name."""
    names = sum(kind.startswith("name ") for kind in kinds)
    return names > 1 or bool(names and "birth" in kinds)


def carried(limits: Limits, kind: str, source: Relation, target: Relation) -> Limits:
    """What a restriction of one table says of another that is tied to it so."""
    if limits is FREE:
        return FREE
    if kind == SAME or target.aside:
        return limits
    if kind == STATE:
        return Limits(states=limits.states)
    listed = source.listed and not source.national
    if kind == PERSON:
        chip = limits.chip if not limits.chip.maybe else FREE_SPAN
        return Limits(_and_more(limits.states), limits.people, chip, limits.picked or listed)
    if kind == KEY:
        return Limits(_and_more(limits.states), _some(limits.people), picked=limits.picked or listed)
    if kind == FAMILY:
        return Limits(_and_more(limits.states), _some(limits.people) if listed else FREE_SPAN)
    return Limits(_and_more(limits.states)) if kind == BATCH and source.national else FREE


def _and_more(span: Span) -> Span:
    """What passes, and whatever other states hold of the same people."""
    return FREE_SPAN if span.free else Span(span.sure, ALL)


def _some(span: Span) -> Span:
    """Some of all, nobody can tell which, where there is a restriction at all."""
    return FREE_SPAN if span.free else OPAQUE_SPAN
