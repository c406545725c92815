"""Conditions that compare a column with constants, and the constants as the database compares them."""

from __future__ import annotations

from typing import NamedTuple

from sqlglot import exp

_TRANSPARENT = (
    exp.Paren, exp.Trim, exp.Upper, exp.Lower, exp.Cast, exp.TryCast, exp.Pad, exp.Collate, exp.ToNumber, exp.Replace,
)  # fmt: skip
_PLACEHOLDERS = (exp.Placeholder, exp.Parameter, exp.SessionParameter)
_WILD = frozenset("%_[")


class Constant(NamedTuple):
    """A constant of a text."""

    text: str | None
    """None for a variable, whose value no text tells."""
    number: bool = False


def compared(condition: exp.Expr) -> tuple[exp.Expr, list[Constant]] | None:
    """The side that is compared, and the constants it is compared with; None for conditions of another kind."""
    if isinstance(condition, exp.In):
        if condition.args.get("query") or condition.args.get("unnest") or condition.args.get("field"):
            return None
        values = [constant_of(item) for item in condition.expressions]
        known = [value for value in values if value is not None]
        return (condition.this, known) if known and len(known) == len(values) else None
    if isinstance(condition, (exp.Like, exp.ILike)):
        value = constant_of(condition.expression)
        exact = value is not None and value.text is not None and not _WILD & set(value.text)
        return (condition.this, [value]) if exact and value is not None else None
    if not isinstance(condition, (exp.EQ, exp.NullSafeEQ, exp.NEQ, exp.NullSafeNEQ)):
        return None
    for side, other in ((condition.this, condition.expression), (condition.expression, condition.this)):
        value = constant_of(other)
        if value is not None:
            return side, [value]
    return None


def constant_of(side: exp.Expr) -> Constant | None:
    """The constant or variable that one side of a comparison is."""
    number = False
    while isinstance(side, (exp.Paren, exp.Cast, exp.TryCast, exp.National)):
        number |= _to_number(side)
        side = exp.Literal.string(side.this) if isinstance(side, exp.National) else side.this
    if isinstance(side, exp.Literal):
        return Constant(side.name, number or not side.is_string)
    if isinstance(side, (exp.Null, *_PLACEHOLDERS)):
        return Constant(None)
    variable = isinstance(side, exp.Column) and isinstance(side.this, exp.Parameter)
    return Constant(None) if variable else None


def bare_column(side: exp.Expr) -> exp.Column | None:
    """The column that stands there, however it is trimmed, cast or spelled."""
    while isinstance(side, _TRANSPARENT):
        side = side.this
    return side if isinstance(side, exp.Column) and not isinstance(side.this, exp.Parameter) else None


def word_of(kind: str, side: exp.Expr, value: Constant) -> str | None:
    """A constant as the word of a column of that kind: numbers compare as numbers, so that 6 is California's 06."""
    if value.text is None:
        return None
    text = value.text.strip()
    while not value.number and isinstance(side, _TRANSPARENT):
        value = value._replace(number=_to_number(side))
        side = side.this
    if value.number:
        try:
            whole = int(float(text))
        except (ValueError, OverflowError):
            return text
        return f"{whole:02}" if kind == "state" else str(whole)
    return text


def truth(condition: exp.Expr) -> bool | None:
    """Whether a condition on constants holds; None for all others."""
    if isinstance(condition, exp.Boolean):
        return bool(condition.this)
    if not isinstance(condition, (exp.EQ, exp.NEQ)):
        return None
    one, other = condition.this, condition.expression
    if isinstance(one, exp.Literal) and isinstance(other, exp.Literal) and one.is_string == other.is_string:
        return (one == other) == isinstance(condition, exp.EQ)
    return None


def _to_number(side: exp.Expr) -> bool:
    if isinstance(side, exp.ToNumber):
        return True
    return isinstance(side, (exp.Cast, exp.TryCast)) and side.to.this in exp.DataType.NUMERIC_TYPES
