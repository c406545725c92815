"""To which states and people a predicate restricts the rows of a table.

Whatever is not understood restricts to something we cannot tell, never to fewer than it may let through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditscan.readers.sqltext.codes import PEOPLE_CODES, people_values
from auditscan.readers.sqltext.constants import bare_column, compared, constant_of, sought, truth, word_of
from auditscan.readers.sqltext.names import NAME_CLASSES, PEOPLE_CLASSES, STATE_CLASSES, column_class
from auditscan.readers.sqltext.spans import ALL, FREE_SPAN, NONE, OPAQUE_SPAN, Span, Values

_CODED = ("citizenship", "immigration", "benefits")
_FEW = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """What restricts the rows of a table or a query."""

    states: Span = FREE_SPAN
    people: Span = FREE_SPAN
    chip: Span = FREE_SPAN
    picked: bool = False
    """Whether they are rows of people that somebody asked for one by one: by number, or by name and day of birth."""

    def meet(self, other: Limits) -> Limits:
        """Both hold."""
        if self is FREE or other is FREE:
            return other if self is FREE else self
        return Limits(
            self.states.meet(other.states),
            self.people.meet(other.people),
            self.chip.meet(other.chip),
            self.picked or other.picked,
        )

    def join(self, other: Limits) -> Limits:
        """The rows of one and those of the other."""
        if self is FREE or other is FREE:
            return FREE
        return Limits(
            self.states.join(other.states),
            self.people.join(other.people),
            self.chip.join(other.chip),
            self.picked and other.picked,
        )


FREE = Limits()
OPAQUE = Limits(OPAQUE_SPAN, OPAQUE_SPAN)
PICKED = Limits(OPAQUE_SPAN, OPAQUE_SPAN, picked=True)
"""Whose rows they are was known before: it is neither everybody's, nor that of all states."""
_NOBODY = Limits(Span(NONE), Span(NONE), Span(NONE), True)
_Both = tuple[Limits, Limits]
"""What restricts the rows for which a condition holds, and those for which it does not."""


@dataclass(frozen=True, slots=True)
class Known:
    """A column of which predicates decide something."""

    kind: str
    """A class of `names.column_class`, or the word for a key of people."""
    exact: bool
    """False for what is computed from it."""
    places: frozenset[int]
    """The relations of the query it may belong to."""
    whole: bool = True
    """False where it restricts only a part of what the relation puts out."""


Classify = Callable[[exp.Column], Known | None]
Tied = Callable[[frozenset[int], str], bool]
"""Whether what restricts one of these relations, by a column of this kind, restricts them all."""


def conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    """The conditions that must all hold, parentheses taken off."""
    pending = [condition]
    while pending:
        part = pending.pop().unnest()
        if isinstance(part, exp.And):
            pending += [part.expression, part.this]
        else:
            yield part


_FILLED_IN = (exp.Placeholder, exp.Parameter, exp.SessionParameter, exp.DynamicIdentifier)
"""What stands in a text for something that was put there when it ran."""


def is_hidden(condition: exp.Expr) -> bool:
    """Whether a condition, or a part of it, was filled in where the text has a variable: it may restrict anything."""
    condition = condition.unnest()
    if isinstance(condition, (exp.And, exp.Or)):
        return any(is_hidden(part) for part in condition.flatten())
    if isinstance(condition, exp.Not):
        return is_hidden(condition.this)
    if isinstance(condition, exp.Column):
        return "${" in condition.name or "{{" in condition.name
    return condition.find(*_FILLED_IN) is not None and next(columns_in(condition), None) is None


def columns_in(condition: exp.Expr) -> Iterator[exp.Column]:
    """The columns of a condition, those of queries within it left out."""
    for node in condition.walk(prune=lambda node: isinstance(node, exp.Query)):
        if isinstance(node, exp.Column):
            yield node


def limits_of(parts: Sequence[exp.Expr], classify: Classify, tied: Tied) -> dict[int, Limits]:
    """Which relations of a query some conditions restrict that must all hold, and to what."""
    known: dict[int, Known] = {}
    touching: dict[int, list[exp.Expr]] = {}
    for part in parts:
        places: set[int] = set()
        for column in columns_in(part):
            found = classify(column)
            if found is not None:
                known[id(column)] = found
                places |= found.places
        for place in places:
            touching.setdefault(place, []).append(part)
    return {place: _Reading(known, tied, place).all_of(held)[0] for place, held in sorted(touching.items())}


class _Reading:
    """Reads what conditions do to the rows of one relation."""

    def __init__(self, known: dict[int, Known], tied: Tied, place: int) -> None:
        self.known = known
        self.tied = tied
        self.place = place

    def all_of(self, parts: Sequence[exp.Expr]) -> _Both:
        """The restriction where all of them hold, and where one does not."""
        holds, fails = FREE, _NOBODY
        for part in parts:
            true, false = self.read(part)
            holds, fails = holds.meet(true), fails.join(false)
        if not holds.picked and self._names_somebody(parts):
            holds = holds.meet(PICKED)
        return holds, fails

    def read(self, condition: exp.Expr) -> _Both:
        """The restriction where it holds and where it does not, over any AND, OR and NOT."""
        condition = condition.unnest()
        if isinstance(condition, exp.And):
            return self.all_of(list(conjuncts(condition)))
        if isinstance(condition, exp.Or):
            holds, fails = _NOBODY, FREE
            for part in condition.flatten():
                true, false = self.read(part)
                holds, fails = holds.join(true), fails.meet(false)
            return holds, fails
        if isinstance(condition, exp.Not):
            holds, fails = self.read(condition.this)
            return fails, holds
        constant = truth(condition)
        if constant is not None:
            return (FREE, _NOBODY) if constant else (_NOBODY, FREE)
        return self._atom(condition)

    def _atom(self, condition: exp.Expr) -> _Both:
        mentioned = [self.known[id(column)] for column in columns_in(condition) if id(column) in self.known]
        if not mentioned or _ties_columns(condition, mentioned):
            return FREE, FREE
        if isinstance(condition, exp.In) and isinstance(condition.this.unnest(), exp.Tuple):
            return self._rows(condition, mentioned)
        found = compared(condition)
        known = self._exactly(found[0]) if found else None
        sure = known is not None and (known.kind == "person" or self._sure(known))
        if known is not None and found is not None and (sure or self._partly(known)):
            true, false = _told(known.kind, [word_of(known.kind, found[0], value) for value in found[1]])
            if not (sure and known.whole):
                true, false = _partly(true), _partly(false)
            return (false, true) if isinstance(condition, (exp.NEQ, exp.NullSafeNEQ)) else (true, false)
        listed = sought(condition)
        asked = self._exactly(listed) if listed is not None else None
        if asked is not None and asked.kind == "person":
            return OPAQUE, FREE
        # Computed, compared with what no text tells, the column of another, or of nobody knows which: it may restrict.
        unread = _opaque(mentioned)
        present = isinstance(condition, exp.Is) and all(known.kind != "status" for known in mentioned)
        return unread, FREE if present else unread

    def _sure(self, known: Known) -> bool:
        return self.place in known.places and (len(known.places) == 1 or self.tied(known.places, known.kind))

    def _partly(self, known: Known) -> bool:
        """Whether its rows are of people of whom one of several tables holds what is asked for."""
        return known.kind == "state" and self.place in known.places and self.tied(known.places, "people or more")

    def _exactly(self, side: exp.Expr) -> Known | None:
        column = bare_column(side)
        known = self.known.get(id(column)) if column is not None else None
        return known if known is not None and known.exact else None

    def _rows(self, condition: exp.In, mentioned: list[Known]) -> _Both:
        """`(a, b) in (('x', 'y'), ...)`: each place of the rows by itself."""
        holds = FREE
        for at, side in enumerate(condition.this.unnest().expressions):
            known = self._exactly(side)
            cells = [row.expressions[at] if isinstance(row, exp.Tuple) else row for row in condition.expressions]
            values = [constant_of(cell) for cell in cells]
            if known is not None and values and None not in values and self._sure(known):
                words = [word_of(known.kind, side, value) for value in values if value is not None]
                holds = holds.meet(_told(known.kind, words)[0])
            elif known is not None:
                holds = holds.meet(_opaque([known]))
        kinds = [known.kind for known in mentioned if known.kind in NAME_CLASSES]
        if "name" in kinds and len(kinds) > 1 and condition.expressions:
            holds = holds.meet(PICKED)
        return holds, _opaque(mentioned)

    def _names_somebody(self, parts: Sequence[exp.Expr]) -> bool:
        """Whether they ask for a name together with another, or with a day of birth."""
        found = set()
        for part in parts:
            asked = compared(part) if isinstance(part, (exp.EQ, exp.In)) else None
            column = bare_column(asked[0]) if asked else None
            known = self.known.get(id(column))
            if known is not None and column is not None and known.kind in NAME_CLASSES and self.place in known.places:
                found.add((known.kind, column.name.casefold()))
        return len(found) > 1 and any(kind == "name" for kind, _ in found)


def _partly(limits: Limits) -> Limits:
    """What restricts a part of the rows only, or a part of each: of the others nothing is known."""
    return Limits(limits.states if limits.states.free else Span(limits.states.sure, ALL))


def _opaque(mentioned: Sequence[Known]) -> Limits:
    """What a condition on these columns restricts that nobody can read."""
    kinds = {known.kind for known in mentioned}
    return Limits(
        OPAQUE_SPAN if kinds & set(STATE_CLASSES) else FREE_SPAN,
        OPAQUE_SPAN if kinds & set(PEOPLE_CLASSES) else FREE_SPAN,
        OPAQUE_SPAN if "chip" in kinds else FREE_SPAN,
    )


def _told(kind: str, words: list[str | None]) -> _Both:
    """What `column in (words)` restricts, and what `not in`; None stands for a value that the text does not tell."""
    told = frozenset(word for word in words if word is not None)
    whole = len(told) == len(set(words))
    if kind == "person":
        return PICKED, FREE
    if kind in ("state", "chip"):
        found = _either(Values(told), Values(told), whole=whole)
        return (
            (Limits(states=found[0]), Limits(states=found[1]))
            if kind == "state"
            else (Limits(chip=found[0]), Limits(chip=found[1]))
        )
    if kind in PEOPLE_CODES:
        known = people_values(kind, told & PEOPLE_CODES[kind].keys())
        found = _either(people_values(kind, told), known, whole=whole)
        return Limits(people=found[0]), Limits(people=found[1])
    if kind == "benefits":
        # Every scope but 2 is given to citizens like to others: it restricts the benefits, not the people.
        return FREE if told - {"2", ""} else Limits(people=OPAQUE_SPAN), FREE
    if kind == "vague_state":
        return Limits(states=OPAQUE_SPAN), FREE
    return (Limits(people=OPAQUE_SPAN),) * 2 if kind == "status" else (FREE, FREE)


def _either(among: Values, certain: Values, *, whole: bool) -> tuple[Span, Span]:
    """What is among some values, and what is certainly not; not `whole` if there are more that no text tells."""
    if whole:
        return Span(among), Span(~certain)
    return Span(among, ALL), Span(NONE, ~certain)


def _ties_columns(condition: exp.Expr, mentioned: list[Known]) -> bool:
    """Whether it sets two columns of one kind equal: that is a join, and restricts neither."""
    plain = isinstance(condition, (exp.EQ, exp.NullSafeEQ)) and all(
        bare_column(side) is not None for side in (condition.this, condition.expression)
    )
    return plain and len({known.kind for known in mentioned}) < len(mentioned)


def in_few_words(condition: exp.Expr, text: str) -> str:
    """A condition on people as the reason for a deduction: codes as written, but nothing that may be of one person."""
    kinds = {column.name: column_class(column.name) for column in condition.find_all(exp.Column)}
    if kinds and all(kind in _CODED for kind in kinds.values()) and len(text) <= _FEW:
        return f"filter {text}"
    named = sorted(name for name, kind in kinds.items() if kind in PEOPLE_CLASSES)
    return f"filter on {', '.join(named[:3])}" if named else "filter on a list of people"
