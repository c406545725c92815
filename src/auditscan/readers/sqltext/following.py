"""A text from its tokens to its analysis: every statement cut, its query parsed and followed, all put together."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from auditscan.readers.sqltext.deducing import (
    deduced_populations,
    deduced_programs,
    deduced_states,
    populations_of,
    programs_of,
    states_of,
)
from auditscan.readers.sqltext.filling import fillings, named, put_in, spoiled
from auditscan.readers.sqltext.model import Analysis, Deduced, NotFollowed, distinct
from auditscan.readers.sqltext.relations import EMPTY, Field, Relation, Tables
from auditscan.readers.sqltext.selects import Follower
from auditscan.readers.sqltext.sources import same_table
from auditscan.readers.sqltext.statements import cut
from auditscan.readers.sqltext.tokens import beginning, flowing, readable, split, tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditscan.readers.sqltext.parts import Statement

_RANK = ("none", "in", "stay", "unknown", "out")
"""Directions, what lets out least first."""
_WRONG_TURNS = (
    SqlglotError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
_PARSER_LOG = logging.getLogger("sqlglot")
_STAGES = 20
_NAMED = "*"
"""In place of the table that a statement fills, where its text names it after its query."""
UNNAMED = "columns that the text does not name"
_CARRIED = 2
"""How often a text within a text is looked into."""


@dataclass(slots=True)
class Followed:
    """One statement and what its query came to."""

    statement: Statement
    follower: Follower
    out: Relation | None = None
    problem: str = ""


@dataclass(slots=True)
class Text:
    """What is known while the statements of one text are followed in turn."""

    dialect: str
    made: Tables = field(default_factory=dict)
    """Tables that earlier statements made and filled, with a dot before their names."""
    more: bool = False
    """Whether there are statements after this one."""
    views: list[Statement] = field(default_factory=list)
    """Those that are read anew each time, so that what is put into their tables later shows in them."""

    def statements(self, text: str, carried: int = 0) -> list[Followed]:
        """Every statement of a text, followed. Raises NotFollowed if its tokens cannot be told."""
        text = readable(text, self.dialect)
        found: list[Followed] = []
        statements = split(tokens_of(text, self.dialect))
        for number, tokens in enumerate(statements, start=1):
            self.more = number < len(statements)
            stages = flowing(tokens) if self.dialect == "snowflake" and "->>" in text else [tokens]
            for at, stage in enumerate(stages):
                statement = cut(text, stage)
                if at + 1 < len(stages) and statement.kind == "select":
                    # Only what the last stage finds is shown.
                    statement = replace(statement, direction="none")
                if statement.inner:
                    found += self._inner(statement, carried)
                else:
                    found.append(self._follow(statement))
                if len(stages) > 1:
                    self._pass_on(found[-1].out)
        return found

    def _pass_on(self, out: Relation | None) -> None:
        """Let the next stages know what this one found, as $1, and what those before it found, as $2 and on."""
        found = [self.made[f"${place}"] for place in range(1, _STAGES) if f"${place}" in self.made]
        for place, relation in enumerate([out or Relation(anything=EMPTY, limits=None, listed=True), *found]):
            self.made[f"${place + 1}"] = relation

    def _inner(self, statement: Statement, carried: int) -> list[Followed]:
        try:
            if carried >= _CARRIED:
                raise NotFollowed("it carries a text within a text within a text")
            inner = self.statements(statement.inner, carried + 1)
        except NotFollowed as error:
            return [Followed(statement, Follower(self.dialect), problem=str(error))]
        if statement.kind != "unload":
            return inner
        return [replace(part, statement=replace(statement, query=part.statement.query)) for part in inner]

    def _follow(self, statement: Statement) -> Followed:
        followed = Followed(statement, Follower(self.dialect), problem=statement.problem)
        if statement.query or statement.table:
            self._try(followed, self._query)
        statement = followed.statement
        if statement.creates:
            self._make(statement, followed.out)
        elif statement.fills and (self.made or self.more):
            self._fill(followed)
        elif statement.direction == "unknown":
            # It may have put anything into them.
            self.made = {name: spoiled(relation, name) for name, relation in self.made.items()}
        return followed

    def _try(self, followed: Followed, reading: Callable[[Followed], None]) -> None:
        try:
            reading(followed)
        except NotFollowed as error:
            followed.problem = str(error)
        except RecursionError:
            followed.problem = "it is nested too deeply"
        except _WRONG_TURNS:
            # The parser takes wrong turns on broken texts: what it left us with is no reading.
            followed.problem = "the parser does not understand it"

    def _query(self, followed: Followed) -> None:
        statement, follower = followed.statement, followed.follower
        if statement.table:
            node: exp.Expr = exp.select("*").from_(statement.table, dialect=self.dialect)
        else:
            node = sqlglot.parse_one(statement.query, read=self.dialect)
        if isinstance(node, (exp.Insert, exp.Update, exp.Delete, exp.Merge)):
            whole = statement.query if statement.kind == "select" else statement.whole
            statement = replace(statement, kind="insert", direction="stay", fills=_NAMED, whole=whole)
            if isinstance(node, exp.Insert) and isinstance(node.expression, exp.Query):
                node.expression.set("with_", node.args.get("with_") or node.expression.args.get("with_"))
                node = node.expression
            else:
                followed.statement = replace(statement, kind="other", direction="none")
                return
        if isinstance(node, exp.Select) and isinstance(node.args.get("into"), exp.Into):
            made_table = node.args["into"].this
            name = made_table.sql(dialect=self.dialect, comments=False)
            statement = replace(statement, kind="create", direction="stay", creates=name)
        if not isinstance(node, (exp.Query, exp.Table, exp.Values)):
            raise NotFollowed("it holds a clause that cannot be followed")
        followed.out, followed.statement = follower.query(node, self.made), statement

    def _make(self, statement: Statement, out: Relation | None) -> None:
        name = f".{named(statement.creates)}"
        relation = out or Relation([(column.casefold(), EMPTY) for column in statement.names], limits=None, listed=True)
        if out is not None and statement.names:
            relation = out.renamed(out.alias, list(statement.names))
        self.made.pop(name, None)
        self.made[name] = spoiled(relation, name) if statement.may_exist else relation
        self._look_again()
        if statement.view and statement.query:
            self.views.append(statement)

    def _fill(self, followed: Followed) -> None:
        """Put into the tables that this text made what a statement puts there; anything, where nobody can tell."""
        statement = followed.statement
        filling = Followed(statement, Follower(self.dialect))
        self._try(filling, self._put_in)
        if filling.problem or not statement.whole:
            target = f".{named(statement.fills)}"
            for name, relation in self.made.items():
                if filling.problem or same_table(name, target):
                    self.made[name] = spoiled(relation, name)
        self._look_again()

    def _look_again(self) -> None:
        """Follow the views anew."""
        for view in self.views:
            again = Followed(view, Follower(self.dialect))
            self._try(again, self._query)
            relation = again.out.renamed("", list(view.names)) if again.out else None
            name = f".{named(view.creates)}"
            self.made[name] = relation or spoiled(self.made[name], name)

    def _put_in(self, filling: Followed) -> None:
        if not filling.statement.whole:
            return
        node = sqlglot.parse_one(filling.statement.whole, read=self.dialect)
        for part in fillings(node, filling.follower, self.made):
            target = f".{named(part.target)}"
            held = [name for name in self.made if name[:1] == "." and same_table(name, target)]
            for name in held:
                self.made[name] = put_in(self.made[name], part)
            if not held:
                # What was in it before is not known.
                self.made[target] = spoiled(part.rows.renamed("", part.names), target)


def follow(text: str, dialect: str) -> Analysis:
    """The analysis of a text."""
    silenced = _PARSER_LOG.disabled
    # It tells of functions that it cannot write in a dialect, which nobody asked it to.
    _PARSER_LOG.disabled = True
    try:
        return _followed(text, dialect)
    finally:
        _PARSER_LOG.disabled = silenced


def _followed(text: str, dialect: str) -> Analysis:
    try:
        followed = Text(dialect).statements(text)
    except NotFollowed as error:
        return _by_its_head(readable(text, dialect), dialect, str(error))
    if not followed:
        return Analysis("unparsed", "unknown", problem="the text is empty")
    worst = max(_RANK.index(part.statement.direction) for part in followed)
    chosen = [part for part in followed if _RANK.index(part.statement.direction) == worst]
    tables = {name for part in followed for name in part.follower.tables.values()}
    file = next((part.statement.file for part in chosen if part.statement.file), None)
    direction = _RANK[worst]
    for part in followed:
        if part.problem and part.statement.kind != "other":
            found = Analysis("unparsed", direction, tables=distinct(tables), file=file, problem=part.problem)
            found = replace(found, let_in=part.statement.let_in)
            return replace(found, programs=programs_of(tables, None), deduced=tuple(deduced_programs(tables, None)))
    problem = next((part.problem for part in followed if part.problem), "")
    let_in = next((part.statement.let_in for part in chosen if part.statement.let_in), None)
    kind = chosen[0].statement.kind
    return _put_together(chosen, followed, Analysis(kind, direction, file=file, problem=problem, let_in=let_in))


def _by_its_head(text: str, dialect: str, problem: str) -> Analysis:
    """What the beginning of a text that cannot be read whole still tells: that data went out, or a load."""
    statements = [cut(text, tokens) for tokens in split(beginning(text, dialect))]
    directions = {statement.direction for statement in statements}
    direction = "out" if "out" in directions else "in" if directions == {"in"} else "unknown"
    files = [statement.file for statement in statements if statement.file and statement.direction == direction]
    return Analysis("unparsed", direction, file=next(iter(files), None), problem=problem)


def _put_together(chosen: list[Followed], followed: list[Followed], analysis: Analysis) -> Analysis:
    whole, limits = Field(), None
    facts: dict[str, str] = {}
    for part in chosen:
        if part.out is not None:
            whole |= part.out.everything
            facts.update(sorted(part.out.facts))
            if part.out.limits is not None:
                limits = part.out.limits if limits is None else limits.join(part.out.limits)
    seen = {name for part in followed for name in part.follower.seen}
    tables = {name for part in followed for name in part.follower.tables.values()}
    filters = list(dict.fromkeys(text for part in followed for text in part.follower.filters))
    unnamed = [text for part in chosen for text in part.follower.unnamed]
    # A part that could not be followed may have put out anything.
    clear = all(part.out for part in chosen) and not unnamed
    aggregate = clear and whole.aggregate and not whole.sources and not whole.opens
    outputs = set(whole.counted if aggregate else whole.sources)
    told = {} if aggregate else {name: why for name, why in facts.items() if name not in outputs}
    shown = {name.casefold() for name in outputs | told.keys()}
    hidden = {f"{table}.{name}" for table, without in whole.opens for name in without if name.casefold() not in shown}
    deduced = [Deduced("element", name, why) for name, why in sorted(told.items())]
    deduced += [Deduced("element", UNNAMED, ", ".join(dict.fromkeys(unnamed)))] if unnamed else []
    return replace(
        analysis,
        outputs=distinct(outputs | told.keys() | ({UNNAMED} if unnamed else set())),
        aggregate=aggregate,
        open_tables=tuple(sorted(table for table, _ in whole.opens)),
        excluded=distinct(hidden),
        used=distinct({name for name in seen if name.casefold() not in shown}),
        tables=distinct(tables),
        programs=programs_of(tables, limits),
        states=states_of(limits),
        populations=populations_of(limits),
        picks_persons=limits is not None and limits.picked,
        deduced=(
            *deduced_programs(tables, limits),
            *deduced_states(limits),
            *deduced_populations(limits, [why for part in followed for why in part.follower.chosen_by]),
            *deduced,
        ),
        population_filter=" AND ".join(filters) or None,
    )
