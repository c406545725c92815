"""What to do about the mistakes that people new to these tables make most in SQL."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import duckdb


@dataclass(frozen=True, slots=True)
class Named:
    """What could have been meant: the names in a database."""

    columns: Mapping[str, Mapping[str, str]]
    """Table or view -> column -> type."""
    queries: Collection[str]
    """The rules and reports of the library."""


_NO_COLUMN = re.compile(r'Referenced column "([^"]+)" not found|does not have a column named "([^"]+)"')
_NO_TABLE = re.compile(r"Table with name (\w+) does not exist")
_NO_LIST = re.compile(r"value '(.*)' can't be cast to the destination type VARCHAR\[\]", re.DOTALL)
_LIKE_LIST = re.compile(r"'(?:!?~~\*?|i?like(?:_escape)?|not_i?like\w*|regexp_\w+|contains|lower|upper)\(VARCHAR\[\]")
_TEXT_AS_DAY = re.compile(r"type (?:VARCHAR and type (?:DATE|TIMESTAMP)|(?:DATE|TIMESTAMP)\S* and type VARCHAR)")
_DAY_FUNCTION = re.compile(r"'(?:date_trunc|date_part|date_diff|datediff|year|month|day|week|strftime)\([^']*VARCHAR")


def names_in(connection: duckdb.DuckDBPyConnection, queries: Collection[str]) -> Named | None:
    """Return what there is to be named in a judged database; None where the engine does not say."""
    import duckdb

    columns: dict[str, dict[str, str]] = {}
    try:
        # A cursor: an error may have left the connection in the middle of something.
        with closing(connection.cursor()) as cursor:
            for table, column, kind in cursor.execute(
                "select table_name, lower(column_name), data_type from duckdb_columns() "
                "where database_name = 'auditscan' and not internal"
            ).fetchall():
                columns.setdefault(table, {})[column] = kind
    except duckdb.Error:
        return None
    return Named(columns, queries)


FIRST = ("answers_wide", "answers", "transfers", "findings")
"""Views to look at before the others."""


def advice(said: str, statement: str, named: Callable[[], Named | None]) -> str | None:
    """Return what to do about an error of the engine; None for one that is not among these mistakes."""
    if found := _NO_COLUMN.search(said):
        return _column(found[1] or found[2], statement, named())
    if found := _NO_TABLE.search(said):
        known = named()
        if known is not None and found[1].lower() in known.queries:
            name = found[1].lower()
            return f"{name} is a query and not a table: `auditscan query {name}`, or .run {name} at the prompt"
        return None
    if found := _NO_LIST.search(said):
        column = re.search(rf"([\w.]+)\s*(?:=|in\s*\()\s*'{re.escape(found[1])}'", statement, re.IGNORECASE)
        name = column[1] if column else "the column"
        return f"{name} holds lists: write list_contains({column[1] if column else 'COLUMN'}, '{found[1]}')"
    if _LIKE_LIST.search(said):
        column = re.search(r"([\w.]+)\s+(?:not\s+)?(i?like)\s+('[^']*')", statement, re.IGNORECASE)
        if column is None:
            return "the column holds lists: array_to_string(COLUMN, ';') makes a text of each"
        return f"{column[1]} holds lists: write array_to_string({column[1]}, ';') {column[2]} {column[3]}"
    if _TEXT_AS_DAY.search(said) or _DAY_FUNCTION.search(said):
        return _day(statement, named())
    return None


def _column(name: str, statement: str, known: Named | None) -> str | None:
    if known is None:
        return None
    holders = [table for table, columns in known.columns.items() if name.lower() in columns]
    if not holders:
        quoted = re.search(rf"(?:=|<>|!=|in\s*\(|,|like)\s*\"{re.escape(name)}\"", statement, re.IGNORECASE)
        return f"a text stands in single quotation marks: '{name}'" if quoted else None
    holders.sort(key=lambda table: (FIRST.index(table) if table in FIRST else len(FIRST), table))
    return f"{name} is a column of {', '.join(holders[:3])}" + (" and others" if len(holders) > 3 else "")


def _day(statement: str, known: Named | None) -> str | None:
    if "occurred_at" not in statement:
        return None
    advised = "occurred_at is text: compare it with text, as in occurred_at >= '2026-01-01'"
    if known is not None and any("court_day" in known.columns.get(table, ()) for table in FIRST):
        advised += "; court_day is the day that decides, in the zone of the court"
    return advised
