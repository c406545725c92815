"""What the engine says when it refuses SQL, put into sentences for the person who wrote it.

The engine's own words stay where they help (which column, which line); where they speak of settings and
file systems that the reader never touched, a sentence takes their place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.errors import AuditscanError, LimitError, SqlError
from auditscan.session import advice

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditscan.session.advice import Named


@dataclass(frozen=True, slots=True)
class Limits:
    """What one statement of a session may take."""

    memory: str = "2GB"
    """As the engine reads it: a number and KB, MB, GB, KiB, MiB or GiB. Nothing is put on disk."""
    seconds: float = 300.0
    """Until the last row is taken; 0 is no limit."""
    threads: int | None = None
    """None is one a core."""


ONLY_READS = "an SQL session reads the tables of its database, and nothing else"

_KIND = re.compile(r"^(?:ArrowArrayStream::\w+\(\) failed \(\d+\): )?(?:(?P<kind>[A-Za-z][\w ]*?) Error: )?", re.DOTALL)
_PLACE = re.compile(r"^LINE \d+: .*(?:\n *\^+)?", re.MULTILINE)

_FILE_AS_TABLE = re.compile(r"Table with name (\S*[/.:]\S*) does not exist")

_SENTENCES: tuple[tuple[str, str, str | None], ...] = (
    (
        "Cannot change configuration option",
        "the settings of this session are locked",
        "the limits are options: --memory, --timeout, --threads",
    ),
    (
        "the configuration has been locked",
        "the settings of this session are locked",
        "the limits are options: --memory, --timeout, --threads",
    ),
    (
        "disabled by configuration",
        "no file, folder or address can be reached from this session",
        "scan logs into the database with `auditscan scan`; `--unsafe` lifts the lock",
    ),
    (
        "disabled through configuration",
        "no extension can be loaded in this session",
        "everything auditscan needs is built in; `--unsafe` lifts the lock",
    ),
    (
        "attached in read-only mode",
        "the database is open for reading only",
        "a scan changes it: `auditscan scan --db FILE`",
    ),
)
"""Part of the engine's message -> what it means here, and what to do."""


def as_error(
    error: BaseException,
    limits: Limits,
    statement: str | None = None,
    first_line: int = 1,
    named: Callable[[], Named | None] = lambda: None,
) -> AuditscanError:
    """Return the error of a statement in our words.

    `statement` is its text, and `first_line` where that begins in the text it came in: a place is told there.
    `named` is asked for what there is, where a name or a type does not fit.
    """
    text = str(error)
    kind = (match["kind"] or "") if (match := _KIND.match(text)) else ""
    said = text[match.end() :] if match else text
    if "maximum execution time" in text:
        return too_late(limits)
    if kind == "Out of Memory" or isinstance(error, MemoryError):
        return LimitError(
            f"the statement needs more than the {limits.memory} of memory that it may take",
            why=said.splitlines()[0] if said else None,
            hint="ask for less, or give it more with --memory, as in --memory 8GB; nothing is put on disk",
        )
    if kind == "Catalog" and (name := _FILE_AS_TABLE.search(said)):
        return SqlError(
            f"there is no table {name[1]}, and no file can be read from this session",
            where=_where(said, statement, first_line),
            hint="scan logs into the database with `auditscan scan`; `show tables` lists what there is",
        )
    for part, sentence, hint in _SENTENCES:
        if part in said:
            return SqlError(sentence, where=_where(said, statement, first_line), why=said.splitlines()[0], hint=hint)
    tip = advice.advice(said, statement or "", named) if kind in ("Binder", "Catalog", "Conversion") else None
    place = _PLACE.search(said)
    before = (said[: place.start()] if place else said).strip().splitlines() or [kind or "the engine gives no reason"]
    return SqlError(
        shortened(before[0], 500),
        where=_where(said, statement, first_line),
        # What the engine proposes helps nobody who meant something else.
        why=None if tip else shortened("\n".join(line.strip() for line in before[1:] if line.strip()), 1000) or None,
        hint=tip or _hint(kind, said),
    )


def too_late(limits: Limits) -> LimitError:
    """Return the error of a statement that met its time limit."""
    return LimitError(
        f"stopped after {limits.seconds:g} seconds: the statement is not done, and there is no answer",
        hint="ask for less, or give it more time with --timeout SECONDS (0: no limit)",
    )


def not_ended(limits: Limits, *, by_hand: bool) -> LimitError:
    """Return the error of a statement that went on when it was stopped, by hand or for its time."""
    when = "it was stopped" if by_hand else f"its {limits.seconds:g} seconds were over"
    return LimitError(
        f"the statement went on after {when}; so the session has ended, and there is no answer",
        why="some calls of functions, and the planning of some statements, cannot be interrupted",
        hint="ask for less at once",
    )


def shortened(statement: str, most: int = 200) -> str:
    """Return the text of a statement, cut where it would fill the screen."""
    statement = statement.strip()
    return statement if len(statement) <= most else statement[: most - 1] + "…"


def _where(said: str, statement: str | None, first_line: int) -> str | None:
    place = _PLACE.search(said)
    if place:
        shown, *caret = place[0].splitlines()
        label, _, code = shown.partition(": ")
        # The engine counts from text of its own that it puts in front: count anew, in lines as wide as before.
        lines = (statement or "").splitlines()
        found = [number for number, line in enumerate(lines, start=first_line) if code.strip(". ") in line]
        if len(found) == 1:
            label = f"LINE {found[0]}".ljust(len(label))
        return "\n".join(line[:400] for line in (f"{label}: {code}", *caret))
    return shortened(statement) if statement else None


def _hint(kind: str, said: str) -> str | None:
    if "unterminated" in said:
        return "a quotation mark or a comment is open at the end"
    if kind == "Catalog" and "Table" in said:
        return "`show tables` lists what there is"
    return None
