"""What a filter tells of everybody in a result: `dgns_1_cd = 'B20'` puts out a diagnosis that no output list names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from auditscan.readers.sqltext.limits import columns_in, conjuncts
from auditscan.readers.sqltext.names import tells_fact

if TYPE_CHECKING:
    from auditscan.readers.sqltext.relations import Scope

Facts = frozenset[tuple[str, str]]
"""Columns that a filter fixes for every row, and the filter in few words."""
_SAYS = (
    exp.EQ, exp.NullSafeEQ, exp.In, exp.Like, exp.ILike, exp.Between, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.RegexpLike,
    exp.StartsWith,
)  # fmt: skip
_FEW = 80


def facts_in(condition: exp.Expr, scope: Scope, dialect: str) -> Facts:
    """The columns that a condition fixes, with itself in few words. Of an OR each branch must tell something."""
    found: set[tuple[str, str]] = set()
    for part in conjuncts(condition):
        if isinstance(part, exp.Or):
            branches = [facts_in(branch, scope, dialect) for branch in part.flatten()]
            if all(branches):
                found = found.union(*branches)
        elif isinstance(part, _SAYS) and not (isinstance(part, exp.In) and part.args.get("query")):
            columns = list(columns_in(part))
            sources = {source for column in columns for source in scope.resolve(column).met}
            told = {source for source in sources if tells_fact(source)}
            # Compared with the column of another table it is a join, and fixes nothing.
            if len(sources) == len(told) and len(columns) == 1:
                text = part.sql(dialect=dialect, comments=False)
                found |= {(name, f"filter {text}" if len(text) <= _FEW else f"filter on {name}") for name in told}
    return frozenset(found)


def in_both(one: Facts, other: Facts) -> Facts:
    """What is told of the rows of one query and of those of another, put together."""
    common = {name.casefold() for name, _ in one} & {name.casefold() for name, _ in other}
    return frozenset(fact for fact in one | other if fact[0].casefold() in common)
