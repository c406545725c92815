"""What is wrong with a policy and where, collected so that one run shows everything."""

from __future__ import annotations

from dataclasses import dataclass

from auditscan.errors import Problem, ProblemsError


class PolicyError(ProblemsError):
    """A policy that cannot be used; `problems` holds everything that is wrong with it."""

    subject = "the policy"
    advice = "correct the files; the README.md beside the policy tables says how they are written"


@dataclass(frozen=True, slots=True)
class Source:
    """One policy file, or a setting that is laid over like one."""

    path: str
    """As errors name it."""
    label: str
    """As `origin` names it: the bare file name in the base, folder and name in an overlay."""
    name: str
    """The file name, which says what the file holds."""
    place: int = 0
    """0 in the base; else which overlay it belongs to, counted from 1."""
    has_lines: bool = True
    """False for a setting, which is one line by nature."""

    @property
    def overlaid(self) -> bool:
        """Whether the file belongs to an overlay."""
        return self.place > 0

    def at(self, line: int = 1) -> Where:
        """Return a line of this file; line 1 where the whole file is meant, 0 where it has no lines."""
        return Where(self, line if self.has_lines else 0)


@dataclass(frozen=True, slots=True)
class Where:
    """A line of a policy file."""

    source: Source
    line: int

    @property
    def origin(self) -> str:
        """`file:line`, as the tables carry it; a setting is its own origin."""
        return f"{self.source.label}:{self.line}" if self.line else self.source.label


class Problems:
    """A growing list of problems, each told once."""

    def __init__(self) -> None:
        self._found: set[Problem] = set()
        self._files: set[str] = set()

    def add(self, where: Where, wrong: str, do: str) -> None:
        """Note what is wrong at a place and what its author should do."""
        self._found.add(Problem(where.source.path, where.line, f"{wrong}; {do}"))
        self._files.add(where.source.name)

    @property
    def files(self) -> frozenset[str]:
        """Names of the files with a problem so far."""
        return frozenset(self._files)

    def raise_if_any(self) -> None:
        """Raise PolicyError with everything collected, or return when there is nothing."""
        if self._found:
            raise PolicyError(self._found)
