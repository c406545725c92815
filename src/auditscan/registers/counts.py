"""How many people or rows a cell speaks of."""

from __future__ import annotations

import re

_GROUPED = r"\d{1,3}(?:[,\u00a0\u202f' ]\d{3})+|\d{1,3}(?:\.\d{3}){2,}|\d+"
_COUNT = re.compile(
    rf"""(?:(?:approx(?:\.|imately)?|about|circa|ca?\.|est(?:\.|imated)?|roughly|total(?:\ of)?:?|~|\u2248)\s*)*
        (?P<number>{_GROUPED})(?P<fraction>\.\d+)?\s*
        (?P<scale>k|m|mm|mil|mill|million|millions|thousand|thousands|billion|bn)?\.?
        \s*(?:\(?(?:[a-z]+[ /-]?){{0,3}}
            (?:record|row|individual|person|people|beneficiar|enrollee|patient|member)[a-z]*\)?)?
        \s*[*\u2020\u2021]*""",
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST = 100
_SCALES = {"k": 10**3, "t": 10**3, "m": 10**6, "b": 10**9}


_PEOPLE = re.compile(r"individual|person|people|beneficiar|enrollee|patient|member|subject|participant", re.IGNORECASE)
_ROWS = re.compile(r"record|row|line", re.IGNORECASE)


def what_is_counted(header: str) -> str | None:
    """Return `people` or `rows`, as the header of a column of counts says it; None where it says neither or both."""
    people, rows = _PEOPLE.search(header), _ROWS.search(header)
    if people and rows:
        return None
    return "people" if people else "rows" if rows else None


def read_count(text: str) -> int | None:
    """Return the whole number a cell gives, as in `approx. 1,200,000` or `1.2 million records`; None if it gives none.

    `>10`, `10+`, `1,000 to 2,000` and 5.7 people are no numbers: what stands there is unknown, not zero.
    """
    found = _COUNT.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        return None
    digits = re.sub(r"\D", "", found["number"])
    fraction = (found["fraction"] or ".0")[1:]
    scale = _SCALES[found["scale"][0].lower()] if found["scale"] else 1
    value = int(digits + fraction) * scale
    whole, rest = divmod(value, 10 ** len(fraction))
    return None if rest or whole >= 2**63 else whole
