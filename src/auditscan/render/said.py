"""What is said on a page, taken down instead of drawn: for documents that break their lines themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.render.page import INDENT, Page, cells_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table
    from rich.tree import Tree


@dataclass(frozen=True, slots=True)
class Heading:
    """The begin of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph."""

    text: str
    is_item: bool = False
    """Whether it stands indented below the one before."""
    is_strong: bool = False
    depth: int = 0
    """How deep it is indented, in cells of a terminal."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Lines of characters that make a picture only in letters of one width."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    heads: tuple[str, ...]
    numbers: tuple[bool, ...]
    """Of each column, whether it holds figures: its cells are counts and shares then, and no words of a log."""
    rows: tuple[tuple[str, ...], ...]
    ends: tuple[int, ...] = ()
    """Behind how many rows each part of it ends; what stands behind the last end sums up the others."""

    @property
    def sums(self) -> int:
        """How many of the rows, the last ones, sum up the others."""
        return len(self.rows) - self.ends[-1] if self.ends else 0


Block = Heading | Line | Picture | Grid

WIDE = 200
"""Cells a line, of which none has to be cut."""


class Said(Page):
    """A page of which each part is taken down: `joint` stands between the lines of a cell."""

    def __init__(self, *, width: int = WIDE, side_by_side: bool = False, joint: str = "; ") -> None:
        self.width = width
        self.side_by_side = side_by_side
        self.blocks: list[Block] = []
        self._joint = joint

    @property
    def lines_said(self) -> list[Line]:
        """The paragraphs alone."""
        return [block for block in self.blocks if isinstance(block, Line)]

    def heading(self, title: str) -> None:
        """Take the begin of a section down."""
        self.blocks.append(Heading(title))

    def say(self, text: str | Text, style: str = "", *, indent: int = INDENT, hang: int = 0) -> None:
        """Take a paragraph down; indented as much as all in a section it is an item only where its lines hang."""
        plain, own = (text, "") if isinstance(text, str) else (text.plain, str(text.style))
        first = not any(isinstance(block, Heading) for block in self.blocks)
        is_item = indent > (0 if first else INDENT) or bool(indent and hang)
        self.blocks.append(Line(plain.strip(), is_item, "bold" in f"{style} {own}".split(), indent))

    def blank(self) -> None:
        """Leave nothing free: what is taken down has no lines yet."""

    def lines(self, lines: Iterable[Text]) -> None:
        """Take a picture down."""
        self.blocks.append(Picture(tuple(line.plain.rstrip() for line in lines)))

    def table(self, table: Table, most: int | None = None) -> None:  # noqa: ARG002 -- as a page
        """Take a table down, without columns that have neither a head nor anything in them."""
        heads, rows = cells_of(table, self._joint)
        kept = [place for place, head in enumerate(heads) if head or any(row[place].plain.strip() for row in rows)]
        ends = [place for place, row in enumerate(table.rows, start=1) if row.end_section]
        self.blocks.append(
            Grid(
                heads=tuple(heads[place] for place in kept),
                numbers=tuple(table.columns[place].justify == "right" for place in kept),
                rows=tuple(tuple(row[place].plain.strip() for place in kept) for row in rows),
                ends=tuple(ends),
            )
        )

    def tree(self, tree: Tree) -> None:
        """Take a tree down: its root as a heading, each branch as an item as deep as it stands."""
        self.blocks.append(Heading(_plain(tree)))
        self._branches(tree, 1)

    def _branches(self, tree: Tree, depth: int) -> None:
        for branch in tree.children:
            is_strong = isinstance(branch.label, Text) and "bold" in str(branch.label.style)
            self.blocks.append(Line(_plain(branch), is_item=True, is_strong=is_strong, depth=depth))
            self._branches(branch, depth + 1)

    def room(self, table: Table, most: int) -> int:  # noqa: ARG002 -- as a page
        """Return that there is none, for bars of characters."""
        return 0


def _plain(tree: Tree) -> str:
    return tree.label.plain if isinstance(tree.label, Text) else str(tree.label)
