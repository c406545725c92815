"""`auditscan query`: one question, by name or in SQL, and its answer in any format."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import streams
from auditscan.cli.defaults import source_of
from auditscan.cli.judging import Reading, set_up, with_options
from auditscan.cli.options import (
    Database,
    Format,
    Memory,
    Rows,
    Timeout,
    Width,
    cells,
    complete_query_name,
    judged_file,
)
from auditscan.errors import UsageError
from auditscan.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.session.locked import Result, Session

UNSAFE = (
    "--unsafe: SQL may now read and write any file that you may, load extensions and reach the network; "
    "the database itself is open for reading only"
)

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME] [PATH]...",
        help="A rule or report that `auditscan queries` lists, unless SQL is given; then logs to ask it about.",
        show_default=False,
        autocompletion=complete_query_name,
    ),
]
Sql = Annotated[str | None, typer.Option("--sql", metavar="TEXT", help="Run this SQL.")]
SqlFile = Annotated[
    str | None, typer.Option("--file", "-f", metavar="FILE", help="Run the SQL of this file; - is standard input.")
]
Params = Annotated[
    list[str] | None,
    typer.Option(
        "--param",
        "-p",
        metavar="NAME=VALUE",
        help="A parameter of the query; in SQL of your own the text of $NAME. May be repeated.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Write to this file; its ending says the format: .ndjson, .csv, .parquet, .xlsx, .md or .txt.",
    ),
]
Unsafe = Annotated[
    bool, typer.Option("--unsafe", help="Let SQL read and write files and the network: only for SQL you trust.")
]


@with_options
def query(
    context: typer.Context,
    how: Reading,
    words: Words = None,
    sql: Sql = None,
    sql_file: SqlFile = None,
    params: Params = None,
    database: Database = None,
    form: Format = None,
    out: Out = None,
    rows: Rows = 500,
    memory: Memory = "2GB",
    timeout: Timeout = 300,
    unsafe: Unsafe = False,
    width: Width = None,
) -> None:
    """Ask one question of logs or of a kept database: a rule or report by name, or SQL of your own.

    SQL comes from --sql, a file, or standard input. It can only read: no file, network, setting or extension is
    in its reach. A parameter written $name in SQL is bound as text; cast it where it is something else, as in
    $day::date. Of several statements the result of the last one is written. Tables show --rows rows; the other
    formats and files hold all of them.
    """
    from auditscan.cli.bounds import bounded
    from auditscan.scanning.judged import keep_apart
    from auditscan.session.locked import Limits, open_session

    name, text, paths = _question(how.queries or (), words or [], sql, sql_file)
    given = _given(params or [])
    kind = _format(form, out, typed=source_of(context, "form") == "COMMANDLINE")
    setup = set_up(paths, database, how)
    keep_apart(setup, {"--out": out})
    limits = Limits(memory=memory, seconds=timeout, threads=how.threads)
    if unsafe:
        streams.note(UNSAFE)
    with judged_file(setup) as file, open_session(file, setup.library, limits=limits, unsafe=unsafe) as session:
        shortfall = session.shortfall()
        if shortfall:
            streams.note(shortfall)
        with bounded(session):
            result = _asked(session, name, text, given)
            if out is not None:
                save(result, kind, out, cells(width))
            else:
                _write(result, kind, rows, cells(width))


def _question(
    queries: Sequence[Path], words: Sequence[str], sql: str | None, sql_file: str | None
) -> tuple[str | None, str, list[Path]]:
    """Return the name of a library query or the text of SQL, and the paths behind it.

    Raises UsageError where there is neither, or both.
    """
    if sql is not None and sql_file is not None:
        raise UsageError("SQL is given twice", where="--sql, --file", hint="leave one of them out")
    if sql is not None:
        return None, sql, [Path(word) for word in words]
    if sql_file is not None:
        return None, _read_sql(sql_file), [Path(word) for word in words]
    if words and words[0] == "-":
        return None, _read_sql("-"), [Path(word) for word in words[1:]]
    if not words:
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError(
                "there is no question",
                hint="name a query, as in `auditscan query by_state`, or write SQL with --sql",
            )
        return None, _read_sql("-"), []
    from auditscan.library import Library

    try:
        Library.shipped(queries).get(words[0])
    except UsageError as error:
        raise UsageError(
            error.message,
            where=words[0],
            hint=f"{error.hint}; SQL of your own comes with --sql, --file or -, and the logs after it",
        ) from None
    return words[0], "", [Path(word) for word in words[1:]]


def _read_sql(name: str) -> str:
    """Return the SQL of a file, or of standard input for `-`."""
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError("the SQL cannot be read", where=name, why=error.strerror) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(
            "the SQL is not UTF-8 text",
            where=f"{'standard input' if name == '-' else name}:{line}",
            why=f"byte {content[error.start]:#04x}",
        ) from error


def _given(params: Sequence[str]) -> dict[str, str]:
    """Return name -> text of what --param says; raises UsageError for a repeated name or no name at all."""
    given: dict[str, str] = {}
    for param in params:
        name, equals, value = param.partition("=")
        name = name.strip().removeprefix("$")
        if not equals or not name:
            raise UsageError(f"{param!r} is no parameter", where="--param", hint="write it as NAME=VALUE")
        if name in given:
            raise UsageError(f"the parameter {name} is given twice", where="--param", hint="give it once")
        given[name] = value
    return given


def _asked(session: Session, name: str | None, text: str, given: dict[str, str]) -> Result:
    """Run the question and return its result."""
    if name is not None:
        query = session.library.get(name)
        return session.run_query(name, {key: query.parameter(key).read_value(value) for key, value in given.items()})
    asked = sum(statement.gives_rows for statement in session.read(text))
    if asked > 1:
        streams.note(f"{asked} statements give rows; only those of the last are written")
    return session.run(text, given)


def _format(form: str | None, out: Path | None, *, typed: bool) -> str:
    """Return the format that is asked for, or that the name of the file says.

    A format that was not `typed` but set for every query yields to the name: a .parquet file is one.
    """
    from auditscan.output.export import format_of

    if out is not None:
        return form if form and typed else format_of(out)
    kind = form or "table"
    if kind in ("parquet", "xlsx") and sys.stdout.isatty():
        raise UsageError(
            f"{kind} is not for a terminal", where="--format", hint=f"write it to a file: --out result.{kind}"
        )
    return kind


def save(result: Result, kind: str, out: Path, width: int, noun: str = "row") -> None:
    """Write a result to a file, whole, and say how many rows it has, as `noun`; a table is `width` cells wide."""
    from auditscan.disk.wholefile import writing
    from auditscan.output.export import write_file

    with writing(out) as path, streams.progress(f"writing {out.name}"):
        if kind == "table":
            from auditscan.render.grid import lines, take

            # Rows that a file leaves out nobody would miss: it holds all of them.
            text = "".join(line.plain + "\n" for line in lines(take(result), width))
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
        else:
            write_file(result, kind, path)
    streams.note(f"{counted(result.count, noun)} in {streams.printable(str(out))}")


def _write(result: Result, kind: str, rows: int, width: int) -> None:
    """Write a result to standard output."""
    from auditscan.disk.private import private_folder
    from auditscan.output.export import pieces, put, write_file

    if kind == "table":
        from auditscan.render.grid import draw, take

        page = take(result, rows)
        draw(page, streams.stdout_console(width))
        _tell_cut(len(page.rows), page.total)
    elif kind in ("parquet", "xlsx"):
        with private_folder() as folder:
            write_file(result, kind, folder / "result")
            put(folder / "result", streams.output.write_bytes)
    else:
        for piece in pieces(result, kind, rows if kind == "md" else 0):
            streams.output.write_bytes(streams.readable(piece))
        if kind == "md":
            _tell_cut(min(result.count, rows or result.count), result.count)


def _tell_cut(shown: int, total: int) -> None:
    if shown < total:
        streams.note(f"{shown:,} of {total:,} rows shown; --rows 0 shows all, --out FILE keeps all")
