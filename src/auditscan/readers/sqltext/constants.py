"""Conditions that compare a column with constants, and the constants as the database compares them."""

from __future__ import annotations

from typing import NamedTuple

from sqlglot import exp

TRANSPARENT = (
    exp.Paren, exp.Trim, exp.Upper, exp.Lower, exp.Cast, exp.TryCast, exp.Pad, exp.Collate, exp.ToNumber, exp.Replace,
    exp.SHA, exp.SHA2, exp.MD5, exp.MD5Digest,
)  # fmt: skip
"""What does not change which rows are meant by a column: how it is trimmed, spelled or hashed."""
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
        if condition.args.get("query") or condition.args.get("field"):
            return None
        unnested = condition.args.get("unnest")
        return _among(condition.this, unnested.expressions[0] if unnested else None, condition.expressions)
    if isinstance(condition, exp.ArrayContains):
        return _among(condition.expression, condition.this, [])
    if isinstance(condition, (exp.EQ, exp.Like, exp.ILike)) and isinstance(condition.expression, exp.Any):
        found = _among(condition.this, condition.expression.this, [])
        wild = found is not None and any(_WILD & set(value.text or "") for value in found[1])
        return None if wild and not isinstance(condition, exp.EQ) else found
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


def _among(side: exp.Expr, array: exp.Expr | None, items: list[exp.Expr]) -> tuple[exp.Expr, list[Constant]] | None:
    """A side that must be one of the items, or of those of an array."""
    array = array.unnest() if array is not None else None
    values = [constant_of(item) for item in (array.expressions if isinstance(array, (exp.Array, exp.Tuple)) else items)]
    known = [value for value in values if value is not None]
    return (side, known) if known and len(known) == len(values) else None


def sought(condition: exp.Expr) -> exp.Expr | None:
    """The side that must be found in a query or list that the text does not spell out."""
    if isinstance(condition, exp.In):
        nested = condition.args.get("query") is None or isinstance(condition.find_ancestor(exp.Or, exp.Query), exp.Or)
        asked: exp.Expr = condition.this
        return asked if nested and not condition.expressions else None
    if isinstance(condition, exp.EQ):
        one: exp.Expr = condition.this
        other: exp.Expr = condition.expression
        if isinstance(other, exp.Any) or isinstance(other.unnest(), exp.Query):
            return one
        return other if isinstance(one.unnest(), exp.Query) else None
    contained: exp.Expr | None = condition.expression if isinstance(condition, exp.ArrayContains) else None
    return contained


def constant_of(side: exp.Expr) -> Constant | None:
    """The constant or variable that one side of a comparison is."""
    number = False
    while isinstance(side, (exp.Paren, exp.Cast, exp.TryCast, exp.National)):
        number |= _to_number(side)
        side = exp.Literal.string(side.this) if isinstance(side, exp.National) else side.this
    if isinstance(side, exp.Literal):
        filled_in = side.is_string and ("${" in side.name or "{{" in side.name)
        return Constant(None if filled_in else side.name, number or not side.is_string)
    if isinstance(side, (exp.Null, *_PLACEHOLDERS)):
        return Constant(None)
    variable = isinstance(side, exp.Column) and isinstance(side.this, exp.Parameter)
    return Constant(None) if variable else None


def bare_column(side: exp.Expr) -> exp.Column | None:
    """The column that stands there, however it is trimmed, cast or spelled."""
    while isinstance(side, TRANSPARENT):
        inner: exp.Expr = side.this
        side = inner
    return side if isinstance(side, exp.Column) and not isinstance(side.this, exp.Parameter) else None


def word_of(kind: str, side: exp.Expr, value: Constant) -> str | None:
    """A constant as the word of a column of that kind: numbers compare as numbers, so that 6 is California's 06."""
    if value.text is None:
        return None
    text = value.text.strip()
    while not value.number and isinstance(side, TRANSPARENT):
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
