"""Every error that auditscan raises on purpose, and every exit code.

    AuditscanError                 1   something went wrong that we can put into words
    ├── UsageError                 2   the command line, a setting or an argument cannot be used as given
    ├── NoInputError               3   nothing to read where the user said there would be
    ├── ProblemsError              2   files somebody wrote for us have faults, all shown at once,
    │   │                              each a Problem: file, line, what is wrong
    │   ├── LibraryError           2   query files
    │   ├── PolicyError            2   policy tables (`auditscan.policy` defines it)
    │   └── SettingsError          2   `auditscan.toml` (`auditscan.settings.configfile` defines it)
    ├── SqlError                   2   SQL that the engine or an SQL session refuses
    ├── LimitError                20   a statement met a limit of its session: time or memory
    ├── StoreError                 1   the database could not be opened, written or upgraded
    ├── AccountingError            1   records in and records out do not add up
    ├── IncompleteError           20   the run finished, but did not look at everything
    └── ChangedError              21   the ledger is not what the last nightly scan left

The exit code travels with the class, so that the one place that ends the process
(`auditscan.cli.streams.fail`) needs no table of its own. This module imports nothing of the
package: everything else may import it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


class ExitCode(IntEnum):
    """How a run ended. Schedulers act on these numbers: they never change meaning."""

    CLEAN = 0
    """Complete, and no transfer is flagged; read-only commands end so whatever they show."""
    FAULT = 1
    """A fault of the program or of the machine it runs on."""
    USAGE = 2
    """The command line, a setting, a policy table or a query file cannot be used as given."""
    NO_INPUT = 3
    """No log to read: nothing was looked at, so nothing was found clean."""
    FLAGGED = 10
    """Complete; transfers are flagged, none of them worse than permitted or outside now."""
    REVIEW = 11
    """Complete; a transfer, or a record that was set aside, needs a person to look; none is enjoined now."""
    ENJOINED = 12
    """Complete; at least one transfer would be enjoined now."""
    INCOMPLETE = 20
    """Something was not read or a rule did not run. Wins over 10 to 12."""
    DIFFERS = 21
    """A receipt, a ledger, an answer file or a log is not what it was: `auditscan verify`, and a nightly scan that
    finds its ledger changed. Wins over 20."""
    INTERRUPTED = 130
    """Stopped from the keyboard (128 + SIGINT, as shells count it)."""


class AuditscanError(Exception):
    """An error that can be put into words for the person at the terminal.

    `message` says what happened, `where` names the file, line or option, `why` the cause when
    it is known, and `hint` what to do about it. Whatever is not known stays None.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.FAULT

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        why: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.why = why
        self.hint = hint

    def __str__(self) -> str:
        """Return the place and the message on one line, as compilers print them."""
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(AuditscanError):
    """The command line, a setting or an argument cannot be used as given."""

    exit_code = ExitCode.USAGE


class NoInputError(AuditscanError):
    """No log to read where the user said there would be one."""

    exit_code = ExitCode.NO_INPUT


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of one file."""

    path: str
    """The file, as the user would name it."""
    line: int
    """The 1-based line of the fault; 1 where the whole file is meant, 0 where there are no lines."""
    message: str
    """What is wrong, and what was expected."""

    def __str__(self) -> str:
        """`file:line: message`, which editors turn into a link."""
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


class ProblemsError(AuditscanError):
    """Faults in files that somebody wrote for us, ordered by file and line.

    Collected and raised together: correcting one fault a run, to be told of the next, wastes
    the time of the person who has to do it.
    """

    exit_code = ExitCode.USAGE
    subject: ClassVar[str] = "the input"
    advice: ClassVar[str] = "correct the files and run again"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems))
        count = len(self.problems)
        super().__init__(
            f"{self.subject} has {count} {'problem' if count == 1 else 'problems'}",
            why="\n".join(str(problem) for problem in self.problems),
            hint=self.advice,
        )

    def __str__(self) -> str:
        """Return the count, then one line a problem: a traceback shows everything too."""
        return "\n".join([f"{self.message}:", *(f"  {problem}" for problem in self.problems)])


class LibraryError(ProblemsError):
    """Query files that cannot be used."""

    subject = "the query library"
    advice = "correct the files; queries/README.md says how a query file is written"


class SqlError(AuditscanError):
    """SQL that the engine cannot run, or that an SQL session does not run."""

    def __str__(self) -> str:
        """Return what is wrong, and under it the line with its mark."""
        return f"{self.message}\n{self.where}" if self.where else self.message

    exit_code = ExitCode.USAGE


class LimitError(AuditscanError):
    """A statement took more time or memory than its session allows: there is no answer."""

    exit_code = ExitCode.INCOMPLETE


class StoreError(AuditscanError):
    """The database could not be opened, written or upgraded."""


class AccountingError(AuditscanError):
    """Records read do not equal transfers + not-transfers + duplicates + quarantined."""


class UnsureWarning(UserWarning):
    """A file is in place and whole, but it may not last or not be taken: a power cut, a court that limits its size."""


class IncompleteError(AuditscanError):
    """The run ended without looking at everything it was given."""

    exit_code = ExitCode.INCOMPLETE


class ChangedError(AuditscanError):
    """A ledger is not what the last nightly scan left: nothing was written to it."""

    exit_code = ExitCode.DIFFERS
