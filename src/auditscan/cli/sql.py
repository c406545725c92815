"""`auditscan sql`: an SQL session in the terminal, or a script of one in a pipe."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from auditscan.cli import ide, streams
from auditscan.cli.defaults import source_of
from auditscan.cli.judging import Reading, set_up, with_options
from auditscan.cli.options import Database, Format, Memory, Paths, Rows, Timeout, Width, judged_file
from auditscan.cli.query import UNSAFE, Unsafe
from auditscan.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType
    from typing import NoReturn

    from prompt_toolkit.history import History

    from auditscan.prompt.conversation import Look
    from auditscan.scanning.judged import Setup
    from auditscan.session.locked import Session

Ide = Annotated[
    bool | None,
    typer.Option(
        "--ide/--no-ide",
        help="Open in harlequin, or do not.  [default: where it is installed]",
        show_default=False,
    ),
]
NoHistory = Annotated[bool, typer.Option("--no-history", help="Keep no line for the next session.")]
KeepGoing = Annotated[bool, typer.Option("--keep-going", help="In a pipe, go on after an error.")]


@with_options
def sql(
    context: typer.Context,
    how: Reading,
    paths: Paths = None,
    database: Database = None,
    form: Format = None,
    rows: Rows = 500,
    use_ide: Ide = None,
    no_history: NoHistory = False,
    keep_going: KeepGoing = False,
    memory: Memory = "2GB",
    timeout: Timeout = 300,
    unsafe: Unsafe = False,
    width: Width = None,
) -> int:
    """Ask logs or a kept database in SQL, as long as you like.

    Statements end with `;`, `.help` lists what else there is. SQL can only read: no file, network, setting or
    extension is in its reach. From a pipe statements and dot commands are run in order, to the first error. Where
    harlequin is installed, a terminal opens in it, unless --no-ide.
    """
    from auditscan.cli.bounds import bounded
    from auditscan.session.locked import Limits, open_session

    look = _look(form, rows, typed=source_of(context, "form") == "COMMANDLINE")
    if sys.stdin is None:
        raise UsageError("standard input is closed", hint="give SQL there, or use `auditscan query --sql`")
    watched = sys.stdin.isatty()
    in_ide = _in_ide(use_ide)
    setup = set_up(paths, database, how)
    limits = Limits(memory=memory, seconds=timeout, threads=how.threads)
    if unsafe:
        streams.note(UNSAFE)
    with _ended_by_signals(), judged_file(setup) as file:
        with open_session(file, setup.library, limits=limits, unsafe=unsafe) as session:
            if not in_ide:
                with bounded(session):
                    return _converse(session, setup, look, width, watched=watched, kept=not no_history, on=keep_going)
            # It stays above the IDE, to be seen when that is left.
            if shortfall := session.shortfall():
                streams.note(shortfall)
        return ide.open_ide(file, limits, rows, unsafe=unsafe)


def _in_ide(asked: bool | None) -> bool:
    if asked is False:
        return False
    obstacle = ide.why_not()
    if asked and obstacle is not None:
        raise obstacle
    return obstacle is None


def _look(form: str | None, rows: int, *, typed: bool) -> Look:
    """Return how results are shown; raises UsageError for a format that is only for files.

    One that was not `typed`, but set for every query, is a table here.
    """
    from auditscan.prompt.conversation import FORMATS, Look

    if form not in FORMATS and not typed:
        form = None
    if form is not None and form not in FORMATS:
        raise UsageError(
            f"{form} is a format for files",
            where="--format",
            hint=f"results are shown as {', '.join(FORMATS)}; `.out FILE` in the session writes files",
        )
    return Look(form=form or "table", rows=rows)


def _converse(
    session: Session, setup: Setup, look: Look, width: int | None, *, watched: bool, kept: bool, on: bool
) -> int:
    """Talk with whoever sits at the terminal, or run what a pipe says; return the exit code."""
    from auditscan.cli.screen import Terminal
    from auditscan.prompt.commands import run
    from auditscan.prompt.conversation import Conversation
    from auditscan.scanning.judged import keep_apart

    screen = Terminal(width, lambda out: keep_apart(setup, {".out": out}), watched=watched)
    if not watched:
        if shortfall := session.shortfall():
            streams.note(shortfall)
        return Conversation(session, screen, look, run).answer_all(_lines(sys.stdin.buffer), keep_going=on)
    from auditscan.prompt.completer import SqlCompleter, names_of
    from auditscan.prompt.terminal import converse

    history, place = _history(kept=kept)
    _banner(session, setup)
    converse(Conversation(session, screen, look, run, place), history, SqlCompleter(names_of(session)))
    return ExitCode.CLEAN


def _history(*, kept: bool) -> tuple[History, Path | None]:
    """Return where lines are kept, and the file of it; a file that cannot be used costs the history only."""
    from prompt_toolkit.history import InMemoryHistory

    from auditscan.prompt.history import Lines, history_file

    if kept:
        try:
            path = history_file()
            return Lines(path), path
        except UsageError as error:
            streams.note(f"no line is kept: {streams.printable(str(error))}: {error.why or 'it is in the way'}")
    return InMemoryHistory(), None


def _banner(session: Session, setup: Setup) -> None:
    """Say what is open, under which order it is judged, and what can be done with it."""
    import shutil
    import textwrap

    from auditscan.text import counted, long_day

    columns = shutil.get_terminal_size().columns

    row = session.run_query("headline").frame().row(0, named=True)
    names = [str(setup.database)] if setup.database is not None else []
    names += [str(path) for path in setup.paths]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    title = f"{row['regime_title']} ({row['regime_now']})" if row["regime_now"] else "no order that a table knows"
    lines = [
        f"{shown}: {counted(row['transfers'], 'transfer')}, as of {long_day(row['as_of'])}",
        f"In force: {title}",
        session.shortfall(),
        f"{'Read-only' if session.unsafe else 'Read-only and locked'}. Statements end with `;`, .help says what else.",
    ]
    for line in lines:
        if line:
            streams.note("\n".join(textwrap.wrap(streams.printable(line), columns)))


def _lines(source: BinaryIO) -> Iterator[str]:
    """Yield the lines of standard input; raises UsageError for one that is no UTF-8."""
    for number, line in enumerate(source, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise UsageError(
                "the SQL is not UTF-8 text",
                where=f"standard input, line {number}",
                why=f"byte {line[error.start]:#04x}",
            ) from error


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """End on SIGTERM and SIGHUP, wherever the session is: they are no Ctrl-C, which only stops a statement.

    Left to itself SIGHUP, a closed window, would also leave the private copy of the database behind.
    """

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(ExitCode.INTERRUPTED)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
