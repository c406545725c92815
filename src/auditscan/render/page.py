"""A page in a terminal: headings, prose, lists and tables at one width, without trailing blanks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.tree import Tree

PROSE = 100
"""Cells a line of prose takes at most: longer ones are hard to read."""

INDENT = 2


class Page:
    """What a report is written on, from the top down."""

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
        """Write prose; lines after the first begin `hang` cells further right."""
        whole = Text(text, style=style) if isinstance(text, str) else text
        room = max(20, min(self.width, PROSE) - indent - hang)
        lines = list(whole.wrap(self._console, room))
        if hang and len(lines) > 1:
            # The first line has the room of the hang too, so it is wrapped on its own.
            first = whole.wrap(self._console, room + hang)[0]
            rest = whole[len(first.plain) :] if len(first.plain) < len(whole.plain) else Text()
            lines = [first, *_left(rest).wrap(self._console, room)] if rest else [first]
        for place, line in enumerate(lines):
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
        """Write a table, at most `most` cells wide."""
        room = self.width - INDENT
        self._put(table, INDENT, room if most is None else min(room, most))

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
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for column in columns:
        if column in left:
            made.add_column(column, overflow="fold")
        else:
            made.add_column(column, justify="right", no_wrap=True)
    return made


def _left(text: Text) -> Text:
    """Return text without the blanks it begins with."""
    blanks = len(text.plain) - len(text.plain.lstrip())
    return text[blanks:] if blanks else text
