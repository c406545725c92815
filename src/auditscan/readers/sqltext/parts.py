"""One statement as its tokens, and as what its head tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.readers.sqltext.tokens import unquoted

if TYPE_CHECKING:
    from auditscan.readers.sqltext.tokens import Token

_NO_COLUMN = frozenset(("PRIMARY", "UNIQUE", "CONSTRAINT", "FOREIGN", "CHECK", "INDEX", "KEY", "LIKE", "PERIOD"))


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, as far as its head tells."""

    kind: str
    direction: str
    query: str = ""
    """The query in it, as SQL; empty if there is none to follow."""
    table: str = ""
    """The table it puts out whole, or shares."""
    creates: str = ""
    """The table it makes from its query, or without one."""
    names: tuple[str, ...] = ()
    """The columns that the table it makes is given by name."""
    fills: str = ""
    """The table that it puts rows into, or changes."""
    whole: str = ""
    """All of it, as SQL, where a table that it fills must be followed."""
    view: bool = False
    """Whether what it makes is read anew each time."""
    may_exist: bool = False
    """Whether the table it makes may have been there before, with anything in it."""
    let_in: str | None = None
    """Who is let in by a grant or a share, as written."""
    file: str | None = None
    inner: str = ""
    """A statement it carries as text."""
    problem: str = ""


class Parts:
    """The tokens of one statement, with what is asked of them."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.words = [token.upper for token in tokens]

    def at(self, place: int, *words: str) -> bool:
        """Whether these words stand from that place on."""
        return self.words[place : place + len(words)] == list(words)

    def find(self, *words: str, start: int = 0) -> int:
        """The place of the first of the words outside parentheses, or -1."""
        depth = 0
        for place in range(start, len(self.tokens)):
            word = self.words[place]
            if depth == 0 and word in words:
                return place
            depth += (word == "(") - (word == ")")
        return -1

    def closing(self, place: int) -> int:
        """The place of the parenthesis that closes the one at `place`."""
        depth = 0
        for here in range(place, len(self.tokens)):
            depth += (self.words[here] == "(") - (self.words[here] == ")")
            if depth == 0:
                return here
        return len(self.tokens) - 1

    def sql(self, start: int, end: int | None = None) -> str:
        """The text from one token up to another, which is left out."""
        last = len(self.tokens) if end is None else end
        return self.text[self.tokens[start].start : self.tokens[last - 1].end] if start < last else ""

    def columns(self, place: int) -> tuple[list[str], int]:
        """The names in the list of columns that begins there, and the place after it; none if there is no list."""
        if self.words[place : place + 1] != ["("] or self.words[place + 1 : place + 2] in (["SELECT"], ["WITH"], ["("]):
            return [], place
        end, depth, names = self.closing(place), 0, []
        for here in range(place, end):
            depth += (self.words[here] == "(") - (self.words[here] == ")")
            if depth == 1 and self.words[here] in ("(", ",") and self.words[here + 1] not in _NO_COLUMN:
                names.append(unquoted(self.tokens[here + 1]))
        return names, end + 1

    def path(self, place: int) -> tuple[str, int]:
        """A file, stage or table name, quoted or not, and the place after it."""
        if place >= len(self.tokens):
            return "", place
        if self.tokens[place].kind == "string":
            return unquoted(self.tokens[place]), place + 1
        end = place + 1
        while end < len(self.tokens) and self.tokens[end].start == self.tokens[end - 1].end:
            if self.words[end] == "(" or self.words[end] == ")":
                break
            end += 1
        return self.sql(place, end), end
