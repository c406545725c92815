"""The file of a database: how it is opened and copied, and what another program may have left beside it."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditscan.disk.wholefile import disk_fault, real_place
from auditscan.errors import StoreError
from auditscan.text import literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb


@contextmanager
def files_of(path: Path | None) -> Iterator[None]:
    """Tell an error of what a store does to its own files as one; what its caller does inside is not among it."""
    try:
        yield
    except OSError as error:
        what = "temporary files" if path is None else "the database"
        fault = disk_fault(error)
        raise StoreError(
            f"{what} could not be written",
            where=tempfile.gettempdir() if path is None else str(path),
            why=error.strerror,
            hint=fault.hint if fault else None,
        ) from error


def attach(
    connection: duckdb.DuckDBPyConnection, file: Path, options: str, shown: Path, name: str = "auditscan"
) -> None:
    """Attach a database file by a name of ours; raises StoreError, which names `shown`, where it cannot be opened."""
    import duckdb

    try:
        connection.execute(f"attach {literal(str(file))} as {name} ({options})")
    except duckdb.Error as error:
        fault = disk_fault(error)
        raise StoreError(
            "the database could not be opened" if fault else "this is no database that DuckDB can open",
            where=str(shown),
            why=str(error).splitlines()[0],
            hint=fault.hint if fault else "name a file made with --db, or a new one",
        ) from error


_LEFT_BY_CLIENTS = (".wal", ".wal.checkpoint", ".wal.recovery")
"""Endings of the files in which a DuckDB client keeps changes that are not in the database yet."""


def refuse_foreign_writes(path: Path | None) -> None:
    """Raise StoreError where another program left changes beside a database.

    No scan leaves any. The engine would take them in, in reading too, or refuse to open the file at all.
    """
    if path is None:
        return
    for file in dict.fromkeys((path, real_place(path))):
        for ending in _LEFT_BY_CLIENTS:
            left = file.with_name(file.name + ending)
            if os.path.lexists(left):
                raise StoreError(
                    "another program wrote to this database, and what it wrote lies in a file beside it",
                    where=str(left),
                    why="a DuckDB client has it open for writing, or ended before it was done, or had it open "
                    "while a scan replaced it; no scan makes such a file, and none of it is in any answer",
                    hint=f"close that client. If the file is still there, move it away: {path.name} is then what the "
                    "last scan made of it. Keep it if it matters what was written",
                )


def copy_database(path: Path, target: Path) -> None:
    """Copy a database for work on the copy; raises StoreError where it cannot be, or is being changed by another."""
    with files_of(path):
        refuse_foreign_writes(path)
        before = path.stat()
        shutil.copyfile(path, target)
        after = path.stat()
        refuse_foreign_writes(path)
    if (before.st_mtime_ns, before.st_size, before.st_ino) != (after.st_mtime_ns, after.st_size, after.st_ino):
        raise StoreError(
            "the database was changed by another program while it was copied",
            where=str(path),
            hint="close the other program, and run it again",
        )
