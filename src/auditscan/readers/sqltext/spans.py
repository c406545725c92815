"""Sets of codes that a condition lets through, as far as they can be told.

What passes `x <> '06'` is every value but one. Such sets are kept as what they leave out, so that AND, OR and NOT are
exact at any depth, and equal conditions come to equal sets however they are spelled.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Values:
    """Values of a column: those named or, `but` them, all others."""

    named: frozenset[str] = frozenset()
    but: bool = False

    def __and__(self, other: Values) -> Values:
        if self.but and other.but:
            return Values(self.named | other.named, True)
        if self.but:
            return Values(other.named - self.named)
        return Values(self.named - other.named if other.but else self.named & other.named)

    def __or__(self, other: Values) -> Values:
        if not (self.but or other.but):
            return Values(self.named | other.named)
        return ~(~self & ~other)

    def __invert__(self) -> Values:
        return Values(self.named, not self.but)

    def __bool__(self) -> bool:
        return self.but or bool(self.named)


ALL, NONE = Values(but=True), Values()


@dataclass(frozen=True, slots=True)
class Span:
    """What passes a condition: all of `sure`, and of `maybe` a part that the text does not tell."""

    sure: Values
    maybe: Values = NONE

    def meet(self, other: Span) -> Span:
        """What passes both."""
        if self is FREE_SPAN or other is FREE_SPAN:
            return other if self is FREE_SPAN else self
        if self.maybe is NONE and other.maybe is NONE:
            return Span(self.sure & other.sure)
        unsure = (self.sure & other.maybe) | (self.maybe & other.sure) | (self.maybe & other.maybe)
        return Span(self.sure & other.sure, unsure)

    def join(self, other: Span) -> Span:
        """What passes one or the other."""
        if self is FREE_SPAN or other is FREE_SPAN:
            return FREE_SPAN
        return Span(self.sure | other.sure, self.maybe | other.maybe)

    @property
    def free(self) -> bool:
        """Whether everything passes."""
        return self.sure == ALL

    @property
    def may_pass(self) -> Values:
        """All that may pass."""
        return self.sure | self.maybe


FREE_SPAN, OPAQUE_SPAN = Span(ALL), Span(NONE, ALL)
