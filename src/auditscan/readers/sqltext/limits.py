"""To which states and people a predicate restricts the rows of a table.

A restriction is a set of codes or words, in which `unknown` stands for "to something we cannot
tell"; None is no restriction at all. Whatever is not understood restricts to `unknown`, never to
fewer than it may let through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from auditscan.readers.sqltext.model import UNKNOWN
from auditscan.readers.sqltext.names import PEOPLE_CLASSES, STATE_CLASSES, column_class

Codes = frozenset[str] | None

UNKNOWN_CODES: Codes = frozenset({UNKNOWN})

# What the codes of policy/codes.csv say of a person; all others say nothing certain. Code 3 (emergency
# services only) and restricted benefits 2 are given to people lawfully present too.
_PEOPLE = {
    "citizenship": {"0": UNKNOWN, "1": "us_citizen", "2": "us_citizen"},
    "immigration": {
        "1": "other_lawfully_residing",
        "2": "other_lawfully_residing",
        "3": UNKNOWN,
        "8": "us_citizen",
        "9": UNKNOWN,
    },
}
_CODED = ("citizenship", "immigration", "benefits")
_FEW = 60
# The research files write 0 for citizens, where T-MSIS writes 8.
_RESEARCH_CITIZEN = "0"
_CHIP_CODES = ("0", "1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class Limits:
    """What restricts the rows of a table or a query."""

    states: Codes = None
    people: Codes = None
    chip: Codes = None

    def meet(self, other: Limits) -> Limits:
        """Both hold."""
        return Limits(meet(self.states, other.states), meet(self.people, other.people), meet(self.chip, other.chip))

    def join(self, other: Limits) -> Limits:
        """The rows of one and those of the other."""
        return Limits(join(self.states, other.states), join(self.people, other.people), join(self.chip, other.chip))


FREE = Limits()
OPAQUE = Limits(UNKNOWN_CODES, UNKNOWN_CODES, None)


def meet(one: Codes, other: Codes) -> Codes:
    """Both restrictions at once; where they exclude each other, all that either names."""
    if one is None or other is None:
        return other if one is None else one
    if one == other:
        return one
    sure, also = one - {UNKNOWN}, other - {UNKNOWN}
    both = sure & also
    if UNKNOWN in other:
        both |= sure
    if UNKNOWN in one:
        both |= also
    if UNKNOWN in one and UNKNOWN in other:
        both |= {UNKNOWN}
    return both or one | other


def join(one: Codes, other: Codes) -> Codes:
    """What passes one restriction or the other."""
    return None if one is None or other is None else one | other


def certain(codes: Codes) -> Codes:
    """The restriction if it is known whole, else none."""
    return None if codes is None or UNKNOWN in codes else codes


@dataclass(frozen=True, slots=True)
class Known:
    """A column of which predicates decide something."""

    kind: str
    """A class of `names.column_class`."""
    exact: bool
    """False for what is computed from it."""
    places: frozenset[int]
    """The relations of the query it may belong to."""


Classify = Callable[[exp.Column], Known | None]
_TRANSPARENT = (exp.Paren, exp.Trim, exp.Upper, exp.Lower, exp.Cast, exp.TryCast, exp.Pad, exp.Collate)


def conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    """The conditions that must all hold, parentheses taken off."""
    pending = [condition]
    while pending:
        part = pending.pop().unnest()
        if isinstance(part, exp.And):
            pending += [part.expression, part.this]
        else:
            yield part


def columns_in(condition: exp.Expr) -> Iterator[exp.Column]:
    """The columns of a condition, those of queries within it left out."""
    for node in condition.walk(prune=lambda node: isinstance(node, exp.Query)):
        if isinstance(node, exp.Column):
            yield node


class Restriction:
    """Reads from one condition what it does to states, people or CHIP codes."""

    def __init__(self, classify: Classify, kinds: tuple[str, ...]) -> None:
        self.classify = classify
        self.kinds = kinds
        self.places: set[frozenset[int]] = set()
        """Which relations the columns met so far may belong to."""

    def read(self, condition: exp.Expr) -> Codes:
        """The restriction, over any AND, OR and NOT."""
        condition = condition.unnest()
        if isinstance(condition, exp.And):
            codes: Codes = None
            for part in conjuncts(condition):
                codes = meet(codes, self.read(part))
            return codes
        if isinstance(condition, exp.Or):
            parts = [self.read(part) for part in condition.flatten()]
            codes = parts[0]
            for other in parts[1:]:
                codes = join(codes, other)
            return codes
        return self._atom(condition)

    def _atom(self, condition: exp.Expr) -> Codes:
        mentioned = [known for column in columns_in(condition) if (known := self._known(column))]
        if not mentioned:
            return None
        self.places |= {known.places for known in mentioned}
        if any(known.kind == "status" for known in mentioned):
            return UNKNOWN_CODES
        negated = isinstance(condition, (exp.Not, exp.NEQ))
        if isinstance(condition, exp.Not):
            condition = condition.this.unnest()
            if isinstance(condition, exp.Is):
                return None
        compared = _compared(condition)
        if compared is None:
            return UNKNOWN_CODES
        side, values = compared
        if values is None:
            joined = isinstance(condition, exp.EQ) and len({known.kind for known in mentioned}) < len(mentioned)
            return None if joined else UNKNOWN_CODES
        column = _bare_column(side)
        known = self._known(column) if column is not None else None
        if known is None or not known.exact:
            return UNKNOWN_CODES
        return excluding(known.kind, values) if negated else including(known.kind, values)

    def _known(self, column: exp.Column) -> Known | None:
        known = self.classify(column)
        return known if known is not None and known.kind in self.kinds else None


def _compared(condition: exp.Expr) -> tuple[exp.Expr, list[str] | None] | None:
    """The side that is compared, and the constants it is compared with; None in their place if there are others."""
    if isinstance(condition, exp.In):
        if condition.args.get("query") or condition.args.get("unnest") or condition.args.get("field"):
            return None
        values = [_constant(item) for item in condition.expressions]
        known = [value for value in values if value is not None]
        return (condition.this, known) if known and len(known) == len(values) else None
    if not isinstance(condition, (exp.EQ, exp.NullSafeEQ, exp.NEQ)):
        return None
    for side, other in ((condition.this, condition.expression), (condition.expression, condition.this)):
        value = _constant(other)
        if value is not None:
            return side, [value]
    both = _bare_column(condition.this) and _bare_column(condition.expression)
    return (condition.this, None) if both else None


def _constant(side: exp.Expr) -> str | None:
    while isinstance(side, (exp.Paren, exp.Cast)):
        side = side.this
    return side.name if isinstance(side, exp.Literal) else None


def _bare_column(side: exp.Expr) -> exp.Column | None:
    while isinstance(side, _TRANSPARENT):
        side = side.this
    return side if isinstance(side, exp.Column) else None


def including(kind: str, values: list[str]) -> Codes:
    """What `column in (values)` restricts to."""
    if kind in ("state", "chip"):
        return frozenset(value.strip() or UNKNOWN for value in values)
    if kind == "benefits":
        # Every scope but 2 is given to citizens like to others: it restricts the benefits, not the people.
        return None if set(values) - {"2", ""} else UNKNOWN_CODES
    people = dict(_PEOPLE.get(kind, {}))
    if kind == "immigration":
        people[_RESEARCH_CITIZEN] = "us_citizen"
    return frozenset(people.get(value.strip(), UNKNOWN) for value in values)


def excluding(kind: str, values: list[str]) -> Codes:
    """What `column not in (values)` restricts to."""
    if kind in ("state", "vague_state", "benefits"):
        return None
    if kind == "chip":
        return frozenset(code for code in _CHIP_CODES if code not in values) or UNKNOWN_CODES
    if kind not in _PEOPLE:
        return UNKNOWN_CODES
    people = _PEOPLE[kind]
    return frozenset(word for code, word in people.items() if code not in values) | {UNKNOWN}


def in_few_words(condition: exp.Expr, text: str) -> str:
    """A condition on people as the reason for a deduction: codes as written, but nothing that may be of one person."""
    kinds = {column.name: column_class(column.name) for column in condition.find_all(exp.Column)}
    if kinds and all(kind in _CODED for kind in kinds.values()) and len(text) <= _FEW:
        return f"filter {text}"
    named = sorted(name for name, kind in kinds.items() if kind in PEOPLE_CLASSES)
    return f"filter on {', '.join(named[:3])}" if named else "filter on a list of people"


def limits_of(condition: exp.Expr, classify: Classify) -> dict[int, Limits]:
    """Which relations of a query one condition restricts, and to what."""
    found: dict[int, Limits] = {}
    for name, kinds in (("states", STATE_CLASSES), ("people", PEOPLE_CLASSES), ("chip", ("chip",))):
        reading = Restriction(classify, kinds)
        codes = reading.read(condition)
        if codes is None:
            continue
        if name == "states" and len(reading.places) > 1:
            # One of two tables, by OR: neither is restricted to what is named.
            codes = UNKNOWN_CODES
        limit = Limits(**{name: codes})
        for place in frozenset().union(*reading.places):
            found[place] = found.get(place, FREE).meet(limit)
    return found
