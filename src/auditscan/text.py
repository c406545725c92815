"""Text written by others, made fit to be shown; and how counts and days are written."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

_SPELLED_OUT = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"))
"""Categories of what moves the cursor, turns the direction of writing, shows as nothing, or as a blank that is none."""

_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff"
    "\ufdd0-\ufdef\ufffe\uffff]"
)
"""What shows as nothing, though its category is that of letters and marks, or is none, for which XML has no place."""


def printable(text: str) -> str:
    r"""Return text with characters spelled out that are not seen, or do more than be seen, as in `\x1b`.

    Logs are written by others: an escape sequence in a file name must not recolor, overwrite or
    reorder the line that reports it, and two ids must not look alike that are not.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape").decode()
        if character != " " and (unicodedata.category(character) in _SPELLED_OUT or _INVISIBLE.match(character))
        else character
        for character in text
    )


def printable_cell(text: str) -> str:
    """Return text for the cell of a table: blanks at its ends are spelled out too, or two texts would look alike."""
    inner = text.strip(" ")
    if len(inner) == len(text):
        return printable(text)
    before = len(text) - len(text.lstrip(" ")) if inner else 0
    return "\\x20" * before + printable(inner) + "\\x20" * (len(text) - len(inner) - before)


def printable_lines(text: str) -> str:
    """Return text of several lines with each of them made fit to be shown."""
    return "\n".join(map(printable, text.split("\n")))


def counted(value: int, noun: str, many: str | None = None) -> str:
    """Return `1 transfer`, `2 transfers`; `many` for plurals that are not made with an s."""
    return f"{value:,} {noun if value == 1 else many or noun + 's'}"


def joined(words: Sequence[str], last: str = "and") -> str:
    """Return `a, b and c`, or with another word before the last."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def long_day(day: date) -> str:
    """Return 6 January 2026."""
    return f"{day.day} {day:%B} {day.year}"


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text, each with the blanks behind it."""
    begin = 0
    for place in range(1, len(text)):
        if text[place] not in " \n" and text[place - 1] == " ":
            yield text[begin:place]
            begin = place
    yield text[begin:]


def literal(text: object) -> str:
    """Return text or a path as an SQL string, for statements that take no parameters: ATTACH, SET, COPY, COMMENT."""
    return "'" + str(text).replace("'", "''") + "'"


def did_you_mean(name: str, names: Iterable[str], before: str = "", *, most: int = 3) -> str:
    """Return the question whether one of the `most` names nearest to `name` was meant; empty where none is near.

    `before` is what a name has in front where it is typed.
    """
    import difflib

    near = difflib.get_close_matches(name, list(names), n=most)
    return f"did you mean {' or '.join(before + one for one in near)}?" if near else ""
