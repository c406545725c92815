"""`auditscan connect`: a kept database in DuckDB's own client, under the lock of our sessions."""

from __future__ import annotations

from auditscan.cli import streams
from auditscan.cli.options import Database, Memory, Threads  # noqa: TC001 -- typer reads the annotations
from auditscan.errors import UsageError


def connect(database: Database = None, memory: Memory = "2GB", threads: Threads = None) -> None:
    """Write an init file for the DuckDB command line client and print its name.

    With `duckdb -init "$(auditscan connect --db FILE)"` the client opens the file as `auditscan sql` does: for
    reading only, and without a way to files, network, extensions or settings. Answers are those of the last
    scan into the file. There is no time limit: DuckDB 1.5 has none. A client that runs an option of its own
    after the file, as the one that `pip install duckdb-cli` puts on the path does, stops at the lock; the
    program inside that package, duckdb_cli/duckdb, does not.
    """
    from auditscan.library import Library
    from auditscan.session.clientfile import write
    from auditscan.session.locked import Limits, open_session

    if database is None:
        raise UsageError("there is no database to open", hint="name one with --db, made with `auditscan scan --db`")
    limits = Limits(memory=memory, threads=threads)
    # The client would say it late and in other words: is it ours, and can it be read?
    with open_session(database, Library.shipped(), limits=limits) as session:
        as_of = session.judged_as_of()
        shortfall = session.shortfall()
    streams.write(str(write(database, limits)))
    streams.note(f"answers as of {as_of}; the client's own commands that reach files or a shell are off too")
    if shortfall:
        streams.note(shortfall)
