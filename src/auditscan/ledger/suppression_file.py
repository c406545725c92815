"""The file of suppressions: what somebody has looked at, hidden for a stated reason and time.

Whatever is wrong in it is told at once, by line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from auditscan.errors import Problem, ProblemsError, UsageError
from auditscan.settings.toml_lines import line_of, read_toml
from auditscan.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from auditscan.library import Library
    from auditscan.settings.toml_lines import KeyPath

SELECTORS = ("finding", "rule", "transfer", "subject", "file", "state", "recipient")
"""What says which findings are meant; where several are given, all must hold."""
REQUIRED = ("reason", "owner", "until")
KEYS = ("id", "kind", *SELECTORS, "record", *REQUIRED, "max")

QUARANTINE = "quarantine"
"""The kind of a suppression of records that could not be read; no rule has this name."""


class SuppressionsError(ProblemsError):
    """A file of suppressions that cannot be used; `problems` holds everything that is wrong with it."""

    subject = "the file of suppressions"
    advice = "correct the file; `auditscan help findings` says how it is written"


@dataclass(frozen=True, slots=True)
class Suppression:
    """Findings that are hidden, for a reason, until a day."""

    id: str
    selectors: Mapping[str, str]
    """What they are known by, of `SELECTORS`; never empty."""
    reason: str
    owner: str
    until: date
    """The last day on which it holds."""
    max: int | None
    """How many findings it may meet; None: any number."""
    origin: str
    """File and line."""

    @property
    def is_of_quarantine(self) -> bool:
        """Whether it is about records that could not be read."""
        return self.selectors.get("rule") == QUARANTINE


def load(path: Path, library: Library, today: date) -> tuple[Suppression, ...]:
    """Return the suppressions of a file, in its order; those of a whole rule end within a year of `today`.

    Raises SuppressionsError with everything that is wrong, by line, a rule that `library` does not have among
    it, and UsageError for a file that cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(
            "there is no such file of suppressions",
            where=str(path),
            hint="make it, empty if there are none, or take the setting `suppressions` away",
        ) from error
    except OSError as error:
        raise UsageError("the file of suppressions cannot be read", where=str(path), why=error.strerror) from error
    values, places = read_toml(path, content, SuppressionsError, "given")
    reading = _Reading(path, places, {rule.name for rule in library.of("rule")}, today)
    found = reading.read(values)
    if reading.problems:
        raise SuppressionsError(reading.problems)
    return found


class _Reading:
    """Makes suppressions of the tables of one file, and collects what is wrong with them."""

    def __init__(self, path: Path, places: Mapping[KeyPath, list[int]], rules: set[str], today: date) -> None:
        self._path = path
        self._places = places
        self._rules = rules
        self._today = today
        self.problems: list[Problem] = []

    def read(self, values: Mapping[str, object]) -> tuple[Suppression, ...]:
        for key in values:
            if key != "suppress":
                self._wrong((key,), f"unknown key `{key}`; the file holds tables named [[suppress]] and nothing else")
        tables = values.get("suppress", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._wrong(("suppress",), "write each suppression as a table of its own: [[suppress]]")
            return ()
        found: dict[str, Suppression] = {}
        for place, table in enumerate(tables):
            made = self._one(place, table)
            if made is None:
                continue
            if made.id in found:
                first = found[made.id].origin.rpartition(":")[2]
                same = (
                    "give it another id" if "id" in table else f"it says again what line {first} says: give one an id"
                )
                self._wrong(
                    ("suppress", place, "id"), f"the suppression on line {first} is named `{made.id}` too; {same}"
                )
            found.setdefault(made.id, made)
        return tuple(found.values())

    def _wrong(self, key: KeyPath, message: str) -> None:
        self.problems.append(Problem(str(self._path), line_of(self._places, key), message))

    def _one(self, place: int, table: Mapping[str, object]) -> Suppression | None:
        """The suppression of one table; None where something in it is wrong."""
        before = len(self.problems)
        for key in table:
            if key not in KEYS:
                meant = did_you_mean(key.lower(), KEYS, most=2) or f"a suppression knows {', '.join(KEYS)}"
                self._wrong(("suppress", place, key), f"unknown key `{key}`; {meant}")
        for key, value in table.items():
            if reason := self._fault(key, value):
                self._wrong(("suppress", place, key), f"`{key}` {reason}")
        for key in REQUIRED:
            if key not in table:
                self._wrong(("suppress", place), f"`{key}` is missing: every suppression says {_WHY[key]}")
        if "kind" in table:
            self._check_quarantine(place, table)
        elif "record" in table:
            self._wrong(("suppress", place, "record"), '`record` goes with kind = "quarantine"')
        elif not any(key in table for key in SELECTORS):
            self._wrong(("suppress", place), f"it does not say which findings; give one of {', '.join(SELECTORS)}")
        if len(self.problems) == before:
            self._check_width(place, table)
        if len(self.problems) > before:
            return None
        selectors = {key: str(table[key]) for key in SELECTORS if key in table}
        named = dict(selectors)
        if "kind" in table:
            selectors["rule"] = QUARANTINE
            named = {"kind": QUARANTINE, **named}
            if "record" in table:
                selectors["subject"] = named["record"] = str(table["record"])
        until, most = table["until"], table.get("max")
        return Suppression(
            id=str(table.get("id") or ", ".join(f"{key} {value}" for key, value in named.items())),
            selectors=selectors,
            reason=str(table["reason"]).strip(),
            owner=str(table["owner"]).strip(),
            until=until if isinstance(until, date) else date.max,
            max=most if isinstance(most, int) else None,
            origin=f"{self._path}:{line_of(self._places, ('suppress', place))}",
        )

    def _check_quarantine(self, place: int, table: Mapping[str, object]) -> None:
        """Records that could not be read are known by their file, and nothing else is known of them."""
        if "file" not in table:
            self._wrong(("suppress", place), "it does not say which records; give `file`, and `record` for one of them")
        for key in SELECTORS:
            if key in table and key != "file":
                self._wrong(
                    ("suppress", place, key), f"`{key}` says nothing of a record that could not be read; take it out"
                )

    def _check_width(self, place: int, table: Mapping[str, object]) -> None:
        """Whatever hides what nobody has seen yet says how much it may hide, and for a year at most."""
        wide = _width(table)
        if wide is None:
            return
        if "max" not in table:
            self._wrong(
                ("suppress", place),
                f"it is about {wide}, so it needs `max`: write how many it meets today, so that more are seen",
            )
        last = _a_year_after(self._today)
        if isinstance(table["until"], date) and table["until"] > last:
            self._wrong(
                ("suppress", place, "until"),
                f"it is about {wide}, so `until` is {last} at the latest, a year from tonight: give an earlier day, "
                "and renew it when somebody has looked again",
            )

    def _fault(self, key: str, value: object) -> str | None:
        """What is wrong with the value of a key; None where nothing is."""
        if key == "rule" and isinstance(value, str) and value and value not in self._rules:
            meant = did_you_mean(value, self._rules, most=2) or "`auditscan queries` lists them"
            return f"names {value!r}, which is no rule; {meant}"
        fits, must = _MUST.get(key, (bool, ""))
        return f"must {must}" if must and not fits(value) else None


def _width(table: Mapping[str, object]) -> str | None:
    """Return what a suppression is about where it hides whatever comes; None where it names something."""
    every_file = not str(table.get("file", "")).strip("*?/")
    if "kind" in table:
        return None if "record" in table and not every_file else "all that a file may hold"
    if any(key in table for key in ("finding", "transfer", "subject")):
        return None
    if "rule" not in table:
        return "findings of every rule"
    narrowed = not every_file or "state" in table or "recipient" in table
    return None if narrowed else "a whole rule"


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


_WHY = {
    "reason": "why the findings need nobody's attention",
    "owner": "who answers for it",
    "until": "the last day on which it holds",
}


def _spelled(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


_MUST: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(
        ("id", "transfer", "subject", "file", "recipient", "rule", "reason", "owner"),
        (lambda value: isinstance(value, str) and bool(value.strip()), "be text, and not empty"),
    ),
    "finding": (
        _spelled("f-[0-9a-f]{16}"),
        "be the id of a finding: f- and 16 digits or letters, as `auditscan compare` shows it",
    ),
    "state": (_spelled("[A-Z]{2}|unknown"), "be the two letters of a state, such as CA, or unknown"),
    # Not a time of a day, which is a `date` too.
    "until": (lambda value: type(value) is date, "be a day, written as 2026-06-30 and without quotation marks"),
    **dict.fromkeys(
        ("max", "record"), (lambda value: type(value) is int and value >= 1, "be a whole number from 1 up")
    ),
    "kind": (lambda value: value == QUARANTINE, 'be "quarantine", for records that could not be read, or be left out'),
}
"""Key -> what its value must be, as a test and in words."""
