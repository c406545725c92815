"""The locked SQL session: any question about a judged database, and nothing but questions.

What is safe here is made so by the engine, not by looking at SQL: the database is attached read-only, then
every way to a file, a network, an extension or a setting is switched off, then the switches are locked. They
cannot be turned back within the process, whatever SQL is run, on `Session.connection` too. A statement filter
in front (`auditscan.session.guard`) says in a sentence what the engine would refuse in its own words.

Against a person with a shell this is no border: the session has the rights of whoever started it.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from auditscan.disk.dbfile import attach, refuse_foreign_writes
from auditscan.errors import StoreError, UsageError
from auditscan.session.advice import names_in
from auditscan.session.engine import Engine
from auditscan.session.faults import Limits, as_error
from auditscan.session.guard import bindings, check, read
from auditscan.session.results import Result
from auditscan.session.sqlsettings import LOCK, SETTINGS
from auditscan.text import counted, literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    import duckdb

    from auditscan.library import Library, Query
    from auditscan.session.advice import Named
    from auditscan.session.guard import Statement

__all__ = ["Limits", "Result", "Session", "literal", "open_session"]


class Session:
    """An open database that answers questions. Made by `open_session`.

        with open_session(path, library) as session:
            for frame in session.run("select * from answers").frames():
                ...

    One result at a time: running the next statement ends the one before.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        library: Library,
        limits: Limits,
        *,
        own: duckdb.DuckDBPyConnection,
        spare: duckdb.DuckDBPyConnection,
        unsafe: bool,
    ) -> None:
        self.connection = connection
        """The engine's own connection, under the same lock."""
        self.spare = spare
        """One more, for a caller's own hands: a result left open on it is in nobody's way."""
        self.library = library
        self.limits = limits
        self.unsafe = unsafe
        # Library queries have a connection of their own, so that the variables they set are not those of
        # the person, nor the other way round.
        self._own = own
        self._engine = Engine(limits, self._interrupt_asked)
        self._result: Result | None = None
        self._closed = False

    @property
    def lost(self) -> bool:
        """Whether a statement took the session with it: it heeds no interruption, and nothing can be asked any more."""
        return self._engine.lost

    def run(self, text: str, params: Mapping[str, object] | None = None) -> Result:
        """Run every statement of a text in order, and return the result of the last.

        `params` are values for the names written `$name`. Raises SqlError for SQL that a session does not
        run (before any of it runs) or the engine cannot, UsageError for a parameter too many or too few,
        and LimitError where a limit was met. Rows are computed while they are taken, so `Result` raises them
        too.
        """
        results = self.run_each(text, params)
        last = next(results)
        for result in results:
            last = result
        return last

    def run_each(self, text: str, params: Mapping[str, object] | None = None) -> Iterator[Result]:
        """Run the statements of a text in order and yield the result of each; one that is not read is run still."""
        statements = self.read(text)
        bound = bindings(statements, params or {})
        return self._run_each(statements, bound)

    def read(self, text: str) -> list[Statement]:
        """Return the statements of a text, none of them run; raises SqlError where one must not be."""
        self._open()

        def parsed() -> list[Statement]:
            statements = read(self.connection, text)
            if not self.unsafe:
                check(self.connection, statements)
            return statements

        with self._words(text):
            found: list[Statement] = self._engine.call(parsed)
        return found

    def run_query(self, name: str, given: Mapping[str, object] | None = None) -> Result:
        """Run a report or a rule of the library, its parameters bound; a rule gives its hits.

        What `given` does not name has its default: variables of the session play no part. Raises UsageError
        for a name the library lacks, a query of another kind, or a parameter it does not take.
        """
        query = self.library.get(name)
        if query.kind not in ("report", "rule"):
            raise UsageError(
                f"{name} is no question but a {query.kind} query: it makes part of the database",
                hint="`auditscan queries` lists the rules and reports",
            )
        self._open()
        values = self._bound(query, given or {})
        self._finish()
        with self._words(None):
            for variable, value in values.items():
                # The name comes from a header that the library has checked; the value is bound.
                self._own.execute(f"set variable {variable} = $1", [value]).fetchall()
            relation = self._engine.call(lambda: self._own.sql(query.sql))
        return self._keep(Result(relation, lambda call: self._guarded(call, None), self._unset(values)))

    def describe(self, name: str) -> Result:
        """Return the columns of a table or view: name, type and what it means."""
        return self.run_query("columns_of", {"table_name": name})

    def tables(self) -> list[str]:
        """Return the names of the tables and views, sorted."""
        self._open()
        rows = self._own.execute(
            "select table_name from duckdb_tables() where database_name = 'auditscan' "
            "union select view_name from duckdb_views() where database_name = 'auditscan' and not internal order by 1"
        ).fetchall()
        return [str(row[0]) for row in rows]

    def _named(self) -> Named | None:
        queries = {query.name for query in self.library.queries if query.kind in ("rule", "report")}
        return names_in(self.connection, queries)

    def judged_as_of(self) -> date:
        """Return the day of `now` in this database."""
        self._open()
        day: date = self._own.execute("select as_of from settings").fetchall()[0][0]
        return day

    def memory(self) -> int | None:
        """Return how many bytes the engine may take; None where it has no limit to speak of."""
        self._open()
        # It says so in words only: 1.8 GiB.
        said: str = self._own.execute("select current_setting('memory_limit')").fetchall()[0][0]
        number, _, unit = said.partition(" ")
        power = _UNITS.get(unit)
        return None if power is None else int(float(number) * 1024**power)

    def shortfall(self) -> str | None:
        """Return in a sentence what the scan could not look at; None where it saw everything."""
        files = self.run_query("files_accounted").frame()
        rules = self.run_query("rule_outcomes").frame()
        parts = [
            (int(files["status"].is_in(["damaged", "unrecognized", "unreadable"]).sum()), "file"),
            (int(files["quarantined"].sum()), "record"),
            (int((rules["outcome"] == "failed").sum()), "rule"),
        ]
        unseen = ", ".join(counted(count, noun) for count, noun in parts if count)
        return f"INCOMPLETE: the scan could not look at {unseen}; `auditscan report` says which" if unseen else None

    def interrupt(self) -> None:
        """Stop the statement that is running, from another thread."""
        self._interrupt_asked()
        self.spare.interrupt()

    def _interrupt_asked(self) -> None:
        self.connection.interrupt()
        self._own.interrupt()

    def close(self) -> None:
        """End the session; closing twice does nothing."""
        if self._closed:
            return
        self._closed = True
        self._engine.close()
        if self.lost:
            # Whatever is asked of a connection in a call waits for the end of that.
            return
        self._finish()
        for one in (self._own, self.spare, self.connection):
            one.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run_each(self, statements: list[Statement], bound: list[dict[str, object]]) -> Iterator[Result]:
        for statement, values in zip(statements, bound, strict=True):
            self._finish()
            yield self._run(statement, values)

    def _run(self, statement: Statement, values: dict[str, object]) -> Result:
        described = _described(statement)
        if described is not None and self._has_comments() and described in self.tables():
            return self.describe(described)
        import duckdb

        connection = self.connection
        if not statement.gives_rows:
            self._guarded(lambda: connection.execute(statement.parsed, values).fetchall(), statement)
            return Result(None, lambda call: call())

        def start() -> duckdb.DuckDBPyRelation | None:
            try:
                return connection.sql(statement.parsed, params=values)
            except (duckdb.BinderException, duckdb.CatalogException):
                # What could not be bound did not run, and will not now; but this door tells the line.
                connection.execute(statement.text, values).fetchall()
                raise

        relation = self._guarded(start, statement)
        return self._keep(Result(relation, lambda call: self._guarded(call, statement)))

    def _keep(self, result: Result) -> Result:
        self._result = result
        return result

    def _finish(self) -> None:
        """End the result before: the engine has one at a time."""
        result, self._result = self._result, None
        if result is not None:
            result.close()

    def _bound(self, query: Query, given: Mapping[str, object]) -> dict[str, object]:
        """A value for every parameter; words of the policy tables as answers spell them. Raises UsageError."""
        values = self.library.bound(query, given)
        asked = [query.params[name] for name, value in given.items() if value is not None and query.params[name].words]
        if asked:
            from auditscan.policy import normalize

            spellings: dict[str, dict[str, str]] = {}
            for kind, word, spelling in self._own.execute(self.library.get("known_words").sql).fetchall():
                spellings.setdefault(kind, {})[spelling] = word
            for parameter in asked:
                known = spellings.get(str(parameter.words), {})
                values[parameter.name] = parameter.look_up(values[parameter.name], known, normalize)
        return values

    def _unset(self, values: Mapping[str, object]) -> Callable[[], None]:
        def unset() -> None:
            for variable in () if self.lost else values:
                self._own.execute(f"reset variable {variable}").fetchall()

        return unset

    def _has_comments(self) -> bool:
        return any(query.name == "columns_of" for query in self.library.of("report"))

    def _open(self) -> None:
        if self.lost:
            raise UsageError("this session ended with a statement that could not be stopped", hint="open another")
        if self._closed:
            raise UsageError("this session is closed", hint="open another")

    @contextmanager
    def _words(self, text: str | None) -> Iterator[None]:
        """Put errors of the engine into our words."""
        import duckdb

        try:
            yield
        except duckdb.Error as error:
            raise as_error(error, self.limits, text, named=self._named) from error

    def _guarded(self, call: Callable[[], Any], statement: Statement | None) -> Any:  # noqa: ANN401 -- what it gives
        """Run a call into the engine: Ctrl-C stops it, and its errors are in our words."""
        import duckdb

        try:
            return self._engine.call(call)
        except (duckdb.Error, RuntimeError, MemoryError) as error:
            text, line = (statement.text, statement.line) if statement else (None, 1)
            raise as_error(error, self.limits, text, line, self._named) from error


_UNITS = {"bytes": 0, "byte": 0, "KiB": 1, "MiB": 2, "GiB": 3}
_DESCRIBE = re.compile(r"\s*(?:describe|desc)\s+(?:auditscan\.)?(?P<name>\w+|\"[^\"]+\")\s*;?\s*", re.IGNORECASE)


def _described(statement: Statement) -> str | None:
    """Return the table that a statement asks the columns of, if that is all it asks."""
    match = _DESCRIBE.fullmatch(statement.text)
    return match["name"].strip('"') if match else None


def open_session(path: Path, library: Library, *, limits: Limits | None = None, unsafe: bool = False) -> Session:
    """Open a locked session on a judged database and return it; it is closed by the end of its block, or by `close`.

    The file is only read, and nobody may have it open for writing. With `unsafe` statements of every kind
    run and no way out is locked; the database is read-only still. Raises StoreError for what is no such
    database, UsageError for a limit that cannot be used.
    """
    import duckdb

    limits = limits or Limits()
    # An instance of its own, with the file attached: two sessions of one process on one file would share one
    # instance if they connected to the file, and with it settings and lock.
    connection = duckdb.connect(":memory:")
    try:
        own, spare = connection.cursor(), connection.cursor()
        # Zone and time limit belong to a connection, and cannot be set once the lock is on.
        for one in (connection, own, spare):
            for setting in SETTINGS:
                one.execute(setting)
            _limit(one, limits)
        _attach(connection, path)
        for one in (connection, own, spare):
            one.execute("use auditscan")
        if not unsafe:
            for setting in LOCK:
                connection.execute(setting)
    except BaseException:
        connection.close()
        raise
    return Session(connection, library, limits, own=own, spare=spare, unsafe=unsafe)


def _attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    if not path.is_file():
        raise StoreError("there is no such database", where=str(path), hint="make one with `auditscan scan --db FILE`")
    refuse_foreign_writes(path)
    attach(connection, path, "read_only", path)
    found = connection.execute(
        "select count(*) from duckdb_tables() where database_name = 'auditscan' "
        "and table_name in ('settings', 'records', 'sources')"
    ).fetchall()
    if found != [(3,)]:
        raise StoreError("this database was not made by auditscan", where=str(path), hint="name a file made with --db")


def _limit(connection: duckdb.DuckDBPyConnection, limits: Limits) -> None:
    """Set the limits; raises UsageError where one of them cannot be used."""
    import duckdb

    try:
        connection.execute("set memory_limit = $1", [limits.memory])
    except duckdb.Error as error:
        raise UsageError(
            f"{limits.memory!r} is no amount of memory", where="--memory", hint="write it as 2GB or 800MB"
        ) from error
    if limits.seconds < 0:
        raise UsageError("a time limit is not below 0", where="--timeout", hint="0 is no limit")
    connection.execute("set max_execution_time = $1", [round(limits.seconds * 1000)])
    if limits.threads is not None:
        if limits.threads < 1:
            raise UsageError("a session works on one core at least", where="--threads")
        connection.execute("set threads = $1", [limits.threads])
