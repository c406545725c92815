"""One SQL conversation: runs what was typed in its session, and hands what comes of it to a screen."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from auditscan.errors import AuditscanError, UsageError
from auditscan.prompt.reading import inputs, is_bare, lines_of
from auditscan.session.faults import as_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from auditscan.library import Query
    from auditscan.prompt.reading import Input
    from auditscan.questions.explanation import Explanation
    from auditscan.session.locked import Session
    from auditscan.session.results import Result

FORMATS = ("table", "csv", "ndjson", "md")
"""How results can be shown; the other formats are for files."""


class Leave(Exception):
    """Somebody asked to end the conversation."""


@dataclass(slots=True)
class Look:
    """How results are shown from now on."""

    form: str = "table"
    """One of FORMATS."""
    rows: int = 500
    """How many are shown of a table; 0 is all of them."""
    timer: bool = False
    out: Path | None = None
    """The file that the next result goes to."""
    only: tuple[str, ...] = ()
    """The columns that a table shows, if not all of them."""
    under: str | None = None
    """The first column, where its words become headings of a table each."""


class Screen(Protocol):
    """Where a conversation is shown: the terminal, a pipe, a test."""

    def result(self, result: Result, look: Look) -> float:
        """Show the rows of a result, or write them to `look.out`.

        Returns when the last row was there, by `time.perf_counter`: somebody may look at them for long.
        """

    def queries(self, queries: Sequence[Query]) -> None:
        """List library queries."""

    def query(self, query: Query) -> None:
        """Show the SQL of a library query."""

    def explanations(self, explanations: Sequence[Explanation], case: Mapping[str, str]) -> None:
        """Draw why a transfer has its verdicts, and which case it is about."""

    def text(self, text: str) -> None:
        """Show lines that were asked for."""

    def note(self, text: str) -> None:
        """Say something beside the results."""

    def fail(self, error: AuditscanError) -> None:
        """Tell what went wrong."""

    def fault(self, error: Exception) -> None:
        """Tell of an error that nobody foresaw."""


class Conversation:
    """A session, a screen, and how results look."""

    def __init__(
        self,
        session: Session,
        screen: Screen,
        look: Look,
        command: Callable[[Conversation, str], None],
        history: Path | None = None,
    ) -> None:
        self.session = session
        self.command = command
        """Runs a line that begins with a dot."""
        self.screen = screen
        self.look = look
        self.history = history
        """Where lines are kept; None where they are not."""

    def answer(self, typed: str) -> None:
        """Run what was typed and show what comes of it; the first error ends it and is told, not raised.

        Raises Leave where that was asked for, and LimitError where a statement took the session with it.
        """
        if is_bare(typed):
            typed = "." + typed.strip()
        try:
            for given in inputs(lines_of(typed)):
                self.run(given)
        except AuditscanError as error:
            if self.session.lost:
                raise
            self.screen.fail(error)
        except KeyboardInterrupt:
            self.screen.note("stopped: there is no answer")
        except (Leave, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 -- a fault of ours must not cost the person the session
            self.screen.fault(error)

    def answer_all(self, lines: Iterable[str], *, keep_going: bool) -> int:
        """Run lines that nobody watches, to their end or to the first error.

        Returns the exit code of the first error, else 0. Without `keep_going` that error is raised, and says
        which line it is about.
        """
        code = 0
        for given in inputs(lines):
            try:
                self.run(given)
            except Leave:
                break
            except AuditscanError as error:
                place = f"standard input, line {given.line}"
                error.where = f"{place}\n{error.where}" if error.where else place
                if not keep_going or self.session.lost:
                    raise
                self.screen.fail(error)
                code = code or int(error.exit_code)
        return code

    def run(self, given: Input) -> None:
        """Run one input; raises AuditscanError for what cannot be run, and Leave where that was asked for."""
        try:
            if given.command:
                self.command(self, given.text)
            else:
                self.run_sql(given.text)
        except MemoryError as error:
            # Met beside the engine, which may not have given back yet what a statement took.
            raise as_error(error, self.session.limits) from error

    def run_sql(self, text: str) -> None:
        """Run statements one after the other and show the rows of each."""
        for statement in self.session.read(text):
            for name in sorted(statement.parameters):
                raise UsageError(
                    f"the statement names the parameter ${name}, and nothing gives it a value here",
                    hint=f"write `set variable {name} = VALUE;` and then getvariable('{name}')",
                )
        begun = time.perf_counter()
        for result in self.session.run_each(text):
            self.show(result, begun)
            begun = time.perf_counter()

    def run_query(self, name: str, given: Mapping[str, object]) -> None:
        """Run a library query and show its rows."""
        begun = time.perf_counter()
        self.show(self.session.run_query(name, given), begun)

    def list_all(
        self, name: str, given: Mapping[str, object], *, only: tuple[str, ...] = (), under: str | None = None
    ) -> None:
        """Run a library query that says what there is, and show every row of it; see Look for `only` and `under`."""
        begun = time.perf_counter()
        self.show(self.session.run_query(name, given), begun, replace(self.look, rows=0, only=only, under=under))

    def show(self, result: Result, begun: float, look: Look | None = None) -> None:
        """Show the rows of a result, and the time since `begun` if somebody wants to know."""
        done = time.perf_counter()
        if result:
            look = look or replace(self.look)
            self.look.out = None
            with closing(result):
                done = self.screen.result(result, look)
        if self.look.timer:
            self.screen.note(f"{done - begun:.3f} s")
