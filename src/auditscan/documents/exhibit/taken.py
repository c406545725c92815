"""What a section of the report writes in a terminal, taken down as blocks that a typesetter draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from auditscan.render.page import INDENT, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import RenderableType
    from rich.table import Table
    from rich.tree import Tree

    from auditscan.questions.report import Report

__all__ = ["Block", "section"]

Block = dict[str, Any]
"""A heading, a paragraph or a table, by its `kind`."""

WIDE = 120
"""Cells a line, for sections that leave out what a narrow terminal has no room for."""


def section(draw: Callable[..., None], report: Report) -> list[Block]:
    """Return all that a section of the report says."""
    page = _Taken()
    draw(report, page, full=True)
    return page.blocks


class _Taken(Page):
    """A page that keeps what is written on it."""

    def __init__(self) -> None:
        self.width = WIDE
        self.blocks: list[Block] = []

    def heading(self, title: str) -> None:
        """Take a heading down."""
        self.blocks.append({"kind": "heading", "text": title})

    def say(self, text: str | Text, style: str = "", *, indent: int = INDENT, hang: int = 0) -> None:  # noqa: ARG002 -- as a page
        """Take a paragraph down."""
        plain, own = (text, "") if isinstance(text, str) else (text.plain, str(text.style))
        styles = f"{style} {own}".split()
        for line in plain.split("\n"):
            if line.strip():
                self.blocks.append(
                    {"kind": "say", "text": line.strip(), "strong": "bold" in styles, "deep": indent > INDENT}
                )

    def lines(self, lines: Iterable[Text]) -> None:
        """Take lines down, each as a paragraph."""
        for line in lines:
            self.say(line)

    def blank(self) -> None:
        """Nothing: paragraphs stand apart by themselves."""

    def table(self, table: Table, most: int | None = None) -> None:  # noqa: ARG002 -- as a page
        """Take a table down, without columns that hold nothing but bars or blanks."""
        columns = [
            (_plain(column.header).replace("-\n", "").replace("\n", " "), [*map(_plain, column.cells)], column.justify)
            for column in table.columns
        ]
        kept = [(head, cells, justify) for head, cells, justify in columns if any(cell.strip() for cell in cells)]
        self.blocks.append(
            {
                "kind": "table",
                "heads": [head for head, _, _ in kept],
                "left": [justify == "left" for _, _, justify in kept],
                "rows": [
                    [cell.split("\n") for cell in row] for row in zip(*(cells for _, cells, _ in kept), strict=True)
                ],
                "ends": [place for place, row in enumerate(table.rows) if row.end_section],
            }
        )

    def tree(self, tree: Tree) -> None:
        """No section of a report has one."""
        raise NotImplementedError(tree)

    def room(self, table: Table, most: int) -> int:  # noqa: ARG002 -- as a page
        """Return 0: bars are left out."""
        return 0


def _plain(cell: RenderableType) -> str:
    return cell.plain if isinstance(cell, Text) else str(cell)
