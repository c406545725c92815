"""Expressions taken apart: what of them shows, what is only used, what they look for in the query around."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from auditscan.readers.sqltext.aggregates import is_count, under_window
from auditscan.readers.sqltext.limits import conjuncts

if TYPE_CHECKING:
    from auditscan.readers.sqltext.relations import Scope


def parts_of(node: exp.Expr) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """The parts of an expression that its value shows, and those it only uses."""
    if is_count(node) or isinstance(node, exp.Exists):
        return [], list(node.iter_expressions())
    if isinstance(node, exp.DynamicIdentifier):
        return [exp.column(node.name)], []
    if _identifier(node):
        return [exp.column(node.expressions[0].name)], []
    if isinstance(node, (exp.Window, exp.Filter)):
        total = under_window(node) if isinstance(node, exp.Window) else None
        shown = [node.this] if total is None else list(total.iter_expressions())
        return shown, [part for part in node.iter_expressions() if part is not node.this]
    if isinstance(node, exp.WithinGroup):
        sorted_only = isinstance(node.this, (exp.ArrayAgg, exp.GroupConcat, exp.Anonymous))
        return ([node.this], [node.expression]) if sorted_only else ([node.this, node.expression], [])
    if isinstance(node, exp.Order) and node.this is not None:
        return [node.this], list(node.expressions)
    if isinstance(node, exp.In) and node.args.get("query"):
        return [node.this], [node.args["query"]]
    return list(node.iter_expressions()), []


def _identifier(node: exp.Expr) -> bool:
    return isinstance(node, exp.Anonymous) and node.name.casefold() == "identifier" and len(node.expressions) == 1


def names_nothing(node: exp.Expr) -> bool:
    """Whether it stands for columns that the text does not name: by a variable, or to be filled in."""
    if isinstance(node, exp.DynamicIdentifier):
        return not isinstance(node.this, exp.Literal)
    if isinstance(node, exp.Anonymous):
        return _identifier(node) and not isinstance(node.expressions[0], exp.Literal)
    return isinstance(node, exp.Column) and ("${" in node.name or "{{" in node.name)


def outward(node: exp.Select, scope: Scope) -> list[tuple[exp.Column, exp.Column]]:
    """The columns of the queries around that a query sets equal to something within, each with that."""
    where = node.args.get("where")
    if where is None or scope.parent is None:
        return []
    here = {relation.alias for relation in scope.relations}
    outer = {relation.alias for around in scope.parent.chain() for relation in around.relations} - here
    found: list[tuple[exp.Column, exp.Column]] = []
    for part in conjuncts(where.this):
        if isinstance(part, exp.EQ):
            for side, other in ((part.this, part.expression), (part.expression, part.this)):
                if isinstance(side, exp.Column) and isinstance(other, exp.Column) and side.table.casefold() in outer:
                    found.append((side, other))
    return found


def queried(part: exp.Expr) -> exp.Expr | None:
    """The query in which a condition looks for a match."""
    if isinstance(part, exp.In):
        return part.args.get("query")
    return part.this if isinstance(part, exp.Exists) else None


def is_plain_join(part: exp.Expr) -> bool:
    """Whether a condition sets two columns equal, and says no more."""
    return isinstance(part, exp.EQ) and all(isinstance(side, exp.Column) for side in (part.this, part.expression))


def listed(value: object) -> list[exp.Expr]:
    """The expressions of a clause, be it one or several."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, exp.Expr)]
    return [value] if isinstance(value, exp.Expr) else []


def alias_columns(alias: object) -> list[str]:
    """The names that an alias gives to columns."""
    return [column.name for column in alias.columns] if isinstance(alias, exp.TableAlias) else []


def positional(node: exp.Expr) -> bool:
    """Whether it stands for a column by its place, as $1 does."""
    inner = node.this if isinstance(node, exp.Column) else node
    return isinstance(inner, exp.Parameter) and inner.name.isdigit()


def correlated(node: exp.Expr, scope: Scope) -> bool:
    """Whether a query looks at the tables of the one around it."""
    outer = {relation.alias for relation in scope.relations}
    inner = {item.alias_or_name.casefold() for item in node.find_all(exp.Table, exp.Subquery)}
    return any(column.table.casefold() in outer - inner for column in node.find_all(exp.Column) if column.table)


def optional(join: exp.Join) -> bool:
    """Whether rows are kept that find no match in what is joined."""
    return (join.side or "").upper() in ("LEFT", "FULL") and (join.kind or "").upper() != "SEMI"
