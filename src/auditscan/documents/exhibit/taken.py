"""What a section of the report writes in a terminal, as blocks that a typesetter draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditscan.render.page import INDENT
from auditscan.render.said import Grid, Heading, Picture, Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from auditscan.questions.report import Report
    from auditscan.render import said

Block = dict[str, Any]
"""A heading, a paragraph or a table, by its `kind`."""

WIDE = 120
"""Cells a line, for sections that leave out what a narrow terminal has no room for."""


def section(draw: Callable[..., None], report: Report) -> list[Block]:
    """Return all that a section of the report says."""
    page = Said(width=WIDE, side_by_side=True, joint="\n")
    draw(report, page, full=True)
    return [told for block in page.blocks for told in _told(block)]


def _told(block: said.Block) -> Iterator[Block]:
    if isinstance(block, Heading):
        yield {"kind": "heading", "text": block.text}
    elif isinstance(block, Grid):
        # Columns that hold nothing but bars or blanks are left out.
        kept = [place for place in range(len(block.heads)) if any(row[place] for row in block.rows)]
        yield {
            "kind": "table",
            "heads": [block.heads[place] for place in kept],
            "left": [not block.numbers[place] for place in kept],
            "rows": [[row[place].split("\n") for place in kept] for row in block.rows],
            "ends": [end - 1 for end in block.ends],
        }
    elif isinstance(block, Picture):
        yield from _said(block.lines, strong=False, deep=False)
    else:
        yield from _said(block.text.split("\n"), strong=block.is_strong, deep=block.depth > INDENT)


def _said(lines: Iterable[str], *, strong: bool, deep: bool) -> Iterator[Block]:
    for line in filter(str.strip, lines):
        yield {"kind": "say", "text": line.strip(), "strong": strong, "deep": deep}
