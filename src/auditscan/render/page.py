"""A page in a terminal: headings, prose, lists and tables at one width, without trailing blanks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len, chop_cells
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from auditscan.render.style import in_lines
from auditscan.text import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.tree import Tree

PROSE = 100
"""Cells a line of prose takes at most: longer ones are hard to read."""

INDENT = 2


class Page:
    """What a report is written on, from the top down."""

    side_by_side = True
    """Whether a table may have its rows in two columns where they fit."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.width = console.width
        """Cells a line."""

    def heading(self, title: str) -> None:
        """Begin a section."""
        self._console.print()
        rule = Rule(Text(title, style="bold"), align="left", characters="─", style="dim")
        self._put(rule, 0, self.width)

    def say(self, text: str | Text, style: str = "", *, indent: int = INDENT, hang: int = 0) -> None:
        """Write prose; lines after the first begin `hang` cells further right. No name is broken that fits a line."""
        whole = Text(text, style=style) if isinstance(text, str) else text
        room = max(20, min(self.width, PROSE) - indent)
        for place, line in enumerate(_wrapped(whole, room, hang)):
            line.rstrip()
            self._console.print(Text(" " * (indent + (hang if place else 0))) + line, soft_wrap=True)

    def blank(self) -> None:
        """Leave a line free."""
        self._console.print()

    def lines(self, lines: Iterable[Text]) -> None:
        """Write lines as they are, indented."""
        for line in lines:
            line.rstrip()
            self._console.print(Text(" " * INDENT) + line, soft_wrap=True)

    def table(self, table: Table, most: int | None = None) -> None:
        """Write a table, at most `most` cells wide; where it would break words, its rows below one another."""
        room = self.width - INDENT
        for column in table.columns:
            if not column.no_wrap:
                column.min_width = max(_longest_word(cell) for cell in (column.header, *column.cells))
        if self._console.measure(table).minimum > room:
            self._stack(table)
            return
        self._put(table, INDENT, room if most is None else min(room, most))

    def _stack(self, table: Table) -> None:
        """Write a row a line: its first cell, and behind it each other with its head."""
        heads, rows = cells_of(table)
        for first, *rest in rows:
            line = Text.assemble(first)
            for place, (head, cell) in enumerate(zip(heads[1:], rest, strict=True)):
                if cell.plain.strip():
                    joint = (": " if first.plain.strip() else "") if not place else "; "
                    line.append(f"{joint}{head} " if head else joint).append_text(cell)
            if line.plain.strip():
                self.say(line, hang=2)

    def tree(self, tree: Tree) -> None:
        """Write a tree."""
        self._put(tree, 0, self.width)

    def room(self, table: Table, most: int) -> int:
        """Return how many cells a table leaves free of `most`, or of a narrower page."""
        return max(0, min(self.width - INDENT, most) - self._console.measure(table).maximum)

    def _put(self, renderable: RenderableType, indent: int, width: int) -> None:
        self._console.print(_Trimmed(renderable, indent, width), soft_wrap=True, end="")


class _Trimmed:
    """A renderable without the blanks that rich puts behind every line to fill it."""

    def __init__(self, renderable: RenderableType, indent: int, width: int) -> None:
        self._renderable = renderable
        self._indent = indent
        self._width = width

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        inner = options.update(width=self._width, no_wrap=False, overflow="fold")
        for line in console.render_lines(self._renderable, inner, pad=False):
            kept = list(line)
            while kept and not kept[-1].text.strip():
                kept.pop()
            if kept:
                last = kept.pop()
                yield Segment(" " * self._indent)
                yield from kept
                yield Segment(last.text.rstrip(), last.style)
            yield Segment.line()


def table(*columns: str, left: Sequence[str] = ()) -> Table:
    """Return an empty table; columns hold numbers, flush right, unless named in `left`."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True, header_style="bold")
    for column in columns:
        if column in left:
            made.add_column(column, overflow="fold")
        else:
            made.add_column(column, justify="right", no_wrap=True)
    return made


def cells_of(table: Table, joint: str = " ") -> tuple[list[str], list[list[Text]]]:
    """Return the heads and the rows of a table, each cell on one line, its own lines joined."""
    heads = [_plain(column.header).plain.replace("-\n", "").replace("\n", " ") for column in table.columns]
    cells = zip(*(column.cells for column in table.columns), strict=True)
    return heads, [[_on_one_line(_plain(cell), joint) for cell in row] for row in cells]


def folded(path: str, room: int) -> str:
    """Return a path for a cell of `room` cells, broken behind a `/` where it is longer."""
    return "\n".join(in_lines(path.replace("/", "/\0").split("\0"), room))


def _plain(cell: RenderableType) -> Text:
    return cell if isinstance(cell, Text) else Text(str(cell))


def _on_one_line(cell: Text, joint: str) -> Text:
    """Return a cell without its line breaks; a path that was broken behind a `/` is whole again."""
    line = Text()
    for part in cell.split("\n"):
        line.append(joint if line.plain and not line.plain.endswith("/") else "").append_text(part)
    return line


def _longest_word(cell: RenderableType) -> int:
    return max(map(cell_len, _plain(cell).plain.split()), default=0)


def _wrapped(text: Text, room: int, hang: int) -> Iterator[Text]:
    """Yield the lines of a text: broken at blanks, in a word wider than a line behind `/` or `;`, else anywhere."""
    begin = at = 0
    wide = room
    for word in _pieces(text.plain, room - hang):
        bare = word.rstrip(" \n")
        if at > begin and cell_len(text.plain[begin:at]) + cell_len(bare) > wide:
            yield text[begin:at]
            begin, wide = at, room - hang
        at += len(word)
        if word.endswith("\n"):
            yield text[begin : at - 1]
            begin, wide = at, room - hang
    if at > begin or not at:
        yield text[begin:at]


def _pieces(text: str, room: int) -> Iterator[str]:
    """Yield the words of a text, each with the blanks behind it, none wider than a line."""
    for line in text.splitlines(keepends=True):
        for word in words_of(line):
            if cell_len(word.rstrip()) <= room:
                yield word
                continue
            for part in word.replace("/", "/\0").replace(";", ";\0").split("\0"):
                if cell_len(part.rstrip()) <= room:
                    yield part
                else:
                    yield from chop_cells(part, room)
