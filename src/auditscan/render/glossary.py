"""Names and what they mean: a table whose last column is prose, folded beside the names instead of under them."""

from __future__ import annotations

from itertools import groupby, islice, zip_longest
from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.render.grid import NULL
from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from auditscan.render.grid import Page

__all__ = ["draw", "is_glossary"]

GAP = "  "
PROSE = "comment"
"""The name of the column that says what the others mean."""
LEAST_PROSE = 28
MOST_NAME = 24
"""Cells that a name may take where prose has too few."""


def is_glossary(page: Page) -> bool:
    """Whether a result is a list of names with what they mean."""
    return len(page.columns) > 1 and page.columns[-1] == PROSE


def draw(page: Page, console: Console) -> None:
    """Write a page of names; those of one table each under the name of the table, if it has a column for that."""
    if page.columns[0] != "table_name":
        _print(_lines(page.columns, page.rows, page.numeric, console), console)
        return
    for place, (table, rows) in enumerate(groupby(page.rows, key=lambda row: row[0])):
        if place:
            console.print()
        _print([Text(printable(table or NULL), style="bold")], console)
        named = _lines(page.columns[1:], [row[1:] for row in rows], page.numeric[1:], console)
        _print(islice(named, 1, None), console)


def _widths(
    columns: Sequence[str], rows: Sequence[Sequence[str | None]], numeric: Sequence[bool], console: Console
) -> list[int]:
    """Return the cells of each column; the last has what the others leave."""
    names = [
        max(Text(printable(text or "")).cell_len for text in (name, *(row[place] for row in rows)))
        for place, name in enumerate(columns[:-1])
    ]
    left = console.width - sum(names) - len(GAP) * len(names)
    if left < LEAST_PROSE:
        names = [wide if right else min(wide, MOST_NAME) for wide, right in zip(names, numeric, strict=False)]
        left = console.width - sum(names) - len(GAP) * len(names)
    return [*names, max(LEAST_PROSE, left)]


def _lines(
    columns: Sequence[str], rows: Sequence[Sequence[str | None]], numeric: Sequence[bool], console: Console
) -> Iterator[Text]:
    """Yield the heading, then the rows, folded."""
    widths = _widths(columns, rows, numeric, console)
    yield _line([Text(name, style="bold") for name in columns], widths, numeric)
    for row in rows:
        folded = [
            list(Text(printable(text or "")).wrap(console, wide)) or [Text()]
            for text, wide in zip(row, widths, strict=True)
        ]
        for cells in zip_longest(*folded, fillvalue=Text()):
            yield _line(cells, widths, numeric)


def _line(cells: Sequence[Text], widths: Sequence[int], numeric: Sequence[bool]) -> Text:
    line = Text()
    for place, (cell, wide, right) in enumerate(zip(cells, widths, numeric, strict=True)):
        blank = " " * max(0, wide - cell.cell_len)
        line.append(GAP if place else "")
        line.append(blank if right else "")
        line.append_text(cell)
        line.append("" if right else blank)
    line.rstrip()
    return line


def _print(lines: Iterable[Text], console: Console) -> None:
    for line in lines:
        console.print(line, soft_wrap=True, crop=False, overflow="ignore")
