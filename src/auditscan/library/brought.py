"""Whether SQL that somebody brings along is one question to the database, and reaches for nothing beside it.

The engine's own parser says what a text is; what may stand in it is listed here. That nothing beside the database is
reached while it runs is the engine's lock besides (`auditscan.store`).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from auditscan.library.header import Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import duckdb

_QUESTIONS = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
"""Parts of a statement that ask. The others change something: DELETE may stand in a `with` too."""

_ROWS = frozenset({"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST", "PIVOT"})
"""Where rows may come from."""

_OTHER_PARTS = re.compile(r"(ORDER|LIMIT|LIMIT_PERCENT|DISTINCT)_MODIFIER|ORDER_DEFAULT|ASCENDING|DESCENDING")

_TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series", "json_each", "json_tree"})
"""Functions that may stand in the place of a table: they make rows of what they are given."""

_DENIED = frozenset(
    {"getenv", "current_setting", "query", "query_table", "pg_sleep", "current_database", "current_query"}
)
"""Functions that tell of the machine, run what they are given or wait, besides those that the engine calls volatile."""

_HARMLESS = frozenset({"error"})
"""Of those that the engine calls volatile."""

_NAME = re.compile(r"\w+")
_OF_THE_ENGINE = ("duckdb_", "pragma_", "pg_", "sqlite_")
_HOMES = frozenset({"auditscan", "main", "memory", "temp"})


def check_locked(sql: str, macros: Collection[str] = ()) -> list[Fault]:
    """Return what is wrong with SQL that has to be one select from tables and views of the database.

    `macros` are those of the database that make rows.
    """
    import duckdb

    with duckdb.connect(":memory:") as connection:
        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1:
                return [Fault(1, f"the SQL has {len(statements)} statements; a query is one select")]
            if statements[0].type.name != "SELECT":
                return [Fault(1, f"the SQL is no select but {statements[0].type.name.replace('_', ' ')}")]
            found = connection.execute("select json_serialize_sql($1::varchar)", [sql]).fetchall()[0][0]
            parsed = json.loads(found)
        except (duckdb.Error, ValueError) as error:
            return [Fault(1, f"the SQL cannot be read: {' '.join(str(error).split('LINE ')[0].split())}")]
        except RecursionError:
            return [Fault(1, "the SQL is nested too deep")]
        if parsed.get("error"):
            return [Fault(1, f"the SQL is no plain select: {parsed.get('error_message')}")]
        denied = _denied(connection)
    faults = [
        Fault(_line(sql, part), f"the SQL {wrong}")
        for part in _parts(parsed["statements"])
        if (wrong := _wrong(part, denied, _TABLE_FUNCTIONS.union(macros)))
    ]
    return sorted(set(faults), key=lambda fault: (fault.line, fault.message))


def _denied(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The names of functions that answer otherwise each time, act, or read files."""
    rows = connection.execute(
        "select distinct function_name from duckdb_functions() "
        "where stability = 'VOLATILE' or function_type in ('table', 'table_macro', 'pragma')"
    ).fetchall()
    return _DENIED | {name for (name,) in rows} - _HARMLESS - _TABLE_FUNCTIONS


def _parts(parsed: object) -> Iterator[dict[str, Any]]:
    """Every object of what the parser made."""
    left = [parsed]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            yield one
            left += one.values()
        elif isinstance(one, list):
            left += one


def _wrong(part: dict[str, Any], denied: frozenset[str], makes_rows: frozenset[str]) -> str | None:
    """What is wrong with a part; None where nothing is."""
    kind = part.get("type")
    if "class" in part:
        name = str(part.get("function_name", "")).lower()
        return (
            f"calls `{name}`, which reaches beside the database, or answers otherwise each time"
            if (name in denied)
            else None
        )
    if not isinstance(kind, str):
        return None
    if kind == "BASE_TABLE":
        path = [str(name) for name in part["qualified_name"]["path"]]
        return None if _is_ours(path) else f"reads `{'.'.join(path)}`, and only tables of the database are read"
    if kind == "TABLE_FUNCTION":
        name = str(part["function"].get("function_name", "")).lower()
        return None if name in makes_rows else f"reads rows of `{name}`, and only tables of the database are read"
    if kind in _QUESTIONS | _ROWS or _OTHER_PARTS.fullmatch(kind):
        return None
    return f"holds a part that is no question: {kind.removesuffix('_NODE').replace('_', ' ').lower()}"


def _is_ours(path: list[str]) -> bool:
    """Whether this can name a table of the database only: no file, and nothing of the engine."""
    *homes, name = [one.lower() for one in path]
    named = all(_NAME.fullmatch(one) for one in path)
    return named and _HOMES.issuperset(homes) and not name.startswith(_OF_THE_ENGINE)


def _line(sql: str, part: dict[str, Any]) -> int:
    place = part.get("query_location")
    return sql.encode()[:place].count(b"\n") + 1 if isinstance(place, int) and place < 1 << 40 else 1
