"""A block without the lines that have to be looked at one by one: the others are read as they stand."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from auditscan.readers.blocks import Block

__all__ = ["Line", "OddLines", "lines_of"]

_MOST = 4
"""One line of so many may be odd: where more are, taking them out is no faster than looking at all."""


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
    """The lines of a block that were taken out of it.

    Rows are the lines that are left in the block, counted from 1 as the engine reads them: without blank ones.
    """

    def __init__(self, block: Block) -> None:
        self._block = block
        self._content = b""
        """What the block held, once a line was taken out."""
        self._taken: list[int] = []
        """Their numbers, in their order."""
        self._all = False
        self._lines = 0

    def __len__(self) -> int:
        """How many there are, blank ones included."""
        return self.lines if self._all else len(self._taken)

    @property
    def content(self) -> bytes:
        """What the block held before."""
        if not self._content:
            self._content = self._block.text()
        return self._content

    @property
    def lines(self) -> int:
        """How many lines the block had."""
        self._lines = self._lines or self.content.count(b"\n")
        return self._lines

    def take_all(self) -> None:
        """Take out all lines; the block stays as it is."""
        self._all = bool(self.content)

    def take(self, rows: Collection[int], of: int) -> bool:
        """Take out lines by their rows, and with them blank ones; the engine has read `of` rows.

        False, and the block as it was, where those are not as many as are left, or where too many are odd.
        """
        if len(rows) * _MOST > self.lines:
            return False
        before, rows = set(self._taken), set(rows)
        taken, runs = [], [0]
        row = at = 0
        for number, line in enumerate(io.BytesIO(self.content), 1):
            odd = number in before or not line.strip()
            if not odd:
                row += 1
                odd = row in rows
            if odd:
                taken.append(number)
                runs += at, at + len(line)
            at += len(line)
        if row != of or len(taken) * _MOST > self.lines:
            return False
        self._taken = taken
        view, runs = memoryview(self.content), [*runs, at]
        self._block.fill(*(view[begin:end] for begin, end in zip(runs[::2], runs[1::2], strict=True)))
        return True

    def add(self, lines: Collection[int]) -> bool:
        """Count more lines as taken out, by their numbers, which the block still holds; False where too many are."""
        if lines and (len(lines) + len(self._taken)) * _MOST > self.lines:
            return False
        self._taken = sorted([*self._taken, *lines])
        return True

    def each(self, offset: int) -> Iterator[Line]:
        """Those that were taken out of a block that begins at `offset`."""
        lines = lines_of(self.content, offset)
        if self._all:
            return lines
        taken = set(self._taken)
        return (line for line in lines if line.number in taken)

    def gaps(self) -> list[dict[str, int]]:
        """By how much rows have to be shifted to have the numbers of their lines: each so many rows before it."""
        shifts = {0: 0}
        for shift, number in enumerate(self._taken, 1):
            shifts[number - shift] = shift
        return [{"source_id": 0, "rows_before": rows, "shift": shift} for rows, shift in shifts.items()]
