"""What later statements of a text put into the tables that earlier ones made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from auditscan.readers.sqltext.limits import OPAQUE
from auditscan.readers.sqltext.model import NotFollowed
from auditscan.readers.sqltext.relations import EMPTY, Relation
from auditscan.readers.sqltext.uniting import both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.readers.sqltext.relations import Tables
    from auditscan.readers.sqltext.selects import Follower


class Filling(NamedTuple):
    """Rows that one statement puts into one table."""

    target: str
    rows: Relation
    names: list[str]
    """The columns that are filled, in the order of the rows; empty for all of them."""
    by_name: bool = False


def named(table: str) -> str:
    """The name of a table as it is compared, without quotes."""
    return "".join(sign for sign in table if sign not in '"`[]#').casefold()


def spoiled(relation: Relation, name: str) -> Relation:
    """A table of which nobody can tell any more what else is in it."""
    limits = OPAQUE if relation.limits is None else relation.limits.join(OPAQUE)
    opened = {**relation.open, name.removeprefix(".").upper(): frozenset[str]()}
    return replace(relation, open=opened, limits=limits, listed=True)


def put_in(held: Relation, filling: Filling) -> Relation:
    """A table with the rows it held and those that are put into it."""
    rows = filling.rows
    empty = held.limits is None and not held.open and all(item == EMPTY for _, item in held.columns)
    names = filling.names or ([] if filling.by_name else [name for name, _ in held.columns])
    if names and not rows.open and len(names) == len(rows.columns):
        rows = rows.renamed(rows.alias, names)
    elif filling.names:
        rows = rows.renamed(rows.alias, filling.names)
    if empty:
        return replace(rows, alias=held.alias)
    return both(held, rows, by_name=filling.by_name or bool(filling.names))


def fillings(node: exp.Expr, follower: Follower, tables: Tables) -> Iterator[Filling]:
    """What a statement puts into which tables. Raises NotFollowed for one that is not understood."""
    if isinstance(node, exp.Insert):
        target, names = _target(node)
        source = node.args.get("expression") or node.args.get("source")
        if not isinstance(source, (exp.Query, exp.Table, exp.Values)):
            raise NotFollowed("it fills a table in a way that cannot be followed")
        if node.args.get("with_") and not source.args.get("with_"):
            source.set("with_", node.args["with_"])
        yield Filling(target, follower.query(source, tables), names, bool(node.args.get("by_name")))
    elif isinstance(node, exp.MultitableInserts):
        yield from _several(node, follower, tables)
    elif isinstance(node, exp.Update):
        others = [node.args["from_"].this] if node.args.get("from_") else []
        rows = _changed(node.expressions, [node.this, *others], node.args.get("where"), follower, tables)
        yield Filling(_target(node)[0], rows, [], by_name=True)
    elif isinstance(node, exp.Merge):
        yield from _merged(node, follower, tables)
    elif not isinstance(node, exp.Delete):
        raise NotFollowed("it changes a table in a way that cannot be followed")


def _target(node: exp.Expr) -> tuple[str, list[str]]:
    table = node.this
    names = [part.name for part in table.expressions] if isinstance(table, exp.Schema) else []
    table = table.this if isinstance(table, exp.Schema) else table
    if not isinstance(table, exp.Table):
        raise NotFollowed("it does not name the table that it fills")
    return ".".join(part.name for part in table.parts), names


def _several(node: exp.Expr, follower: Follower, tables: Tables) -> Iterator[Filling]:
    """INSERT ALL, and Hive's FROM ... INSERT ... INSERT."""
    source = node.args.get("source")
    for part in node.expressions:
        insert = part.this if isinstance(part, exp.ConditionalInsert) else part
        target, names = _target(insert)
        values = insert.args.get("expression")
        if isinstance(values, exp.Values) and isinstance(source, exp.Expr):
            row = values.expressions[0]
            shown = row.expressions if isinstance(row, exp.Tuple) else [row]
            query = exp.Select(expressions=[item.copy() for item in shown])
            query.set("from_", exp.From(this=exp.Subquery(this=source.copy())))
            yield Filling(target, follower.query(query, tables), names)
        elif isinstance(source, exp.Query):
            yield Filling(target, follower.query(source, tables), names)
        else:
            raise NotFollowed("it fills several tables in a way that cannot be followed")


def _merged(node: exp.Merge, follower: Follower, tables: Tables) -> Iterator[Filling]:
    target, _ = _target(node)
    read = [node.args["using"], node.this]
    for when in node.args["whens"].expressions:
        then = when.args.get("then")
        if isinstance(then, exp.Update) and then.expressions and not isinstance(then.expressions[0], exp.Star):
            yield Filling(target, _changed(then.expressions, read, None, follower, tables), [], by_name=True)
        elif isinstance(then, exp.Insert) and isinstance(then.args.get("expression"), exp.Tuple):
            names = [column.name for column in then.this.expressions] if isinstance(then.this, exp.Tuple) else []
            rows = follower.query(_reading(then.expression.expressions, read, None), tables)
            yield Filling(target, rows, names)
        elif isinstance(then, (exp.Update, exp.Insert)):
            rows = follower.query(_reading([exp.Star()], read[:1], None), tables)
            yield Filling(target, rows, [], by_name=True)
        elif not (isinstance(then, exp.Var) and then.name.upper() in ("DELETE", "DO NOTHING")):
            raise NotFollowed("it fills a table in a way that cannot be followed")


def _changed(
    changes: list[exp.Expr], read: list[exp.Expr], where: exp.Expr | None, follower: Follower, tables: Tables
) -> Relation:
    """The new values of columns that are set, under the names of these."""
    shown: list[exp.Expr] = []
    for change in changes:
        if not isinstance(change, exp.EQ):
            raise NotFollowed("it changes a table in a way that cannot be followed")
        columns = change.this.expressions if isinstance(change.this, exp.Tuple) else [change.this]
        shown += [exp.alias_(change.expression.copy(), column.name, quoted=True) for column in columns]
    return follower.query(_reading(shown, read, where), tables)


def _reading(shown: list[exp.Expr], read: list[exp.Expr], where: exp.Expr | None) -> exp.Select:
    query = exp.Select(expressions=[item.copy() for item in shown])
    query.set("from_", exp.From(this=read[0].copy()))
    query.set("joins", [exp.Join(this=item.copy()) for item in read[1:]])
    if where is not None:
        query.set("where", where.copy())
    return query
