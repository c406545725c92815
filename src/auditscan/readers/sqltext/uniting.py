"""The rows of two queries put together."""

from __future__ import annotations

from auditscan.readers.sqltext.facts import in_both
from auditscan.readers.sqltext.relations import Relation, merged


def both(one: Relation, other: Relation, *, by_name: bool) -> Relation:
    """The rows of two queries under the names of the first."""
    whole = Relation(open=merged(one.open, other.open), national=one.national or other.national)
    whole.listed = one.listed and other.listed
    whole.aside = one.aside and other.aside
    whole.parted = one.parted | other.parted
    whole.facts = in_both(one.facts, other.facts)
    parts = [relation.limits for relation in (one, other) if relation.limits is not None]
    whole.limits = parts[0].join(parts[-1]) if parts else None
    if one.anything is not None and not one.columns:
        whole.columns = list(other.columns)
    elif other.anything is not None and not other.columns:
        whole.columns = list(one.columns)
    elif by_name or (one.columns == [] and other.columns == []):
        whole.columns = one.columns + other.columns
    elif len(one.columns) == len(other.columns) and not whole.open:
        whole.columns = [(name, a | b) for (name, a), (_, b) in zip(one.columns, other.columns, strict=True)]
    else:
        # Which column meets which cannot be told: each may be any of the other query.
        whole.columns = [(name, value | other.everything) for name, value in one.columns] + other.columns
    return whole
