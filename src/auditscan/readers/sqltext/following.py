"""A text from its tokens to its analysis: every statement cut, its query parsed and followed, all put together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

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
from auditscan.readers.sqltext.model import Analysis, NotFollowed, distinct
from auditscan.readers.sqltext.relations import Field, Relation
from auditscan.readers.sqltext.selects import Follower, Tables
from auditscan.readers.sqltext.statements import Statement, cut
from auditscan.readers.sqltext.tokens import beginning, split, tokens_of

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
    """Tables that earlier statements made."""

    def statements(self, text: str, carried: int = 0) -> list[Followed]:
        """Every statement of a text, followed. Raises NotFollowed if its tokens cannot be told."""
        found: list[Followed] = []
        for tokens in split(tokens_of(text, self.dialect)):
            statement = cut(text, tokens)
            if statement.inner:
                found += self._inner(statement, carried)
            else:
                found.append(self._follow(statement))
        return found

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
        if not statement.query and not statement.table:
            return followed
        try:
            followed.out, followed.statement = self._query(statement, followed.follower)
        except NotFollowed as error:
            followed.problem = str(error)
        except RecursionError:
            followed.problem = "it is nested too deeply"
        except _WRONG_TURNS as error:
            # The parser takes wrong turns on broken texts; what it left us with is no reading.
            followed.problem = f"the parser does not understand it ({_first_line(error)})"
        if followed.out is not None and statement.creates:
            self.made[statement.creates.casefold()] = followed.out
        return followed

    def _query(self, statement: Statement, follower: Follower) -> tuple[Relation, Statement]:
        if statement.table:
            return follower.query(exp.select("*").from_(statement.table, dialect=self.dialect), self.made), statement
        node = sqlglot.parse_one(statement.query, read=self.dialect)
        if isinstance(node, exp.Insert):
            statement = replace(statement, kind="insert", direction="stay")
            node.expression.set("with_", node.args.get("with_") or node.expression.args.get("with_"))
            node = node.expression
        if isinstance(node, exp.Select) and isinstance(node.args.get("into"), exp.Into):
            statement = replace(statement, kind="create", direction="stay", creates=node.args["into"].this.name)
        if not isinstance(node, (exp.Query, exp.Table, exp.Values)):
            raise NotFollowed(f"it holds a clause that cannot be followed ({node.key.upper()})")
        return follower.query(node, self.made), statement


def follow(text: str, dialect: str) -> Analysis:
    """The analysis of a text."""
    try:
        followed = Text(dialect).statements(text)
    except NotFollowed as error:
        return _by_its_head(text, dialect, str(error))
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
            return replace(found, programs=programs_of(tables, None), deduced=tuple(deduced_programs(tables, None)))
    problem = next((part.problem for part in followed if part.problem), "")
    return _put_together(chosen, followed, Analysis(chosen[0].statement.kind, direction, file=file, problem=problem))


def _by_its_head(text: str, dialect: str, problem: str) -> Analysis:
    """What the beginning of a text that cannot be read whole still tells: that data went out, or a load."""
    statements = [cut(text, tokens) for tokens in split(beginning(text, dialect))]
    directions = {statement.direction for statement in statements}
    direction = "out" if "out" in directions else "in" if directions == {"in"} else "unknown"
    files = [statement.file for statement in statements if statement.file and statement.direction == direction]
    return Analysis("unparsed", direction, file=next(iter(files), None), problem=problem)


def _put_together(chosen: list[Followed], followed: list[Followed], analysis: Analysis) -> Analysis:
    whole, limits = Field(), None
    for part in chosen:
        if part.out is not None:
            whole |= part.out.everything
            if part.out.limits is not None:
                limits = part.out.limits if limits is None else limits.join(part.out.limits)
    seen = {name for part in followed for name in part.follower.seen}
    tables = {name for part in followed for name in part.follower.tables.values()}
    filters = list(dict.fromkeys(text for part in followed for text in part.follower.filters))
    # A part that could not be followed may have put out anything.
    aggregate = whole.aggregate and not whole.sources and not whole.opens and all(part.out for part in chosen)
    outputs = whole.counted if aggregate else whole.sources
    shown = {name.casefold() for name in outputs}
    hidden = {f"{table}.{name}" for table, without in whole.opens for name in without if name.casefold() not in shown}
    return replace(
        analysis,
        outputs=distinct(set(outputs)),
        aggregate=aggregate,
        open_tables=tuple(sorted(table for table, _ in whole.opens)),
        excluded=distinct(hidden),
        used=distinct({name for name in seen if name.casefold() not in shown}),
        tables=distinct(tables),
        programs=programs_of(tables, limits),
        states=states_of(limits),
        populations=populations_of(limits),
        deduced=(
            *deduced_programs(tables, limits),
            *deduced_states(limits),
            *deduced_populations(limits, [why for part in followed for why in part.follower.chosen_by]),
        ),
        population_filter=" AND ".join(filters) or None,
    )


def _first_line(error: Exception) -> str:
    said = next(iter(str(error).splitlines()), "") or type(error).__name__
    return said.split(". Line ")[0].split(" but got <")[0].split(" for <")[0][:100]
