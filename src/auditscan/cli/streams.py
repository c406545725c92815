"""The only module that writes to the terminal, and the one that ends the process.

Standard output is data: tables, JSON, SQL, and the same bytes to a pipe as to a terminal, color
apart. Standard error is narration: notes, progress and errors, for a person. Everything else
returns values or raises; so a command can be piped, and no library caller is ever printed at.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

from auditscan.errors import AuditscanError, ExitCode
from auditscan.scanning.bar import UNSEEN
from auditscan.text import printable, printable_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.progress import Progress, TaskID

    from auditscan.scanning.bar import Bar

__all__ = [
    "DEFAULT_WIDTH", "drop", "fail", "fail_unexpected", "note", "output", "prepare", "printable", "progress",
    "readable", "stdout_console", "warned", "write", "write_json",
]  # fmt: skip

DEFAULT_WIDTH = 100
"""Cells a line. Fixed, because a report that wraps by terminal is not the same report twice."""

PROGRESS_DELAY = 1.0
"""Seconds of silence before a progress bar: what is done sooner needs none."""


def prepare() -> None:
    """Make both streams UTF-8 that never fails on a character.

    File names and logs hold bytes that are no text; a report must not die while naming them. Of streams that whoever
    started us closed, errors go nowhere, and output is told as one that could not be written.
    """
    output.lost = False
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def write(text: str = "") -> None:
    """Write a line of data to standard output, as it stands."""
    output.write(text + "\n")


class _Output:
    """Standard output, which remembers whether it ever took no more: the system's error does not say of what it is."""

    def __init__(self) -> None:
        self.lost = False

    def write(self, text: str) -> int:
        with self._noting():
            return sys.stdout.write(text)

    def write_bytes(self, data: bytes) -> None:
        """Write data that is bytes already: a file format, or text made piece by piece."""
        with self._noting():
            sys.stdout.flush()
            sys.stdout.buffer.write(data)

    def flush(self) -> None:
        with self._noting():
            sys.stdout.flush()

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            self.lost = True
            raise

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever a stream has
        return getattr(sys.stdout, name)


output = _Output()


def drop(stream: TextIO) -> None:
    """Let what a stream still holds go nowhere, or the interpreter would complain about it on its way out."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def readable(data: bytes) -> bytes:
    """Return a piece of a text format as a terminal may get it; a pipe and a file get the bytes as they are."""
    if not sys.stdout.isatty():
        return data
    return printable_lines(data.decode(errors="backslashreplace")).encode(errors="backslashreplace")


def write_json(value: object, indent: int | None = 2) -> None:
    """Write a value to standard output as JSON, on one line where nothing is indented; dates and paths become text."""
    text = json.dumps(value, indent=indent, ensure_ascii=False, default=str)
    # JSON spells out only what lies below the blank.
    write(printable_lines(text) if sys.stdout.isatty() else text)


def note(text: str) -> None:
    """Write a line of narration to standard error.

    Where nobody can read it, for it is closed or its disk is full, the command goes on: its exit code says how it
    ended, and narration changes no answer.
    """
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:
        drop(sys.stderr)


def warned(message: Warning | str, *_: object, **__: object) -> None:
    """Tell a warning as a note: it takes the place of `warnings.showwarning`."""
    note(f"warning: {printable(str(message))}")


def stdout_console(width: int | None = None) -> Console:
    """Return a rich console on standard output, `width` cells wide (DEFAULT_WIDTH if None).

    It shows text as it stands: what comes from logs is never markup.
    """
    from rich.console import Console

    file = cast("IO[str]", output)
    return Console(file=file, width=width or DEFAULT_WIDTH, markup=False, emoji=False, highlight=False)


def fail(error: AuditscanError) -> ExitCode:
    """Tell on standard error what happened, where, why and what to do; return the exit code."""
    note(f"auditscan: {_indented(error.message)}")
    for label, text in (("where", error.where), ("why", error.why), ("do", error.hint)):
        if text:
            note(f"  {label + ':':<6} {_indented(text)}")
    return error.exit_code


def fail_unexpected(error: Exception) -> ExitCode:
    """Tell of an error nobody foresaw, with its traceback if AUDITSCAN_DEBUG is set; return 1."""
    if os.environ.get("AUDITSCAN_DEBUG"):
        import traceback

        note("".join(traceback.format_exception(error)).rstrip())
    # By its name: whatever fails before the engine is there must not wait for it.
    if type(error).__name__ == "OutOfMemoryException":
        return fail(
            AuditscanError(
                "what was asked needs more memory than it may take; nothing written before this is to be relied on",
                why=str(error).partition("\n")[0],
                hint="ask about fewer logs or transfers, or for another form: `--help` lists what selects them",
            )
        )
    return fail(
        AuditscanError(
            "stopped by a fault of the program; nothing it wrote before this is to be relied on",
            why=f"{type(error).__name__}: {error}",
            hint="run again with AUDITSCAN_DEBUG=1 to see where, and report what it shows",
        )
    )


def _indented(text: str) -> str:
    """Return text for a message: lines after the first under it, nothing that moves the cursor."""
    return "\n         ".join(printable(line) for line in text.splitlines())


class _TerminalBar:
    """A bar that appears after PROGRESS_DELAY.

    A timer draws it, not the next `advance`: one long query says nothing until it ends.
    """

    def __init__(self, description: str, total: float | None) -> None:
        self._description = description
        self._total = total
        self._done = 0.0
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(PROGRESS_DELAY, self._appear)
        self._timer.daemon = True
        self._timer.start()

    def _appear(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.table import Column

        # The name of a file may be long: it takes the room that the others leave.
        room = Column(ratio=1, no_wrap=True, overflow="ellipsis")
        said = TextColumn("{task.description}", markup=False, table_column=room)
        # Without a total there is no share to draw, only that time passes.
        share = (BarColumn(bar_width=10), DownloadColumn(table_column=Column(no_wrap=True)))
        columns = (SpinnerColumn(), said, *(() if self._total is None else share), TimeElapsedColumn())
        console = Console(stderr=True, markup=False, emoji=False, highlight=False)
        shown = Progress(*columns, console=console, transient=True, expand=True)
        with self._lock:
            self._task = shown.add_task(self._description, total=self._total)
            shown.update(self._task, completed=self._done)
            self._progress = shown
            shown.start()

    def advance(self, amount: float = 1) -> None:
        with self._lock:
            self._done += amount
            if self._progress is not None and self._task is not None:
                self._progress.update(self._task, completed=self._done)

    def say(self, description: str) -> None:
        with self._lock:
            self._description = printable(description)
            if self._progress is not None and self._task is not None:
                self._progress.update(self._task, description=self._description)

    def close(self) -> None:
        self._timer.cancel()
        self._timer.join()
        if self._progress is not None:
            self._progress.stop()


@contextmanager
def progress(description: str, total: float | None = None) -> Iterator[Bar]:
    """Show on standard error how far a job is: only on a terminal, only after a second.

    Yields a Bar to `advance` by bytes, of which there are `total`; without a total the bar shows
    that time passes. The bar is wiped when the block ends, however it ends.
    """
    if not sys.stderr.isatty():
        yield UNSEEN
        return
    bar = _TerminalBar(printable(description), total)
    try:
        yield bar
    finally:
        bar.close()
