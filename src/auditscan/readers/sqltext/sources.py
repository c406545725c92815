"""What stands in FROM: tables, stages, queries, functions that unpack rows, pivots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from auditscan.readers.sqltext import relations as rel
from auditscan.readers.sqltext.model import NotFollowed
from auditscan.readers.sqltext.relations import EMPTY, Relation, Scope
from auditscan.readers.sqltext.unpacking import pivoted, unpacked

if TYPE_CHECKING:
    from auditscan.readers.sqltext.joins import Restrictions
    from auditscan.readers.sqltext.relations import Follows, Tables


def fill(
    follower: Follows, item: exp.Expr, join: exp.Join | None, scope: Scope, held: Restrictions, tables: Tables
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


def source(follower: Follows, item: exp.Expr, scope: Scope, tables: Tables) -> Relation:
    """One entry of FROM. Raises NotFollowed for what is none that we know."""
    alias = item.args.get("alias")
    names = [column.name for column in alias.columns] if isinstance(alias, exp.TableAlias) else []
    if isinstance(item, exp.Subquery):
        found = follower.query(item, tables, scope)
    elif isinstance(item, exp.Values):
        found = _values(follower, item, scope, tables)
    elif isinstance(item, exp.Table) and (
        isinstance(item.this, exp.DynamicIdentifier) or not isinstance(item.this, exp.Func)
    ):
        found = _table(follower, item, tables)
    elif isinstance(item, exp.Lateral) and isinstance(item.this, exp.Subquery):
        found = follower.query(item.this, tables, scope)
    elif isinstance(item, (exp.Lateral, exp.TableFromRows, exp.Table)) and isinstance(item.this, (exp.Func, exp.Dot)):
        found = unpacked(follower, item.this, scope, tables, names)
    elif isinstance(item, (exp.Func, exp.Unnest)):
        found = unpacked(follower, item, scope, tables, names)
    else:
        raise NotFollowed("it reads from something that cannot be followed")
    found = found.renamed(item.alias_or_name, names)
    for pivot in item.args.get("pivots") or []:
        found = pivoted(follower, pivot, found, scope, tables)
    return found


def _values(follower: Follows, item: exp.Values, scope: Scope, tables: Tables) -> Relation:
    """Rows that the text spells out: constants of nobody, but for queries among them."""
    rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in item.expressions]
    width = max(map(len, rows), default=1)
    found = Relation([(f"column{place + 1}", EMPTY) for place in range(width)], limits=None, listed=True)
    if item.find(exp.Query) is not None:
        inner: list[Relation] = []
        cells = [[follower.value(cell, scope, tables, inner) for cell in row] for row in rows]
        found.columns = [
            (name, rel.union(row[place] for row in cells if place < len(row)))
            for place, (name, _) in enumerate(found.columns)
        ]
        for relation in inner:
            if relation.limits is not None:
                found.limits = relation.limits if found.limits is None else found.limits.join(relation.limits)
        found.listed = not any(relation.national for relation in inner)
        found.national = not found.listed
    return found


def _table(follower: Follows, item: exp.Table, tables: Tables) -> Relation:
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
    known = made(full_name, tables)
    if known is not None:
        return known
    follower.tables[full_name.casefold()] = full_name.upper()
    return rel.table(full_name, full_name.rsplit(".", 1)[-1])


def made(full_name: str, tables: Tables) -> Relation | None:
    """What an earlier part of the text made under a name, written in full or not.

    A name of WITH is one word; that of a table, which may be written in full or not, has a dot before it.
    """
    word = full_name.casefold()
    if word in tables:
        return tables[word]
    named = f".{word}"
    return next((tables[key] for key in reversed(tables) if key[:1] == "." and same_table(key, named)), None)


def same_table(one: str, other: str) -> bool:
    """Whether two names, each with a dot before it, may be of one table: one is the end of the other."""
    return one.endswith(other) or other.endswith(one)
