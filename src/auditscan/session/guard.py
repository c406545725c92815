"""Which statements an SQL session runs, decided before any of them runs.

This is for clear messages: a person who writes COPY learns in a sentence what to do instead. That nothing is
written or read beside the database is the engine's lock (`auditscan.session.locked`), which holds without this.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.errors import SqlError, UsageError
from auditscan.session.faults import ONLY_READS, shortened
from auditscan.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import duckdb

_BLANK = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_]+")

MOST_STATEMENTS = 10_000
"""Of one text: each has a time limit of its own, and all of them together have none."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, parsed and not yet run."""

    text: str
    line: int
    """Where it begins in the text it came in, counted from 1."""
    kind: str
    """The engine's name for what it is: SELECT, COPY, CREATE and so on."""
    words: tuple[str, ...]
    """Its first words in capitals."""
    parameters: frozenset[str]
    """The names written `$name` in it."""
    parsed: duckdb.Statement

    @property
    def gives_rows(self) -> bool:
        """Whether it is a question, and not a variable being set."""
        return self.kind not in ("SET", "LOGICAL_PLAN")


def read(connection: duckdb.DuckDBPyConnection, text: str) -> list[Statement]:
    """Return the statements of a text; raises SqlError, or the engine's error, for what is no SQL."""
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SqlError("this is no SQL: it holds a NUL character", where=f"line {line}")
    try:
        # Asking for the kind of a statement that the Python module has no name for (UPDATE EXTENSIONS is one)
        # is a ValueError.
        statements = []
        place, line = 0, 1
        found = connection.extract_statements(text)
        if len(found) > MOST_STATEMENTS:
            raise SqlError(
                f"there are {len(found):,} statements in one text, and {MOST_STATEMENTS:,} are the most",
                hint="put a line end behind some of them: a pipe is read line by line",
            )
        for one in found:
            begins = max(place, text.find(one.query, place))
            line += text.count("\n", place, begins)
            statements.append(
                Statement(
                    text=one.query,
                    line=line,
                    kind=one.type.name,
                    words=first_words(one.query),
                    parameters=frozenset(one.named_parameters),
                    parsed=one,
                )
            )
            place = begins + len(one.query)
            line += text.count("\n", begins, place)
    except ValueError as error:
        raise SqlError(f"this session does not run such a statement: {ONLY_READS}", where=shortened(text)) from error
    if not statements:
        raise SqlError("there is no SQL here", hint="write a query, as in: select count(*) from answers")
    return statements


def first_words(text: str, most: int = 4) -> tuple[str, ...]:
    """Return the words a statement begins with, in capitals, past comments and brackets."""
    words: list[str] = []
    place = 0
    while len(words) < most:
        place = _after_blank(text, place)
        while not words and text[place : place + 1] in ("(", ";"):
            place = _after_blank(text, place + 1)
        match = _WORD.match(text, place)
        if match is None:
            break
        words.append(match[0].upper())
        place = match.end()
    return tuple(words)


def _after_blank(text: str, place: int) -> int:
    match = _BLANK.match(text, place)
    return match.end() if match else place


_REFUSED: Mapping[str, tuple[str, str | None]] = {
    "COPY": ("COPY reads or writes files", "to keep a result, use `auditscan query --out FILE`"),
    "EXPORT": ("EXPORT writes files", "to keep a result, use `auditscan query --out FILE`"),
    "ATTACH": ("ATTACH opens another database", "name the database with --db"),
    "DETACH": ("DETACH closes a database", None),
    "LOAD": ("INSTALL and LOAD bring foreign code in", "what auditscan needs is built in"),
    "PRAGMA": ("PRAGMA changes settings or reaches for files", "`describe NAME` and `show tables` say what there is"),
    "CALL": ("CALL runs procedures of the engine", None),
    "CREATE": ("CREATE makes something", "put a `with NAME as (...)` in front of the query"),
    "DROP": ("DROP removes something", None),
    "ALTER": ("ALTER changes something", None),
    "INSERT": ("INSERT changes the data", None),
    "UPDATE": ("UPDATE changes the data", None),
    "DELETE": ("DELETE changes the data", None),
    "MERGE_INTO": ("MERGE changes the data", None),
    "VACUUM": ("VACUUM and ANALYZE change the database", None),
    "TRANSACTION": ("transactions are for changes", "each statement sees the whole database as it is"),
    "PREPARE": ("PREPARE is not needed", "write $name in the query and give its value with --param name=value"),
    "EXECUTE": ("EXECUTE is not needed", "write $name in the query and give its value with --param name=value"),
    "SET": (
        "only variables can be set",
        "`set variable NAME = VALUE`; limits are options: --memory, --timeout, --threads",
    ),
    "MULTI": ("this statement makes something", "put a `with NAME as (...)` in front of the query"),
}
"""Kind of statement -> what it does, and what to do instead."""


def check(connection: duckdb.DuckDBPyConnection, statements: Sequence[Statement]) -> None:
    """Raise SqlError for the first statement that a session does not run."""
    for place, statement in enumerate(statements, start=1):
        kind = _runs_as(connection, statement)
        if kind is None:
            continue
        does, hint = _REFUSED.get(kind, (f"{kind.replace('_', ' ')} is no query", None))
        which = f"statement {place} of {len(statements)}: " if len(statements) > 1 else ""
        raise SqlError(f"{does}, and {ONLY_READS}", where=which + shortened(statement.text), hint=hint)


def _runs_as(connection: duckdb.DuckDBPyConnection, statement: Statement) -> str | None:
    """Return None for a statement that a session runs, else the kind that it is refused as."""
    words = statement.words
    if statement.kind == "SET" and words[:2] in (("SET", "VARIABLE"), ("RESET", "VARIABLE")):
        return None
    if statement.kind == "MULTI" and words[:1] in (("PIVOT",), ("FROM",), ("WITH",), ("SELECT",), ("EXPLAIN",)):
        return None
    if statement.kind == "EXPLAIN":
        return _explained(connection, statement)
    return None if statement.kind == "SELECT" else statement.kind


_EXPLAIN = re.compile(r"EXPLAIN\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_EXPLAIN_HOW = re.compile(r"ANALYZE\b|\([^()]*\)", re.IGNORECASE)


def _explained(connection: duckdb.DuckDBPyConnection, statement: Statement) -> str | None:
    """Judge what EXPLAIN explains: with ANALYZE it would run."""
    text = statement.text[_after_blank(statement.text, 0) :]
    match = _EXPLAIN.match(text)
    rest = match["rest"] if match else text
    rest = rest[_after_blank(rest, 0) :]
    how = _EXPLAIN_HOW.match(rest)
    # `explain (select 1)` has brackets of another kind: they hold a query.
    if how and first_words(how[0])[:1] not in (("SELECT",), ("FROM",), ("WITH",), ("VALUES",), ("TABLE",)):
        rest = rest[how.end() :]
    inner = connection.extract_statements(rest)
    for one in inner:
        if one.type.name not in ("SELECT", "MULTI"):
            return one.type.name
    return None


def bindings(statements: Sequence[Statement], given: Mapping[str, object]) -> list[dict[str, object]]:
    """Return, for each statement, the values of the parameters it names.

    Raises UsageError for a parameter that has no value, and for a value that no statement names.
    """
    values = {name.lower(): value for name, value in given.items()}
    asked = {name.lower(): name for statement in statements for name in statement.parameters}
    for name in asked.values():
        if name.lower() not in values:
            if name.isdigit():
                raise UsageError("parameters have names here", hint="write $name instead of ? or $1")
            raise UsageError(
                f"the query names the parameter ${name}, which has no value",
                hint=f"give it one with --param {name}=VALUE" + _near(name, given),
            )
    for name in given:
        if name.lower() not in asked:
            raise UsageError(
                f"no statement names the parameter ${name}",
                hint=f"write ${name} where its value belongs, or leave it out" + _near(name, list(asked.values())),
            )
    return [{name: values[name.lower()] for name in statement.parameters} for statement in statements]


def _near(name: str, names: Iterable[str]) -> str:
    meant = did_you_mean(name, names)
    return meant and f"; {meant}"
