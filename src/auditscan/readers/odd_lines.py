"""Lines of a block that have to be looked at one by one: the others are read as they stand."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from auditscan.readers.blocks import Block

MOST_ODD = 4
"""One line of so many may be odd, and any may be blank: where more are, looking at all of them takes no longer."""

_STAND_IN = b"{}\n"


class Line(NamedTuple):
    """A line without its end."""

    number: int
    """In its block, from 1."""
    offset: int
    """Where in the file it begins."""
    raw: bytes


def lines_of(content: bytes, offset: int = 0) -> Iterator[Line]:
    """The lines of a block that begins at `offset`, one after the other: all at once they take far more room."""
    for number, line in enumerate(io.BytesIO(content), 1):
        yield Line(number, offset, line.removesuffix(b"\n"))
        offset += len(line)


class OddLines:
    """The lines of a block that were taken out of it. In place of each stands an empty object.

    Rows are lines as the engine counts them: from 1, and without blank ones.
    """

    def __init__(self, block: Block) -> None:
        self._block = block
        self._content = b""
        """What the block held, once somebody asked."""
        self._lines = 0
        self._all = False
        self.numbers: list[int] = []
        """Which they are, in their order."""
        self.stand_ins = 0
        """How many bytes stand in the block in their place."""

    def __bool__(self) -> bool:
        """Whether there are any."""
        return self._all or bool(self.numbers)

    @property
    def content(self) -> bytes:
        """What the block held before."""
        if not self._content:
            self._content = self._block.text()
        return self._content

    @property
    def lines(self) -> int:
        """How many lines the block has."""
        self._lines = self._lines or self.content.count(b"\n")
        return self._lines

    def take_all(self) -> None:
        """Take out all lines; the block stays as it is."""
        self._all = bool(self.content)

    def take(self, rows: Collection[int], of: int) -> bool:
        """Take out lines by their rows, and with them blank ones; the engine has read `of` rows.

        False, and the block as it was, where these are not as many as there are, or where too many are odd.
        """
        before, odd = set(self.numbers), set(rows)
        if odd <= before and of == self.lines:
            return True
        if len(odd) * MOST_ODD > self.lines:
            return False
        taken: list[int] = []
        pieces: list[bytes | memoryview] = []
        row = at = begin = 0
        view = memoryview(self.content)
        for number, line in enumerate(io.BytesIO(self.content), 1):
            blank = line.isspace() and number not in before
            row += not blank
            if blank or number in before or row in odd:
                taken.append(number)
                pieces += view[begin:at], _STAND_IN
                begin = at + len(line)
            at += len(line)
        if row != of:
            return False
        self.numbers, self.stand_ins = taken, len(taken) * len(_STAND_IN)
        self._block.fill(*pieces, view[begin:])
        return True

    def add(self, numbers: Collection[int]) -> bool:
        """Count more lines as taken out, which stand in the block; False where too many are."""
        if numbers and len(numbers) * MOST_ODD > self.lines:
            return False
        self.numbers = sorted([*self.numbers, *numbers])
        return True

    def each(self, offset: int) -> Iterator[Line]:
        """Those that were taken out of a block that begins at `offset`."""
        if self._all:
            yield from lines_of(self.content, offset)
            return
        taken = set(self.numbers)
        for number, line in enumerate(io.BytesIO(self.content), 1):
            if number in taken:
                yield Line(number, offset, line.removesuffix(b"\n"))
            offset += len(line)
