"""The file of suppressions: findings that somebody has looked at, hidden for a stated reason and time.

What is hidden is still counted, and shown apart. A suppression that is past its day, meets nothing or meets more
than it may is a problem of the run, never a quiet one: it was written about a world that is no more.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from auditscan.config import near
from auditscan.errors import Problem, ProblemsError, UsageError
from auditscan.toml_lines import error_line, key_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from auditscan.library import Library
    from auditscan.store import Store

__all__ = ["Suppression", "SuppressionsError", "apply", "load", "unsuppressed_verdicts"]

SELECTORS = ("finding", "rule", "transfer", "subject", "file", "state", "recipient")
"""What says which findings are meant; where several are given, all must hold."""
REQUIRED = ("reason", "owner", "until")
KEYS = ("id", *SELECTORS, *REQUIRED, "max")

_FINDING = re.compile(r"f-[0-9a-f]{16}")
_STATE = re.compile(r"[A-Z]{2}|unknown")


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


# --- the file ------------------------------------------------------------------------------------


def load(path: Path, library: Library) -> tuple[Suppression, ...]:
    """Return the suppressions of a file, in its order.

    Raises SuppressionsError with everything that is wrong, by line, a rule that `library` does not have among
    it, and UsageError for a file that cannot be read.
    """
    text = _text(path)
    places = key_lines(text)
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SuppressionsError(_no_toml(path, text, error)) from error
    reading = _Reading(
        path, {key: lines[0] for key, lines in places.items()}, {rule.name for rule in library.of("rule")}
    )
    found = reading.read(values)
    if reading.problems:
        raise SuppressionsError(reading.problems)
    return found


def _text(path: Path) -> str:
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
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SuppressionsError([Problem(str(path), line, "this is not UTF-8 text")]) from error


def _no_toml(path: Path, text: str, error: Exception) -> list[Problem]:
    twice = [
        Problem(str(path), lines[1], f"`{key[-1]}` is given twice, first on line {lines[0]}")
        for key, lines in key_lines(text).items()
        if len(lines) > 1
    ]
    return twice or [Problem(str(path), error_line(str(error), text), f"this is not TOML: {error}")]


class _Reading:
    """Makes suppressions of the tables of one file, and collects what is wrong with them."""

    def __init__(self, path: Path, places: Mapping[tuple[str | int, ...], int], rules: set[str]) -> None:
        self._path = path
        self._places = places
        self._rules = rules
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

    def _wrong(self, key: tuple[str | int, ...], message: str) -> None:
        self.problems.append(Problem(str(self._path), self._line(key), message))

    def _line(self, key: tuple[str | int, ...]) -> int:
        """The line of a key, or of the table it belongs to."""
        return next((self._places[key[:size]] for size in range(len(key), 0, -1) if key[:size] in self._places), 1)

    def _one(self, place: int, table: Mapping[str, object]) -> Suppression | None:
        """The suppression of one table; None where something in it is wrong."""
        before = len(self.problems)
        for key in table:
            if key not in KEYS:
                close = " or ".join(near(key.lower(), KEYS))
                meant = f"did you mean {close}?" if close else f"a suppression knows {', '.join(KEYS)}"
                self._wrong(("suppress", place, key), f"unknown key `{key}`; {meant}")
        for key, value in table.items():
            if reason := self._fault(key, value):
                self._wrong(("suppress", place, key), f"`{key}` {reason}")
        for key in REQUIRED:
            if key not in table:
                self._wrong(("suppress", place), f"`{key}` is missing: every suppression says {_WHY[key]}")
        if not any(key in table for key in SELECTORS):
            self._wrong(("suppress", place), f"it does not say which findings; give one of {', '.join(SELECTORS)}")
        if len(self.problems) > before:
            return None
        selectors = {key: str(table[key]) for key in SELECTORS if key in table}
        until, most = table["until"], table.get("max")
        return Suppression(
            id=str(table.get("id") or ", ".join(f"{key} {value}" for key, value in selectors.items())),
            selectors=selectors,
            reason=str(table["reason"]).strip(),
            owner=str(table["owner"]).strip(),
            until=until if isinstance(until, date) else date.max,
            max=most if isinstance(most, int) else None,
            origin=f"{self._path}:{self._line(('suppress', place))}",
        )

    def _fault(self, key: str, value: object) -> str | None:
        """What is wrong with the value of a key; None where nothing is."""
        if key == "rule" and isinstance(value, str) and value and value not in self._rules:
            close = " or ".join(near(value, self._rules))
            return f"names {value!r}, which is no rule" + (
                f"; did you mean {close}?" if close else "; `auditscan queries` lists them"
            )
        return _FAULTS[key](value) if key in _FAULTS else None


_WHY = {
    "reason": "why the findings need nobody's attention",
    "owner": "who answers for it",
    "until": "the last day on which it holds",
}


def _no_text(value: object) -> str | None:
    if isinstance(value, str) and value.strip():
        return None
    return "must be text, and not empty"


def _no_day(value: object) -> str | None:
    # Not a time of a day, which is a `date` too.
    return None if type(value) is date else "must be a day, written as 2026-06-30 and without quotation marks"


def _no_maximum(value: object) -> str | None:
    return None if type(value) is int and value >= 1 else "must be a whole number from 1 up"


def _no_finding(value: object) -> str | None:
    fits = isinstance(value, str) and _FINDING.fullmatch(value)
    return None if fits else "must be the id of a finding: f- and 16 digits or letters, as `auditscan compare` shows it"


def _no_state(value: object) -> str | None:
    fits = isinstance(value, str) and _STATE.fullmatch(value)
    return None if fits else "must be the two letters of a state, such as CA, or unknown"


_FAULTS: Mapping[str, Callable[[object], str | None]] = {
    **dict.fromkeys(("id", "transfer", "subject", "file", "recipient", "rule", "reason", "owner"), _no_text),
    "finding": _no_finding,
    "state": _no_state,
    "until": _no_day,
    "max": _no_maximum,
}


# --- the ledger ----------------------------------------------------------------------------------

_COLUMNS = {
    "suppression_id": "varchar",
    "finding_id": "varchar",
    "rule": "varchar",
    "transfer_id": "varchar",
    "subject": "varchar",
    "source_file": "varchar",
    "state": "varchar",
    "recipient_agency": "varchar",
    "reason": "varchar",
    "owner": "varchar",
    "until_day": "date",
    "max_findings": "bigint",
    "origin": "varchar",
}
"""Of `asked_suppressions`, in the order of a row."""


def apply(store: Store, suppressions: Sequence[Suppression], scan_id: int, as_of: date) -> list[str]:
    """Write down what is suppressed from a scan on; return a sentence for each suppression that is not as it should be.

    To be called once the findings of that scan, the last one of the ledger, stand in `finding_spans`. A
    suppression past its day hides nothing, and neither does one that meets more findings than its `max`: somebody
    has to look at what it does now.
    """
    if not suppressions and not store.one("select count(*) from suppression_spans where until_scan is null"):
        return []
    current = [each for each in suppressions if each.until >= as_of]
    store.run("asked_suppressions")
    store.insert("asked_suppressions", _COLUMNS, [_row(each) for each in current])
    hits = dict(store.run("suppression_hits", rules_of_any_scope=anywhere(store)))
    in_force = [each.id for each in current if each.max is None or hits[each.id] <= each.max]
    store.run("write_suppressions", scan_id=scan_id, in_force=in_force)
    return [said for each in suppressions if (said := _problem(each, hits.get(each.id, 0), as_of))]


def unsuppressed_verdicts(store: Store) -> list[dict[str, Any]]:
    """Return the rows of `summary_verdicts` without what is hidden.

    A transfer is hidden where it has findings to act on, and all of them are suppressed.
    """
    return store.table("unsuppressed_verdicts", rules_of_any_scope=anywhere(store))


def anywhere(store: Store) -> list[str]:
    """Return the rules that find things out of scope too."""
    return [rule.name for rule in store.library.of("rule") if rule.scope == "any"]


def _row(suppression: Suppression) -> tuple[object, ...]:
    return (
        suppression.id,
        *(suppression.selectors.get(name) for name in SELECTORS),
        suppression.reason,
        suppression.owner,
        suppression.until,
        suppression.max,
        suppression.origin,
    )


def _problem(suppression: Suppression, hits: int, as_of: date) -> str | None:
    """The sentence for a suppression that is not as it should be; None for one that is."""
    named = f"{suppression.origin}: the suppression `{suppression.id}` of {suppression.owner}"
    if suppression.until < as_of:
        return (
            f"{named} ended on {suppression.until} and hides nothing any more: "
            "look at what it hid, then give it a later day or take it out"
        )
    if not hits:
        return f"{named} meets no finding: take it out, or correct what it is about"
    if suppression.max is not None and hits > suppression.max:
        return (
            f"{named} meets {hits:,} findings and may meet {suppression.max:,}, so it hides none of them: "
            "look at the new ones, then narrow it or raise its max"
        )
    return None
