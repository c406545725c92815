"""What is wrong with a policy and where, collected so that one run shows everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.errors import Problem, ProblemsError

if TYPE_CHECKING:
    from pathlib import Path


class PolicyError(ProblemsError):
    """A policy that cannot be used; `problems` holds everything that is wrong with it."""

    subject = "the policy"
    advice = "correct the files; the README.md beside the policy tables says how they are written"


@dataclass(frozen=True, slots=True)
class Source:
    """One policy file."""

    path: Path
    """As errors name it."""
    label: str
    """As `origin` names it: the bare file name in the base, folder and name in an overlay."""

    @property
    def name(self) -> str:
        """The file name, which says what the file holds."""
        return self.path.name

    @property
    def overlaid(self) -> bool:
        """Whether the file belongs to an overlay."""
        return self.label != self.name

    def at(self, line: int = 1) -> Where:
        """Return a line of this file; line 1 where the whole file is meant."""
        return Where(self, line)


@dataclass(frozen=True, slots=True)
class Where:
    """A line of a policy file."""

    source: Source
    line: int

    @property
    def origin(self) -> str:
        """`file:line`, as the tables carry it."""
        return f"{self.source.label}:{self.line}"


class Problems:
    """A growing list of problems, each told once."""

    def __init__(self) -> None:
        self._found: set[Problem] = set()
        self._files: set[str] = set()

    def add(self, where: Where, wrong: str, do: str) -> None:
        """Note what is wrong at a place and what its author should do."""
        self._found.add(Problem(str(where.source.path), where.line, f"{wrong}; {do}"))
        self._files.add(where.source.name)

    @property
    def files(self) -> frozenset[str]:
        """Names of the files with a problem so far."""
        return frozenset(self._files)

    def raise_if_any(self) -> None:
        """Raise PolicyError with everything collected, or return when there is nothing."""
        if self._found:
            raise PolicyError(self._found)
