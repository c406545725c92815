"""The result of a statement: its columns, and its rows piece by piece.

Two ways out. `frames` are polars frames with the engine's types, for Python, Parquet and workbooks.
`texts` are the same rows with every value written by the engine itself, for whatever is read by eye or as
text: so a moment, a decimal or a list looks alike in a table, in CSV and in an answer file, and no value
passes through a type that cannot hold it. Both are streams: nothing is held whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from auditscan.errors import SqlError

if TYPE_CHECKING:
    import duckdb
    import polars as pl

NUMBERS = frozenset(
    {
        "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint",
        "uhugeint", "bignum", "float", "double", "decimal",
    }
)  # fmt: skip
"""Types that are numbers, by the engine's id."""

Runner = Callable[[Callable[[], Any]], Any]
"""Runs a call into the engine so that Ctrl-C stops it, and puts its errors into our words."""

BATCH_ROWS = 50_000
"""Rows a frame, unless somebody asks for another number."""

_PLAIN = frozenset(
    {
        "boolean", "tinyint", "smallint", "integer", "bigint", "hugeint",
        "utinyint", "usmallint", "uinteger", "ubigint", "float", "double", "decimal",
        "varchar", "enum", "uuid", "blob", "date", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns",
        "timestamp with time zone",
    }
)  # fmt: skip
"""Types that polars holds without change. The others (an interval, a time of 24:00, a number over 38 digits)
would panic there or come out as something else: they travel as the engine's text."""


class Result:
    """Rows that are on their way. Read once, front to back, before its session runs the next statement."""

    def __init__(
        self,
        relation: duckdb.DuckDBPyRelation | None,
        run: Runner,
        when_done: Callable[[], None] = lambda: None,
    ) -> None:
        self._relation = relation
        self._run = run
        self._when_done = when_done
        self._taken = False
        self.count = 0
        """Rows taken so far."""
        names = [] if relation is None else list(relation.columns)
        self.columns: tuple[str, ...] = _distinct(names)
        """Names, each once: a second `a` is `a_1`."""
        self.kinds: tuple[duckdb.sqltypes.DuckDBPyType, ...] = () if relation is None else tuple(relation.types)
        self.types: tuple[str, ...] = tuple("NULL" if str(kind) == '"NULL"' else str(kind) for kind in self.kinds)
        """The engine's types, as text: `VARCHAR`, `INTEGER[]`, `DECIMAL(18,3)`."""

    def __bool__(self) -> bool:
        """Whether there can be rows: setting a variable gives no columns."""
        return bool(self.columns)

    def frames(self, rows: int = BATCH_ROWS) -> Iterator[pl.DataFrame]:
        """Yield the rows as polars frames of at most `rows` rows; an empty result is one frame without rows.

        What polars has no type for comes as text.
        """
        return self._pieces([_plain(place, kind) for place, kind in enumerate(self.kinds, start=1)], rows)

    def frame(self) -> pl.DataFrame:
        """Return all rows as one frame."""
        import polars as pl

        return pl.concat(list(self.frames()), how="vertical", rechunk=False)

    def texts(self, join: Literal[";", ", "] = ";", rows: int = BATCH_ROWS) -> Iterator[pl.DataFrame]:
        """Yield the rows as frames of text, lists joined with `join`, what is null being null."""
        return self._pieces([_text(place, kind, join) for place, kind in enumerate(self.kinds, start=1)], rows)

    def records(self, rows: int = BATCH_ROWS) -> Iterator[pl.DataFrame]:
        """Yield the rows as frames of one column `record`: each row as a JSON object."""
        import duckdb

        if self._relation is None:
            return iter(())
        packed = duckdb.FunctionExpression(
            "struct_pack",
            *(
                _json(place, kind).alias(name)
                for place, (name, kind) in enumerate(zip(self.columns, self.kinds, strict=True), start=1)
            ),
        )
        return self._pieces([duckdb.FunctionExpression("to_json", packed)], rows, ("record",))

    def close(self) -> None:
        """Let go of rows that nobody will read."""
        self._taken = True
        self._relation = None
        done, self._when_done = self._when_done, lambda: None
        done()

    def _pieces(
        self, expressions: list[duckdb.Expression], rows: int, names: tuple[str, ...] | None = None
    ) -> Iterator[pl.DataFrame]:
        import polars as pl

        if self._taken:
            raise SqlError("the rows of this result are gone", hint="run the statement again")
        self._taken = True
        if self._relation is None or not expressions:
            yield pl.DataFrame()
            return
        import nanoarrow

        named = [one.alias(name) for one, name in zip(expressions, names or self.columns, strict=True)]
        relation = self._relation
        try:
            stream = self._run(lambda: nanoarrow.ArrayStream(relation.select(*named)))
            batches = iter(stream)
            empty = True
            while True:
                batch = self._run(lambda: next(batches, None))
                if batch is None:
                    break
                for frame in pl.DataFrame(batch).iter_slices(rows):
                    empty = False
                    self.count += frame.height
                    yield frame
            if empty:
                yield pl.DataFrame(stream)
        finally:
            # Rows on their way hold the connection: whoever stops in the middle lets go of them first.
            batches = batch = stream = None
            self.close()


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Return names of which no two are alike, those that came first as they are."""
    found: list[str] = []
    # The engine takes `A` and `a` for one name where columns are packed into a record.
    seen: set[str] = set()
    taken = {name.lower() for name in names}
    for name in names:
        candidate, number = name, 0
        while candidate.lower() in seen or (number and candidate.lower() in taken):
            number += 1
            candidate = f"{name}_{number}"
        seen.add(candidate.lower())
        found.append(candidate)
    return tuple(found)


def _column(place: int) -> duckdb.Expression:
    """A column by its place: names may repeat, and hold anything. No SQL is made of a name."""
    import duckdb

    return duckdb.SQLExpression(f"#{place:d}")


def _plain(place: int, kind: duckdb.sqltypes.DuckDBPyType) -> duckdb.Expression:
    import duckdb

    column = _column(place)
    return column if _is_plain(kind) else column.cast(duckdb.sqltypes.VARCHAR)


def _is_plain(kind: duckdb.sqltypes.DuckDBPyType) -> bool:
    """Whether polars holds values of the type, and of all types in it."""
    from duckdb.sqltypes import DuckDBPyType

    if kind.id in ("list", "array", "struct", "map"):
        # An array has its size among its children.
        return all(_is_plain(child) for _, child in kind.children if isinstance(child, DuckDBPyType))
    return kind.id in _PLAIN


def _text(place: int, kind: duckdb.sqltypes.DuckDBPyType, join: str) -> duckdb.Expression:
    import duckdb

    if kind.id == "list":
        # Left to itself, array_to_string passes over what is null in a list. `join` is one of ours.
        return duckdb.SQLExpression(
            f"array_to_string(list_transform(#{place:d}, lambda item: coalesce(item::varchar, 'null')), '{join}')"
        )
    return _column(place).cast(duckdb.sqltypes.VARCHAR)


def _json(place: int, kind: duckdb.sqltypes.DuckDBPyType) -> duckdb.Expression:
    import duckdb

    column = _column(place)
    # 0.1 as a FLOAT is 0.10000000149011612 in JSON: by way of text it stays 0.1.
    return column.cast(duckdb.sqltypes.VARCHAR).cast(duckdb.sqltypes.DOUBLE) if kind.id == "float" else column
