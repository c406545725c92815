"""What codes of states and people say, and which remain where a text names those left out.

Of states a text names codes. Of people it names codes of citizenship and of immigration status, each of which says
something of a person by itself: they are kept as pairs, so that conditions on both can be joined by AND, OR and NOT.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from itertools import product

from auditscan.policy import normalize
from auditscan.readers.sqltext.model import UNKNOWN
from auditscan.readers.sqltext.spans import Span, Values

CITIZEN, LAWFUL = "us_citizen", "other_lawfully_residing"
_OTHER = "-"
"""Stands for every code that says nothing certain."""
# What the codes of policy/codes.csv say of a person; all others say nothing certain. Code 3 (emergency services only)
# and restricted benefits 2 are given to people lawfully present too.
_CITIZENSHIP = {"0": UNKNOWN, "1": CITIZEN, "2": CITIZEN, _OTHER: UNKNOWN}
# The research files write 0 for citizens, where T-MSIS writes 8: a citizen's only where a filter asks for it.
_IMMIGRATION = {"0": CITIZEN, "1": LAWFUL, "2": LAWFUL, "3": UNKNOWN, "8": CITIZEN, "9": UNKNOWN, _OTHER: UNKNOWN}
_RESEARCH_CITIZEN = "0"
PEOPLE_CODES = {"citizenship": _CITIZENSHIP, "immigration": _IMMIGRATION}
CHIP_CODES = frozenset("01234")
_TERRITORIES = frozenset(("AS", "GU", "MP", "PR", "VI"))


@lru_cache(maxsize=1)
def _states() -> tuple[dict[str, str], dict[str, str]]:
    """Codes and words of the states and DC, normalized -> state."""
    text = files("auditscan.policy").joinpath("states.csv").read_text("utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["usps"] not in _TERRITORIES]
    words = {normalize(row[key]): row["usps"] for row in rows for key in ("usps", "name")}
    # Abbreviations stand in registers; a column of T-MSIS holds codes.
    return {row["code"]: row["usps"] for row in rows if row["code"].isdigit()}, words


def states_left(without: frozenset[str]) -> frozenset[str]:
    """The states, DC and extra codes of T-MSIS that a filter lets through which names those left out.

    A column holds codes or words. Where a filter names both, a state is left out for certain only if it is in both.
    """
    codes, words = _states()
    out_codes, out_words = without & codes.keys(), {words[word] for word in map(normalize, without) if word in words}
    if out_words and not out_codes:
        return frozenset(words.values()) - out_words
    if out_words:
        return frozenset(code for code in codes if code not in out_codes or codes[code] not in out_words)
    return frozenset(codes) - out_codes


def state_codes(span: Span) -> tuple[frozenset[str] | None, bool]:
    """The codes that pass, None for all, with `unknown` for those not told; whether the text names what it leaves out.

    Where nothing passes, the text was read wrongly, or the query found nothing: unknown.
    """
    left_out = span.sure.but
    codes = states_left(span.sure.named) if left_out else span.sure.named
    if left_out and codes == states_left(frozenset()):
        return None, False
    more = span.maybe & ~span.sure
    if more.but or (left_out and more):
        codes |= {UNKNOWN}
    elif more:
        codes |= more.named
    return frozenset(code or UNKNOWN for code in codes) or frozenset({UNKNOWN}), left_out


def chip_codes(span: Span) -> frozenset[str] | None:
    """The CHIP codes that pass; None for all."""
    passing = span.may_pass
    if not passing.but:
        return passing.named & CHIP_CODES or None
    return CHIP_CODES - passing.named if passing.named & CHIP_CODES else None


def people_values(kind: str, codes: frozenset[str]) -> Values:
    """The people of these codes of citizenship or immigration status."""
    known = PEOPLE_CODES[kind]
    held = {code if code in known else _OTHER for code in codes}
    if kind == "citizenship":
        return Values(frozenset(one + other for one, other in product(held, _IMMIGRATION)))
    return Values(frozenset(one + other for one, other in product(_CITIZENSHIP, held)))


_EVERYBODY = frozenset(one + other for one, other in product(_CITIZENSHIP, _IMMIGRATION))


def people_words(span: Span) -> frozenset[str] | None:
    """Words of `populations.csv` for who passes; None for everybody."""
    sure, maybe = _people(span.sure), _people(span.maybe)
    if sure == _EVERYBODY:
        return None
    words = _words(sure)
    if maybe:
        unsure = _words(maybe) if maybe != _EVERYBODY else frozenset({UNKNOWN})
        words |= unsure if len(unsure) == 1 else {UNKNOWN}
    return words or frozenset({UNKNOWN})


def _people(values: Values) -> frozenset[str]:
    return _EVERYBODY - values.named if values.but else values.named


@lru_cache(maxsize=256)
def _words(people: frozenset[str]) -> frozenset[str]:
    """A code tells only where a filter asks for it: of people with any immigration status their citizenship is told."""
    found = set()
    of_citizenship = {one: {pair[1] for pair in people if pair[0] == one} for one in _CITIZENSHIP}
    of_status = {one: {pair[0] for pair in people if pair[1] == one} for one in _IMMIGRATION}
    for pair in people:
        citizenship, status = pair[0], pair[1]
        listed = _OTHER not in of_citizenship[citizenship]
        told = UNKNOWN if status == _RESEARCH_CITIZEN and not listed else _IMMIGRATION[status]
        any_status = len(of_citizenship[citizenship]) == len(_IMMIGRATION)
        any_citizenship = len(of_status[status]) == len(_CITIZENSHIP)
        if any_status and any_citizenship:
            found |= {_CITIZENSHIP[citizenship], told}
        elif any_status:
            found.add(_CITIZENSHIP[citizenship])
        elif any_citizenship or told != UNKNOWN:
            found.add(told)
        else:
            found.add(_CITIZENSHIP[citizenship])
    return frozenset(found)
