"""What stands in FROM: tables, stages, queries, functions that unpack rows, pivots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from auditscan.readers.sqltext import relations as rel
from auditscan.readers.sqltext.limits import OPAQUE
from auditscan.readers.sqltext.model import NotFollowed
from auditscan.readers.sqltext.relations import EMPTY, Relation, Scope

if TYPE_CHECKING:
    from auditscan.readers.sqltext.joins import Restrictions
    from auditscan.readers.sqltext.selects import Follower, Tables

_UNPACKED = {
    "snowflake": ("seq", "key", "path", "index", "value", "this"),
    "databricks": ("pos", "col", "key", "value"),
    "redshift": (),
}
_UNPACKERS = frozenset(
    (
        "flatten",
        "explode",
        "explode_outer",
        "posexplode",
        "posexplode_outer",
        "inline",
        "inline_outer",
        "stack",
        "unnest",
        "json_tuple",
        "split_to_table",
        "strtok_split_to_table",
        "generator",
        "range",
        "sequence",
        "generate_series",
        "generateseries",
    )
)
_OTHER_RESULT = "result_scan"


def fill(
    follower: Follower, item: exp.Expr, join: exp.Join | None, scope: Scope, held: Restrictions, tables: Tables
) -> None:
    """Put what stands in FROM, and all that is joined to it there, into the scope."""
    if isinstance(item, exp.Subquery) and holds_from(item) and not item.alias and not item.args.get("pivots"):
        # Parentheses around a join hide nothing: what stands in them keeps its names.
        fill(follower, item.this, join, scope, held, tables)
    else:
        relation = source(follower, item, scope, tables)
        relation.hidden = join is not None and (join.kind or "").upper() in ("SEMI", "ANTI")
        scope.relations.append(relation)
        if join is not None:
            follower.join(join, scope, tables)
        held.add(join)
    for further in item.args.get("joins") or []:
        fill(follower, further.this, _within(further, join), scope, held, tables)
    for lateral in item.args.get("laterals") or []:
        fill(follower, lateral, None, scope, held, tables)


def holds_from(item: exp.Subquery) -> bool:
    """Whether parentheses stand around tables and joins, not around a query."""
    inner = item.this
    joins = isinstance(inner, exp.Subquery) and any(inner.args.get(key) for key in ("joins", "alias", "pivots"))
    return joins or isinstance(inner, exp.Table)


def _within(further: exp.Join, join: exp.Join | None) -> exp.Join:
    """A join in parentheses that stand on the optional side of another is optional with them."""
    if join is None or not join.side or further.side:
        return further
    optional = further.copy()
    optional.set("side", join.side)
    return optional


def source(follower: Follower, item: exp.Expr, scope: Scope, tables: Tables) -> Relation:
    """One entry of FROM. Raises NotFollowed for what is none that we know."""
    alias = item.args.get("alias")
    names = [column.name for column in alias.columns] if isinstance(alias, exp.TableAlias) else []
    if isinstance(item, exp.Subquery):
        found = follower.query(item, tables, scope)
    elif isinstance(item, exp.Values):
        width = max((len(row.expressions) for row in item.expressions if isinstance(row, exp.Tuple)), default=1)
        found = Relation([(f"column{place + 1}", EMPTY) for place in range(width)], limits=None)
    elif isinstance(item, exp.Table) and (
        isinstance(item.this, exp.DynamicIdentifier) or not isinstance(item.this, exp.Func)
    ):
        found = _table(follower, item, tables)
    elif isinstance(item, exp.Lateral) and isinstance(item.this, exp.Subquery):
        found = follower.query(item.this, tables, scope)
    elif isinstance(item, (exp.Lateral, exp.TableFromRows, exp.Table)) and isinstance(item.this, exp.Func):
        found = _function(follower, item.this, scope, tables)
    elif isinstance(item, (exp.Func, exp.Unnest)):
        found = _function(follower, item, scope, tables)
    else:
        raise NotFollowed(f"it reads from something that cannot be followed ({item.key.upper()})")
    for pivot in item.args.get("pivots") or []:
        found = _pivoted(follower, pivot, found, scope, tables)
    return found.renamed(item.alias_or_name, names)


def _table(follower: Follower, item: exp.Table, tables: Tables) -> Relation:
    if item.args.get("match_recognize") or item.args.get("changes"):
        raise NotFollowed("it reads a table in a way that cannot be followed")
    if isinstance(item.this, exp.DynamicIdentifier) and isinstance(item.this.this, exp.Literal):
        full_name = item.this.this.name
    elif isinstance(item.this, (exp.Identifier, exp.Var, exp.Literal)):
        full_name = ".".join(part.name for part in item.parts)
    else:
        full_name = item.this.sql(dialect=follower.dialect, comments=False)
    if not full_name:
        raise NotFollowed("it names no table where one must stand")
    if full_name.casefold() in tables:
        return tables[full_name.casefold()]
    follower.tables[full_name.casefold()] = full_name.upper()
    return rel.table(full_name, full_name.rsplit(".", 1)[-1])


def _function(follower: Follower, function: exp.Expr, scope: Scope, tables: Tables) -> Relation:
    name = function.name if isinstance(function, exp.Anonymous) else function.key
    if any(isinstance(node, exp.Anonymous) and node.name.casefold() == _OTHER_RESULT for node in function.walk()):
        raise NotFollowed("it shows the result of another query, which its text does not name")
    touched = set(scope.touched)
    scope.touched.clear()
    whole = rel.union(follower.value(part, scope, tables, []) for part in list(function.iter_expressions()))
    through = frozenset(scope.touched)
    scope.touched.clear()
    scope.touched |= touched
    if name.casefold() in _UNPACKERS:
        columns = [(column, whole) for column in _UNPACKED[follower.dialect]]
        return Relation(columns, anything=whole, limits=None, through=through)
    full_name = f"{name}()"
    follower.tables[full_name.casefold()] = full_name.upper()
    return Relation(open={full_name.upper(): frozenset()}, limits=OPAQUE, listed=True)


def _pivoted(follower: Follower, pivot: exp.Expr, found: Relation, scope: Scope, tables: Tables) -> Relation:
    inner = Scope(scope, [found])
    fields = pivot.args.get("fields") or []
    pairs = [part for part in fields if isinstance(part, exp.In)]
    if not pairs or len(pairs) != len(fields):
        raise NotFollowed("it turns rows into columns in a way that cannot be followed")
    columns = list(found.columns)
    if pivot.args.get("unpivot"):
        turned = rel.union(follower.value(item, inner, tables, []) for pair in pairs for item in pair.expressions)
        columns = [
            (part.name.casefold(), turned) for value in pivot.expressions for part in value.find_all(exp.Identifier)
        ]
        columns += [(pair.this.name.casefold(), EMPTY) for pair in pairs]
        columns += found.columns
    else:
        for pair in pairs:
            follower.use(pair.this, inner, tables)
            if not pair.expressions or not all(isinstance(item.unalias(), exp.Literal) for item in pair.expressions):
                raise NotFollowed("it turns values into columns that its text does not name")
        shown = rel.union(follower.value(item, inner, tables, []) for item in pivot.expressions)
        named = [part.name.strip("'").casefold() for part in pivot.args.get("columns") or []]
        columns += [(name, shown) for name in named] + [(f"'{name}'", shown) for name in named]
    return Relation(columns, dict(found.open), found.anything, found.limits, found.national, found.listed)
