"""What was typed, cut into what can be run: statements that end with `;`, and lines that begin with a dot.

The engine parses SQL; here is only what it cannot be asked while somebody is typing: whether a statement has
ended, and inside which quotation mark the cursor stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PLAIN = re.compile(
    r"""(?P<blank>\s+ | --[^\n]*)
      | (?P<open>/\* | [eE]?' | " | \$(?:[^\W\d]\w*)?\$)
      | (?P<word>[\w$]+)
      | (?P<end>;)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"/\*|\*/")
# Two quotation marks in a row, which stand for one, close the text and open it again: the same in the end.
# Not where backslashes count: there the second half would be read by other rules.
_ESCAPED = re.compile(r"(?:[^'\\]|\\.|'')*", re.DOTALL)


class Reader:
    """Follows SQL as it is typed. Each text is looked at once, however many it takes until a statement ends."""

    def __init__(self) -> None:
        self.inside = ""
        """What is open: `'`, `e'`, `"`, `/*`, the tag of a `$tag$`; empty between them."""
        self.opened = 0
        """Where what is open was opened, counted in characters from the first text."""
        self.ended = False
        """Whether the last thing that is no comment is a `;`."""
        self.blank = True
        """Whether nothing but blanks and comments was there so far."""
        self._depth = 0
        self._seen = 0

    def feed(self, text: str) -> None:
        """Take in the next text: whole lines, for a comment mark cut in two is none."""
        place = 0
        while place < len(text):
            place = self._within(text, place) if self.inside else self._between(text, place)
        self._seen += len(text)

    def _between(self, text: str, place: int) -> int:
        match = _PLAIN.match(text, place)
        if match is None:
            return len(text)
        if match.lastgroup == "open":
            self.inside = match[0].lower() if match[0] in ("E'", "e'") else match[0]
            self.opened = self._seen + place
            self._depth = 1
        if match.lastgroup != "blank" and self.inside != "/*":
            self.ended = match.lastgroup == "end"
            self.blank = self.blank and self.ended
        return match.end()

    def _within(self, text: str, place: int) -> int:
        if self.inside == "/*":
            match = _COMMENT.search(text, place)
            if match is None:
                return len(text)
            self._depth += 1 if match[0] == "/*" else -1
            if not self._depth:
                self.inside = ""
            return match.end()
        if self.inside == "e'":
            match = _ESCAPED.match(text, place)
            end = match.end() if match else place
            mark = "'"
        else:
            mark = self.inside
            end = text.find(mark, place)
        if end < 0 or not text.startswith(mark, end):
            return len(text)
        self.inside = ""
        return end + len(mark)


def lines_of(text: str) -> list[str]:
    """Return the lines of typed text, each with its end. Only a line feed ends one: a string may hold the others."""
    return [f"{line}\n" for line in text.split("\n")]


def is_command(line: str) -> bool:
    """Whether a line, where a statement could begin, is a dot command."""
    return line.lstrip().startswith(".")


def is_bare(text: str) -> bool:
    """Whether a text is a command that people write without its dot, and that is no SQL."""
    return text.strip().removesuffix(";").rstrip().lower() in ("quit", "exit", "help")


def has_ended(text: str) -> bool:
    """Whether typed text can be run as it stands: it ends with `;`, or its last line is a command."""
    if is_bare(text):
        return True
    reader = Reader()
    command = False
    for line in lines_of(text):
        if reader.blank and not reader.inside and is_command(line):
            command, reader = True, Reader()
            continue
        reader.feed(line)
        if reader.ended and not reader.inside:
            command, reader = True, Reader()
        elif not reader.blank or reader.inside:
            command = False
    return command


@dataclass(frozen=True, slots=True)
class Input:
    """Something to run."""

    text: str
    line: int
    """The 1-based line on which it begins."""
    command: bool
    """Whether it is a dot command, and not SQL."""


def inputs(lines: Iterable[str]) -> Iterator[Input]:
    """Cut lines into inputs. Statements on one line stay together; what is left without a `;` is the last one."""
    reader, held, first = Reader(), list[str](), 1
    for number, line in enumerate(lines, start=1):
        if reader.blank and not reader.inside and is_command(line):
            yield Input(line.strip(), number, command=True)
            reader, held = Reader(), []
            continue
        if reader.blank and not reader.inside:
            # Blank lines and comments in front belong to nothing: what runs begins here.
            held, first = [], number
        reader.feed(line)
        held.append(line)
        if reader.ended and not reader.inside:
            if not reader.blank:
                yield Input("".join(held), first, command=False)
            reader, held = Reader(), []
    if reader.inside or not reader.blank:
        yield Input("".join(held), first, command=False)
