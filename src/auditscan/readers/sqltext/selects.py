"""A query followed from its output list back to the tables, through subqueries, CTEs and unions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from auditscan.readers.sqltext import relations as rel
from auditscan.readers.sqltext.aggregates import about_one, counts, groups_rows, is_count, is_total
from auditscan.readers.sqltext.expressions import (
    alias_columns,
    correlated,
    is_plain_join,
    listed,
    names_nothing,
    optional,
    outward,
    parts_of,
    positional,
    queried,
)
from auditscan.readers.sqltext.facts import Facts, facts_in
from auditscan.readers.sqltext.joins import Restrictions, not_null
from auditscan.readers.sqltext.limits import columns_in, conjuncts, in_few_words
from auditscan.readers.sqltext.links import CHOOSING, ask_by_name, link_kind
from auditscan.readers.sqltext.model import NotFollowed
from auditscan.readers.sqltext.names import PEOPLE_CLASSES, column_class, key_kind
from auditscan.readers.sqltext.relations import EMPTY, Field, Relation, Scope, Tables
from auditscan.readers.sqltext.sources import fill, holds_from
from auditscan.readers.sqltext.uniting import both
from auditscan.readers.sqltext.unpacking import matched, members

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLAUSES = ("group", "having", "qualify", "order", "windows", "connect", "cluster", "sort", "distribute", "distinct")
_ROUNDS = 20
_MAX_STEPS = 20_000
"""SELECTs looked at for one text, those of a recursive query each time: more is nested to waste time."""


@dataclass(slots=True)
class Follower:
    """What has been seen while following one text."""

    dialect: str
    seen: set[str] = field(default_factory=set)
    """Every column of a table that was met, put out or not."""
    tables: dict[str, str] = field(default_factory=dict)
    filters: list[str] = field(default_factory=list)
    """Conditions on people, as SQL, in their order."""
    chosen_by: list[str] = field(default_factory=list)
    """The same in few words."""
    steps: int = 0
    unnamed: dict[str, None] = field(default_factory=dict)
    """What stands in place of columns that no text names, as a variable of the session."""
    within: dict[int, Relation] = field(default_factory=dict)
    """Queries that conditions hold, by node: so that none is followed twice."""

    # --- queries ---

    def query(self, node: exp.Expr, tables: Tables, parent: Scope | None = None) -> Relation:
        """What a query puts out. Raises NotFollowed for what cannot be followed."""
        tables = self._with(node, tables, parent)
        if isinstance(node, exp.Subquery) and holds_from(node):
            return self._joined(node.this, tables, parent)
        if isinstance(node, (exp.Subquery, exp.Paren)):
            return self.query(node.this, tables, parent)
        if isinstance(node, exp.Select):
            return self._select(node, tables, parent)
        if isinstance(node, exp.SetOperation):
            return self._union(node, tables, parent)
        if isinstance(node, (exp.Table, exp.Values)):
            return self._joined(node, tables, parent)
        raise NotFollowed("it holds a clause that cannot be followed")

    def _with(self, node: exp.Expr, tables: Tables, parent: Scope | None) -> Tables:
        clause = node.args.get("with_")
        if clause is None:
            return tables
        tables = dict(tables)
        for cte in clause.expressions:
            name, names = cte.alias.casefold(), alias_columns(cte.args.get("alias"))
            calls_itself = isinstance(cte.this, exp.SetOperation) and any(
                table.name.casefold() == name and not table.db for table in cte.this.find_all(exp.Table)
            )
            if calls_itself and (clause.recursive or self.dialect == "snowflake"):
                tables[name] = self._recursive(cte.this, name, names, tables, parent)
            else:
                tables[name] = self.query(cte.this, tables, parent).renamed(name, names)
        return tables

    def _recursive(self, node: exp.Expr, name: str, names: list[str], tables: Tables, parent: Scope | None) -> Relation:
        """A query that reads itself: followed until nothing new comes out of it."""
        found = Relation(anything=EMPTY, limits=None, alias=name)
        for _ in range(_ROUNDS):
            before = found
            found = self.query(node, {**tables, name: found}, parent).renamed(name, names)
            if found == before:
                return found
        raise NotFollowed("it calls itself in a way that cannot be followed")

    def _union(self, node: exp.SetOperation, tables: Tables, parent: Scope | None) -> Relation:
        # A loop, since a generated text may hold a thousand of them, each within the next.
        chain: list[exp.SetOperation] = []
        first: exp.Expr = node
        while isinstance(first, exp.SetOperation):
            chain.append(first)
            if first is not node:
                tables = self._with(first, tables, parent)
            first = first.this
        whole = self.query(first, tables, parent)
        for operation in reversed(chain):
            other = self.query(operation.expression, tables, parent)
            if not isinstance(operation, exp.Except):
                whole = both(whole, other, by_name=bool(operation.args.get("by_name")))
        return whole

    def _joined(self, node: exp.Expr, tables: Tables, parent: Scope | None) -> Relation:
        """A table, or several in parentheses, as a relation of all their columns."""
        scope = Scope(parent)
        restrictions = Restrictions(scope)
        fill(self, node, None, scope, restrictions, tables)
        out = Relation()
        self._star(exp.Star(), "", scope, out, tables)
        self._limits(out, scope, restrictions, [])
        return out

    def _select(self, node: exp.Select, tables: Tables, parent: Scope | None) -> Relation:
        self.steps += 1
        if self.steps > _MAX_STEPS:
            raise NotFollowed("it is too involved to be followed")
        scope = Scope(parent)
        restrictions = Restrictions(scope)
        if node.args.get("from_"):
            fill(self, node.args["from_"].this, None, scope, restrictions, tables)
        for join in node.args.get("joins") or []:
            fill(self, join.this, join, scope, restrictions, tables)
        for lateral in node.args.get("laterals") or []:
            fill(self, lateral, None, scope, restrictions, tables)
        if node.args.get("match") and scope.relations:
            scope.relations[0] = matched(self, node.args["match"], scope.relations[0], scope, tables)
            scope.known.clear()
        if counts(node):
            scope.about_one = about_one(node, scope) or any(correlated(node, outer) for outer in scope.outer)
        out = Relation()
        extra: list[Relation] = []
        for item in node.expressions:
            self._output(item, scope, out, tables, extra)
        if groups_rows(node) and not scope.about_one:
            out.columns = [(name, value.as_counted()) for name, value in out.columns]
        for key in ("where", *_CLAUSES):
            for clause in listed(node.args.get(key)):
                self.use(clause, scope, tables)
        self._restrict(node, scope, restrictions)
        self._limits(out, scope, restrictions, extra)
        out.outward = restrictions.outward(outward(node, scope))
        out.facts = self._facts(node, scope)
        return out

    def _limits(self, out: Relation, scope: Scope, restrictions: Restrictions, extra: list[Relation]) -> None:
        """What restricts the rows put out: whatever passes any of the tables they come from."""
        chosen, data = restrictions.chosen()
        out.parted = restrictions.parted(chosen)
        out.national = any(scope.relations[place].national for place in chosen)
        # People on the list of somebody: all of it stands there because no table of the nation is beside it.
        out.listed = not any(scope.relations[place].national for place in data)
        out.aside = bool(data) and all(scope.relations[place].aside for place in data)
        out.limits = None
        limits = [restrictions.held[place] for place in sorted(chosen)]
        for limit in limits + [restrictions.from_outside(inner) for inner in extra if inner.limits is not None]:
            out.limits = limit if out.limits is None else out.limits.join(limit)

    def _facts(self, node: exp.Select, scope: Scope) -> Facts:
        """What the filters of a query tell of each of its rows."""
        found: Facts = frozenset()
        loose_ones = [optional(join) for join in node.args.get("joins") or []]
        kept = scope.relations if not any(loose_ones) else scope.relations[:1]
        if not any((join.side or "").upper() in ("RIGHT", "FULL") for join in node.args.get("joins") or []):
            found = found.union(*(relation.facts for relation in kept))
        clauses = [node.args[key].this for key in ("where", "qualify") if node.args.get(key)]
        joins = zip(node.args.get("joins") or [], loose_ones, strict=True)
        clauses += [join.args["on"] for join, loose in joins if join.args.get("on") and not loose]
        for clause in clauses:
            found |= facts_in(clause, scope, self.dialect)
            for part in conjuncts(clause):
                inner = self.within.get(id(queried(part)))
                if inner is not None and any(kind == "person" for _, kind in self.matches(part, scope)):
                    found |= inner.facts
        return found

    # --- the output list ---

    def _output(self, item: exp.Expr, scope: Scope, out: Relation, tables: Tables, extra: list[Relation]) -> None:
        star = item if isinstance(item, exp.Star) else item.this if isinstance(item, exp.Column) else None
        if isinstance(star, exp.Star):
            qualifier = item.table if isinstance(item, exp.Column) else ""
            self._star(star, qualifier, scope, out, tables)
            return
        value = self.value(item, scope, tables, extra)
        out.columns.append((item.alias_or_name.casefold(), value))
        if isinstance(item, exp.Alias):
            scope.aliases.setdefault(item.alias.casefold(), value)
        elif isinstance(item, exp.Aliases):
            for name in item.aliases:
                out.columns.append((name.name.casefold(), value))

    def _star(self, star: exp.Star, qualifier: str, scope: Scope, out: Relation, tables: Tables) -> None:
        chosen = scope.star(qualifier)
        replaced = {part.alias_or_name.casefold(): part for part in listed(star.args.get("replace"))}
        without = {part.name.casefold() for part in listed(star.args.get("except_"))}
        renamed = {part.this.name.casefold(): part.alias.casefold() for part in listed(star.args.get("rename"))}
        for relation in chosen:
            for name, value in relation.columns:
                if name not in without | set(replaced):
                    out.columns.append((renamed.get(name, name), value))
            hidden = frozenset(name.upper() for name in without | set(replaced))
            out.open = rel.merged(out.open, {table: held | hidden for table, held in relation.open.items()})
            if relation.anything is not None:
                out.columns.append(("", relation.anything))
            for old, new in renamed.items():
                if relation.open and old not in {name for name, _ in relation.columns}:
                    out.columns.append((new, rel.column(old)))
        for name, part in replaced.items():
            out.columns.append((name, self.value(part, scope, tables, [])))

    def value(self, item: exp.Expr, scope: Scope, tables: Tables, extra: list[Relation]) -> Field:
        """What the value of an expression is made from."""
        bare = item.unalias()
        if isinstance(bare, exp.Column) and not (
            isinstance(bare.this, (exp.Star, exp.Parameter)) or names_nothing(bare)
        ):
            return self._column(bare, scope)
        fields: list[Field] = []
        pending: list[exp.Expr] = [bare]
        while pending:
            node = pending.pop()
            if isinstance(node, exp.Query):
                inner = self.query(node, tables, scope)
                fields.append(inner.everything)
                extra.append(inner)
            elif isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
                fields += [relation.everything for relation in scope.star(node.table)]
            elif isinstance(node, exp.Star):
                fields += [relation.everything for relation in scope.star("")]
            elif positional(node):
                fields.append(self._met(scope.positional(node)))
            elif names_nothing(node):
                self.unnamed.setdefault(
                    node.name if isinstance(node, exp.Column) else node.sql(dialect=self.dialect, comments=False)
                )
            elif isinstance(node, exp.Column):
                fields.append(self._column(node, scope))
            elif (is_count(node) or is_total(node)) and not scope.about_one and node.find(exp.Query) is None:
                fields.append(self._counted(node, scope, tables))
            else:
                kept, left = parts_of(node)
                fields += [self._met(rel.column(name)) for name in members(node)]
                pending += kept
                for part in left:
                    self.use(part, scope, tables)
        whole = rel.union(fields)
        return replace(whole, plain=None)

    def _column(self, named: exp.Column, scope: Scope) -> Field:
        row = scope.row(named) if self.dialect != "snowflake" else None
        return row.everything if row is not None else self._met(scope.resolve(named, put_out=True))

    def _counted(self, node: exp.Expr, scope: Scope, tables: Tables) -> Field:
        """What a count or a sum is made from."""
        self.use(node, scope, tables)
        columns = [column for column in columns_in(node) if not isinstance(column.this, (exp.Star, exp.Parameter))]
        whole = rel.union(scope.resolve(column, put_out=is_total(node)) for column in columns).as_counted()
        return replace(whole, opens=()) if is_count(node) else whole

    # --- what is only used ---

    def use(self, condition: exp.Expr, scope: Scope, tables: Tables) -> None:
        """Note the columns of something that is not put out."""
        pending = [condition]
        while pending:
            node = pending.pop()
            if isinstance(node, exp.Query):
                self.within[id(node)] = self.query(node, tables, scope)
            elif isinstance(node, exp.Column):
                if not isinstance(node.this, (exp.Star, exp.Parameter)) and node.name.upper() != "ALL":
                    self._met(scope.resolve(node))
            else:
                pending += node.iter_expressions()

    def _met(self, item: Field) -> Field:
        self.seen |= item.met
        return item

    def join(self, join: exp.Join, scope: Scope, tables: Tables) -> None:
        """Note what a join uses, and whether it chooses people by a list of them."""
        for identifier in join.args.get("using") or []:
            scope.using.add(identifier.name.casefold())
            self._met(scope.resolve(exp.column(identifier.name)))
        if join.args.get("match_condition"):
            self.use(join.args["match_condition"], scope, tables)
        if join.args.get("on"):
            self.use(join.args["on"], scope, tables)
            self._note(conjuncts(join.args["on"]), scope)
        new = scope.relations[-1]
        keyed = [part for part in conjuncts(join.args["on"]) if isinstance(part, exp.EQ)] if join.args.get("on") else []
        kinds = {link_kind(part.this.name, part.expression.name) for part in keyed}
        kinds |= {link_kind(identifier.name, identifier.name) for identifier in join.args.get("using") or []}
        if new.listed and not optional(join) and (kinds & CHOOSING or ask_by_name(kinds)):
            self.note(join)

    # --- conditions ---

    def _restrict(self, node: exp.Select, scope: Scope, restrictions: Restrictions) -> None:
        for key in ("where", "having", "qualify"):
            clause = node.args.get(key)
            if clause is None:
                continue
            restrictions.where(clause.this)
            self._note(conjuncts(clause.this), scope)
            for part in conjuncts(clause.this):
                self._semi_join(part, scope, restrictions)
                if self._listed_match(part, restrictions):
                    self.note(part)

    def _semi_join(self, part: exp.Expr, scope: Scope, restrictions: Restrictions) -> None:
        inner = self.within.get(id(queried(part)))
        if inner is None:
            return
        links = self.matches(part, scope)
        restrictions.beside(inner, links)
        kinds = {kind for _, kind in links}
        if inner.listed and (kinds & CHOOSING or ask_by_name(kinds)):
            self.note(part)

    def matches(self, part: exp.Expr, scope: Scope) -> list[tuple[exp.Column, str]]:
        """Which columns must be found in the query that a condition holds, and what these are."""
        query = queried(part)
        if isinstance(part, exp.Exists):
            inner = self.within.get(id(query))
            return [(column, kind) for column, kind, _ in inner.outward] if inner else []
        if query is None:
            return []
        inner = self.within[id(query)]
        asked = part.this.unnest()
        sides = asked.expressions if isinstance(asked, exp.Tuple) else [asked]
        names = [value.plain or name for name, value in inner.columns]
        found = []
        for at, side in enumerate(sides):
            known = names[at] if at < len(names) else ""
            found += [(column, link_kind(scope.told_by(column), known)) for column in side.find_all(exp.Column)]
        return found

    def _listed_match(self, part: exp.Expr, restrictions: Restrictions) -> bool:
        """Whether the condition joins people with a list of them, or asks that they be on it."""
        relations = restrictions.scope.relations
        present = not_null(part)
        if present is not None and present.table and key_kind(present.name):
            return any(relations[place].listed for place in restrictions.places(present))
        if not isinstance(part, exp.EQ) or not (isinstance(part.this, exp.Column) and part.expression.name):
            return False
        tied = restrictions.link([part]).get(id(part), set())
        lists = [relations[place].listed for place in tied]
        return any(lists) and not all(lists) and link_kind(part.this.name, part.expression.name) in CHOOSING

    def _note(self, parts: Iterable[exp.Expr], scope: Scope) -> None:
        for part in parts:
            if not is_plain_join(part) and any(_of_people(column, scope) for column in part.find_all(exp.Column)):
                self.note(part)

    def note(self, part: exp.Expr) -> None:
        """Keep a condition on people for the report."""
        text = part.sql(dialect=self.dialect, comments=False).strip().removeprefix(",").strip()
        if part.find(exp.Values):
            # The people stand there one by one: that is for the text itself to show.
            self.chosen_by.append("filter on a list of people")
        elif text not in self.filters:
            self.filters.append(text)
            self.chosen_by.append(in_few_words(part, text))


def _of_people(column: exp.Column, scope: Scope) -> bool:
    """Whether a condition on the column chooses people."""
    if column_class(column.name) in PEOPLE_CLASSES:
        return True
    known = scope.classify(column)
    return known is not None and known.kind in PEOPLE_CLASSES
