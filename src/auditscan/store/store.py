"""The DuckDB database: the one place that opens it, and the tables every other part finds there.

A scan writes into a file beside its target and renames it into place; so the target is the old database
or the new one, never half of one, and a reader who has it open is not disturbed.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditscan.disk import wholefile
from auditscan.disk.dbfile import attach, copy_database, files_of, refuse_foreign_writes
from auditscan.disk.private import private_folder
from auditscan.disk.wholefile import disk_fault, real_place, usable
from auditscan.errors import StoreError
from auditscan.readers.blocks import in_memory
from auditscan.store.configured import FEW, NOTHING_DRAWN, configure, expect_little
from auditscan.store.memory import MEMORY_LIMIT, MORE_MEMORY
from auditscan.store.template import STORAGE_VERSION, lay

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb

    from auditscan.disk.wholefile import DiskFault
    from auditscan.library import Library, Query

KEYS_A_SOURCE = 1 << 36
"""record_key = source_id times this, plus the number of the record in its file."""

_PRIVATE = f"storage_version '{STORAGE_VERSION}', recovery_mode 'no_wal_writes'"
"""How a database is attached that nobody sees before it is whole: after a crash it is not read but thrown away, so
no statement has to reach the disk before the next one begins."""


_SPARING = {
    "threads": 1,
    # What it freed, it would keep up to 128 and 512 MB.
    "allocator_flush_threshold": "4MB",
    "allocator_bulk_deallocation_flush_threshold": "4MB",
    # Rows that wait to be fetched.
    "streaming_buffer_size": "200KB",
}
"""Settings of the engine by which it takes less memory and more time."""

_PARSED: dict[str, list[duckdb.Statement]] = {}
"""What the texts of libraries parse to. The engine takes as long to parse some of them as to run them on a small log,
and a scan of many files runs them for each."""


class Store:
    """An open database and the query library that works on it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        library: Library,
        workers: int = 1,
        *,
        work: Path | None = None,
        kept: bool = False,
        laid: bool = False,
    ) -> None:
        self.connection = connection
        self.library = library
        self.work = work
        """The private folder, where alone the engine may open files by their names."""
        self.kept = kept
        """Whether what is written outlives the command."""
        self.laid = laid
        """Whether it is still as a scan of nothing left it, judged by the policy that ships."""
        self.workers = workers
        """How many connections, or processes, may work on one file side by side."""
        self._bound: dict[str, object] = {}
        self._more: Sequence[str] = MORE_MEMORY
        """What the engine may take for a statement that does not fit."""

    def give_back(self, *, forget: bool = False) -> None:
        """Give back to the system what the engine freed and keeps; with `forget`, what it read as well.

        It does so when its share of the memory is set.
        """
        import duckdb

        if forget:
            # What is not on disk may take more, and then stays.
            with contextlib.suppress(duckdb.OutOfMemoryException):
                self.connection.execute("set memory_limit = '4MB'")
        self.expect_questions()

    def limit_memory(self, share: str) -> None:
        """Let the engine take so much and no more: who reads or judges begins again where that does not do."""
        self.connection.execute("set memory_limit = $1", [share])
        self._more = ()

    def expect_questions(self) -> None:
        """Let the engine take as much as most questions need, and more for one that does not fit."""
        self.limit_memory(MEMORY_LIMIT)
        self._more = MORE_MEMORY

    def _run(self, statement: duckdb.Statement | str, parameters: Sequence[object] | None = None) -> None:
        """Run a statement, anew with more memory where it may take more."""
        import duckdb

        for more in self._more:
            try:
                self.connection.execute(statement, parameters)
            except duckdb.OutOfMemoryException:
                self.connection.execute("set memory_limit = $1", [more])
            else:
                return
        self.connection.execute(statement, parameters)

    @contextlib.contextmanager
    def sparing(self) -> Iterator[None]:
        """Let the engine hold as little memory as it can while the block lasts, and take its time."""
        with self._set_to(_SPARING):
            self.give_back(forget=True)
            yield

    @contextlib.contextmanager
    def side_by_side(self, workers: int) -> Iterator[None]:
        """Let several connections work at once, each on one core: shared out besides, statements take a third more."""
        with self._set_to({"threads": max(1, self.workers // workers)}):
            yield

    @contextlib.contextmanager
    def _set_to(self, settings: Mapping[str, object]) -> Iterator[None]:
        """Set the engine otherwise while the block lasts."""
        before = {name: self.one(f"select current_setting('{name}')") for name in settings}
        try:
            for name, value in settings.items():
                self.connection.execute(f"set {name} = $1", [value])
            yield
        finally:
            for name, value in before.items():
                self.connection.execute(f"set {name} = $1", [value])

    def worker(self) -> Store:
        """Another connection to the same database; close it when its work is done."""
        connection = self.connection.cursor()
        connection.execute("use auditscan")
        connection.execute(NOTHING_DRAWN)
        store = Store(connection, self.library, self.workers, work=self.work)
        store._more = self._more
        return store

    def run(self, name: str, **variables: object) -> list[tuple[Any, ...]]:
        """Run a query of the library, its variables bound, and return the rows of its last statement."""
        self.set(**variables)
        return self.execute(self.library.get(name).sql).fetchall()

    def table(self, name: str, **variables: object) -> list[dict[str, Any]]:
        """Run a query of the library as `run` does, and return its rows by column name."""
        if not self.may_find(self.library.get(name)):
            return []
        self.set(**variables)
        cursor = self.execute(self.library.get(name).sql)
        columns = [column[0] for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    def may_find(self, query: Query) -> bool:
        """Whether the table that a query rests on has rows."""
        table = query.header.get("rests_on")
        return table is None or self.has_rows(str(table))

    def has_rows(self, table: str) -> bool:
        """Whether a table has rows, or some that a condition fits: to ask takes a tenth of planning what reads them."""
        return bool(self.one(f"select exists (from {table})"))

    def execute(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Run a text of the library, each of its statements, and return the connection with the last one's rows."""
        statements = _PARSED.get(sql)
        if statements is None:
            statements = _PARSED[sql] = self.connection.extract_statements(sql)
        try:
            for statement in statements:
                self._run(statement)
        except UnicodeDecodeError as error:
            import duckdb

            # The engine quotes what it cannot read, and may cut it in the middle of a character.
            raise duckdb.InvalidInputException("the engine refused it, in words that cannot be read") from error
        return self.connection

    def set(self, **variables: object) -> None:
        """Bind values that queries read with `getvariable`."""
        for name, value in variables.items():
            # To bind one anew takes as long as a small query. A list may have changed since.
            if isinstance(value, list) or self._bound.get(name) != value:
                # The name is one of ours; the value travels as a bound parameter.
                self.connection.execute(f"set variable {name} = $1", [value])
                self._bound[name] = value

    def rows(self, sql: str, parameters: Sequence[object] | None = None) -> list[tuple[Any, ...]]:
        """Run SQL of our own and return its rows."""
        self._run(sql, parameters)
        return self.connection.fetchall()

    def one(self, sql: str, parameters: Sequence[object] | None = None) -> Any:  # noqa: ANN401 -- whatever the query gives
        """The first value of the first row; None where there is no row."""
        self._run(sql, parameters)
        row = self.connection.fetchone()
        return None if row is None else row[0]

    def insert(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> None:
        """Append rows to one of our tables, a column at a time: a statement a row takes seconds."""
        if not rows:
            return
        placed = ", ".join(f"unnest(${place}::{kind}[])" for place, kind in enumerate(columns.values(), start=1))
        values = [list(column) for column in zip(*rows, strict=True)]
        self.connection.execute(f"insert into {table} ({', '.join(columns)}) select {placed}", values)


@contextlib.contextmanager
def open_store(
    path: Path | None,
    library: Library,
    *,
    threads: int | None = None,
    read_only: bool = False,
    publish: bool = True,
    compact: bool = False,
    little: bool = False,
) -> Iterator[Store]:
    """Open the database at `path`, or a temporary one where that is None.

    Writing goes to a copy that takes the file's place when the block ends well; on any error, and on
    Ctrl-C, the file stays as it was; so it does without `publish`. With `compact` the file is
    made small, which takes longer; `little` says that few records are to come, none where it is only read. Raises
    StoreError where the file is no database of ours, cannot be written, or another program left changes beside it.
    """
    publishes = publish and path is not None and not read_only
    with contextlib.ExitStack() as stack:
        with files_of(path):
            real = None if path is None else real_place(path)
            refuse_foreign_writes(path)
            # Beside the database, so that the rename at the end stays within one file system.
            parent = usable(path).absolute().parent if path is not None and publishes else None
        with files_of(path if publishes else None):
            work = stack.enter_context(private_folder(parent))
        target = work / "scan.duckdb"
        if real is not None and path is not None:
            if read_only:
                target = real
            elif real.exists():
                copy_database(path, target)
        with _engine(
            path,
            target,
            work,
            library,
            threads,
            publishes=publishes,
            read_only=read_only,
            compact=compact,
            little=little or read_only,
        ) as store:
            yield store
        if publishes and path is not None and real is not None:
            with files_of(path):
                # Whoever writes there while we work, writes to what is about to be replaced.
                refuse_foreign_writes(path)
                wholefile.publish(target, real)


@contextlib.contextmanager
def _engine(
    path: Path | None,
    target: Path,
    work: Path,
    library: Library,
    threads: int | None,
    *,
    publishes: bool,
    read_only: bool,
    compact: bool,
    little: bool,
) -> Iterator[Store]:
    """Open the engine on a file, put on disk at the end if it `publishes`. `path` is what messages name."""
    import duckdb

    connection = duckdb.connect(":memory:")
    try:
        configure(connection, work, threads, compact=compact)
        if not publishes:
            connection.execute("set checkpoint_on_detach = 'DISABLED'")
        is_new = not target.exists()
        laid = is_new and lay(target, library)
        attach(connection, target, "read_only" if read_only else _PRIVATE, path or work.parent)
        connection.execute("use auditscan")
        _lock(connection, work)
        store = Store(connection, library, threads or os.cpu_count() or 1, work=work, kept=publishes, laid=laid)
        if not is_new:
            _check(store, path or target)
        if little and (is_new or store.one("select count(*) from records") < FEW):
            expect_little(connection, threads)
            store.workers = threads or 1
        yield store
        if publishes:
            # By itself the engine writes what is left when it lets go of the file, and says nothing if it cannot.
            connection.execute("checkpoint auditscan")
        connection.execute("use memory")
        connection.execute("detach auditscan")
    except duckdb.Error as error:
        fault = disk_fault(error)
        if fault is None:
            raise
        raise _no_room(path if publishes else None, work, error, fault) from error
    finally:
        connection.close()


def _no_room(path: Path | None, work: Path, error: Exception, fault: DiskFault) -> StoreError:
    """Return what to tell of a full or broken disk that the engine met, with the file that it was about."""
    named = re.search(r'"([^"]+)"', str(error))
    if named and Path(named[1]).is_absolute() and not Path(named[1]).is_relative_to(work):
        return StoreError("a file could not be read or written", where=named[1], why=fault.why, hint=fault.hint)
    if path is None:
        where = str(work.parent)
        return StoreError("temporary files could not be written", where=where, why=fault.why, hint=fault.hint)
    return StoreError("the database could not be written", where=str(path), why=fault.why, hint=fault.hint)


def _lock(connection: duckdb.DuckDBPyConnection, work: Path) -> None:
    """Leave the engine no file but its own, blocks in memory and pipes: rules and formats may be somebody else's.

    Cannot be taken back. Where blocks do not lie in memory, there is no lock.
    """
    if in_memory():
        # Of what has a number here, only pipes have no name besides, which would be asked for.
        connection.execute("set allowed_directories = $1", [[str(work), "/proc/self/fd"]])
        connection.execute("set allowed_paths = $1", [[in_memory()]])
        connection.execute("set enable_external_access = false")


def _check(store: Store, path: Path) -> None:
    tables = {row[0] for row in store.rows("select table_name from duckdb_tables() where database_name = 'auditscan'")}
    if not {"settings", "records", "sources"} <= tables:
        raise StoreError(
            "this database was not made by auditscan",
            where=str(path),
            hint="name a file made with --db, or a new one",
        )


def is_ledger(store: Store) -> bool:
    """Whether nightly scans made the database."""
    if store.laid:
        return False
    there = store.one("select count(*) from duckdb_tables() where table_name = 'scans' and database_name = 'auditscan'")
    return bool(there and store.one("select count(*) from scans"))
