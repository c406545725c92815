"""What a query tells of many rows at once: counts, sums, averages, and what they are grouped by.

Functions that hand out a value of some row (`min`, `max`, `any_value`, lists) are none of these: their
column is put out like any other. So is one that nobody knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from auditscan.readers.sqltext.limits import columns_in, conjuncts
from auditscan.readers.sqltext.names import tells_person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.readers.sqltext.relations import Scope

_COUNTS = (exp.Count, exp.CountIf, exp.ApproxDistinct, exp.Hll, exp.RegrCount, exp.Grouping, exp.GroupingId)
_COUNT_NAMES = frozenset({"approx_count_distinct", "hll", "count_if"})
_TOTALS = (
    exp.Sum, exp.Avg, exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop, exp.Skewness,
    exp.Kurtosis, exp.Corr, exp.CovarPop, exp.CovarSamp, exp.RegrAvgx, exp.RegrAvgy, exp.RegrIntercept, exp.RegrR2,
    exp.RegrSlope, exp.RegrSxx, exp.RegrSxy, exp.RegrSyy, exp.LogicalAnd, exp.LogicalOr, exp.BoolxorAgg,
)  # fmt: skip
_TOTAL_NAMES = frozenset({"mean", "std", "try_sum", "try_avg", "some", "every"})
_SETS = (exp.GroupingSets, exp.Rollup, exp.Cube, exp.Tuple, exp.Paren)


def is_count(node: exp.Expr) -> bool:
    """Whether it counts rows."""
    return isinstance(node, _COUNTS) or (isinstance(node, exp.Anonymous) and node.name.casefold() in _COUNT_NAMES)


def is_total(node: exp.Expr) -> bool:
    """Whether it makes one number of the values of many rows."""
    return isinstance(node, _TOTALS) or (isinstance(node, exp.Anonymous) and node.name.casefold() in _TOTAL_NAMES)


def under_window(node: exp.Expr) -> exp.Expr | None:
    """The total over a window, which stands beside each row and may be of that row alone; None for others."""
    inner = node.this.this if isinstance(node.this, exp.Filter) else node.this
    return inner if is_total(inner) else None


def counts(select: exp.Select) -> bool:
    """Whether a count or a total stands among what a query puts out."""
    return any(is_count(node) or is_total(node) for item in select.expressions for node in _walk(item))


def groups_rows(select: exp.Select) -> bool:
    """Whether a query puts out nothing but what tells of groups of rows, and what they are grouped by."""
    if not select.args.get("group") or not any(map(_counts_rows, select.expressions)):
        return False
    keys = set(_keys(select))
    return not any(_hands_out(item, keys) for item in select.expressions)


def about_one(select: exp.Select, scope: Scope) -> bool:
    """Whether the rows that a query counts are those of a single person: by its groups, or by whom it names."""
    keys = [(key, isinstance(key, exp.Column)) for key in _keys(select)]
    where = select.args.get("where")
    if where is not None:
        keys += [(part, False) for condition in conjuncts(where.this) for part in _compared(condition)]
    return any(
        tells_person(source, plain=plain)
        for key, plain in keys
        for column in columns_in(key)
        for source in scope.resolve(column).met
    )


def _walk(item: exp.Expr) -> Iterator[exp.Expr]:
    return item.walk(prune=lambda node: isinstance(node, exp.Query))


def _counts_rows(item: exp.Expr) -> bool:
    return any((is_count(node) or is_total(node)) and not _in_window(node) for node in _walk(item))


def _in_window(node: exp.Expr) -> bool:
    above = node.parent
    while isinstance(above, (exp.Filter, exp.IgnoreNulls, exp.RespectNulls)):
        above = above.parent
    return isinstance(above, exp.Window)


def _hands_out(item: exp.Expr, keys: set[exp.Expr]) -> bool:
    """Whether a value of some row is put out, and no key: by a function, or by a query within."""
    if item.unalias() in keys:
        return False
    for node in _walk(item):
        if isinstance(node, (exp.Query, exp.WithinGroup, exp.Star)) and not is_count(node.parent or node):
            return True
        if is_count(node) or is_total(node) or _in_window(node):
            continue
        if isinstance(node, (exp.AggFunc, exp.Anonymous, exp.AnonymousAggFunc)) and node not in keys:
            return True
    return False


def _keys(select: exp.Select) -> Iterator[exp.Expr]:
    """What the rows are grouped by, as it stands there and in the list of what is put out."""
    group = select.args.get("group")
    if group is None:
        return
    items = select.expressions
    if group.args.get("all"):
        yield from (item.unalias() for item in items if not _counts_rows(item))
    named = {item.alias.casefold(): item.unalias() for item in items if isinstance(item, exp.Alias)}
    pending = [
        key for name in ("expressions", "grouping_sets", "cube", "rollup") for key in _listed(group.args.get(name))
    ]
    while pending:
        key = pending.pop()
        if isinstance(key, _SETS):
            pending += key.iter_expressions()
        elif isinstance(key, exp.Literal) and key.name.isdigit():
            yield from (item.unalias() for item in items[int(key.name) - 1 : int(key.name)])
        else:
            yield key
            if isinstance(key, exp.Column) and not key.table and key.name.casefold() in named:
                yield named[key.name.casefold()]


def _listed(value: object) -> list[exp.Expr]:
    return [item for item in value if isinstance(item, exp.Expr)] if isinstance(value, list) else []


def _compared(condition: exp.Expr) -> Iterator[exp.Expr]:
    """What a condition sets equal to something that no table gives."""
    for part in condition.flatten() if isinstance(condition, exp.Or) else [condition]:
        atom = part.unnest()
        if isinstance(atom, (exp.EQ, exp.NullSafeEQ)):
            for side, other in ((atom.this, atom.expression), (atom.expression, atom.this)):
                if not any(columns_in(other)) and other.find(exp.Query) is None:
                    yield side
        elif isinstance(atom, exp.In) and not any(atom.args.get(key) for key in ("query", "unnest", "field")):
            yield atom.this
