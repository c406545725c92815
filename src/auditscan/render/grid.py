"""A result as a table: a line a row, or, where lines would not fit, a block a record.

The same text in a pipe as on a terminal, color apart, and nothing cut off: what does not fit beside each other
stands below each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells
from rich.text import Text

from auditscan.render.style import in_lines
from auditscan.session.results import NUMBERS
from auditscan.text import printable, printable_cell, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from auditscan.session.results import Result

NULL = "null"
GAP = "  "

FITS = ((2, 30), (2, 16), (1, 10))
"""Ways to make lines fit, the first that does: cells between columns, and cells that a folded text keeps at least."""

MOST_LINES = 6
"""Lines that a row may take before blocks are easier to read."""

LEAST_VALUE = 20
"""Cells that a value in a block has at least, however long the names beside it."""


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a result that are shown, as text."""

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str | None, ...], ...]
    total: int
    """How many rows the result has."""
    plan: bool = False
    """Whether it is what EXPLAIN says: drawn lines already."""


def take(result: Result, rows: int = 0) -> Page:
    """Return the first `rows` rows of a result, all of them if that is 0, and how many there are."""
    shown: list[tuple[str | None, ...]] = []
    total = 0
    for frame in result.texts(", "):
        total += frame.height
        wanted = frame.height if not rows else max(0, rows - len(shown))
        shown.extend(islice(frame.iter_rows(), wanted))
    return Page(
        columns=result.columns,
        numeric=tuple(kind.id in NUMBERS for kind in result.kinds),
        rows=tuple(shown),
        total=total,
        plan=result.columns == ("explain_key", "explain_value"),
    )


def draw(page: Page, console: Console, *, blocks: bool | None = None) -> None:
    """Write a page: in lines where they fit the console, else in blocks; `blocks` asks for one or the other."""
    for line in lines(page, console.width, blocks=blocks):
        console.print(line, soft_wrap=True, crop=False, overflow="ignore")


def lines(page: Page, width: int, *, blocks: bool | None = None) -> Iterator[Text]:
    """Yield the lines of a page."""
    if not page.columns:
        return
    if page.plan:
        for _, plan in page.rows:
            yield from (Text(printable(line)) for line in (plan or "").splitlines())
        return
    names = [printable(name) for name in page.columns]
    cells = [[None if text is None else printable_cell(text) for text in row] for row in page.rows]
    widths = [
        max([cell_len(name), *(cell_len(NULL if (text := row[place]) is None else text) for row in cells)])
        for place, name in enumerate(names)
    ]
    gap = len(GAP)
    if blocks is None:
        fitting = _fitting(names, cells, widths, page.numeric, width)
        blocks = fitting is None
        gap, widths = fitting or (gap, widths)
    if blocks and cells:
        yield from _blocks(names, cells, width)
    else:
        yield from _lines(names, cells, widths, page.numeric, " " * gap)


def _fitting(
    names: Sequence[str],
    cells: Sequence[Sequence[str | None]],
    widths: Sequence[int],
    numeric: Sequence[bool],
    width: int,
) -> tuple[int, list[int]] | None:
    """Return gap and widths with which rows fit, their heads and the widest texts folded; None where none do."""
    if sum(widths) + len(GAP) * (len(widths) - 1) <= width:
        return len(GAP), list(widths)
    heads = [max(map(cell_len, _head_words(name)), default=0) for name in names]
    # A path or an address that is broken in two can neither be read nor copied.
    words = [
        max((cell_len(word.rstrip(" ")) for row in cells for word in words_of(row[place] or "")), default=0)
        for place in range(len(names))
    ]
    values = [
        max([0, *(cell_len(NULL if (text := row[place]) is None else text) for row in cells)])
        for place in range(len(names))
    ]
    for gap, floor in FITS:
        room = width - gap * (len(widths) - 1)
        least = [
            max(head, word, value if number else min(value, floor))
            for head, word, value, number in zip(heads, words, values, numeric, strict=True)
        ]
        if sum(least) > room:
            continue
        fitting = list(widths)
        while sum(fitting) > room:
            fitting[max(range(len(fitting)), key=lambda place: (fitting[place] > least[place], fitting[place]))] -= 1
        if all(
            len(_folded(text or "", wide)) <= MOST_LINES
            for row in cells
            for text, wide in zip(row, fitting, strict=True)
        ):
            return gap, fitting
    return None


def _lines(
    names: Sequence[str],
    cells: Sequence[Sequence[str | None]],
    widths: Sequence[int],
    numeric: Sequence[bool],
    gap: str,
) -> Iterator[Text]:
    heads = [in_lines(_head_words(name), wide) for name, wide in zip(names, widths, strict=True)]
    tallest = max(map(len, heads))
    # A head of one line stands on the line, beside the last of those that are folded.
    for parts in zip(*([""] * (tallest - len(head)) + head for head in heads), strict=True):
        yield _line([Text(part, style="bold") for part in parts], widths, numeric, gap)
    yield Text(gap.join("─" * wide for wide in widths), style="dim")
    for row in cells:
        yield from _row(row, widths, numeric, gap)


def _head_words(name: str) -> list[str]:
    """Return the parts of a column's name between which it may be folded."""
    return re.findall(r"[^_]*_+|[^_]+", name)


def _row(cells: Sequence[str | None], widths: Sequence[int], numeric: Sequence[bool], gap: str) -> Iterator[Text]:
    folded = [
        [Text(NULL, style="dim")] if text is None else [Text(part) for part in _folded(text, wide)]
        for text, wide in zip(cells, widths, strict=True)
    ]
    for place in range(max(1, *map(len, folded))):
        yield _line([parts[place] if place < len(parts) else Text() for parts in folded], widths, numeric, gap)


def _line(cells: Sequence[Text], widths: Sequence[int], numeric: Sequence[bool], gap: str) -> Text:
    line = Text()
    for place, (cell, wide, right) in enumerate(zip(cells, widths, numeric, strict=True)):
        blank = " " * (wide - cell.cell_len)
        line.append(gap if place else "")
        line.append(blank if right else "")
        line.append_text(cell)
        line.append("" if right else blank)
    line.rstrip()
    return line


def _blocks(names: Sequence[str], cells: Sequence[Sequence[str | None]], width: int) -> Iterator[Text]:
    label = min(max(map(cell_len, names)), max(1, width - len(GAP) - LEAST_VALUE))
    room = max(LEAST_VALUE, width - label - len(GAP))
    for number, row in enumerate(cells, start=1):
        if number > 1:
            yield Text()
        heading = f"── {number:,} "
        yield Text(heading + "─" * (min(width, label + len(GAP) + room) - len(heading)), style="dim")
        for name, text in zip(names, row, strict=True):
            heads = _folded(name, label) or [""]
            values = [""] if text == "" else _folded(NULL if text is None else text, room)
            for place in range(max(len(heads), len(values))):
                head = heads[place] if place < len(heads) else ""
                line = Text(head + " " * (label - cell_len(head)) + GAP, style="bold")
                value = values[place] if place < len(values) else ""
                line.append(value, "dim not bold" if text is None else "not bold")
                line.rstrip()
                yield line


def _folded(text: str, width: int) -> list[str]:
    """Return text in lines of at most `width` cells, broken at blanks where there are any; no character is lost."""
    folded: list[str] = []
    line = ""
    for word in words_of(text):
        if cell_len(line) + cell_len(word.rstrip(" ")) <= width:
            line += word
            continue
        if line:
            folded.append(line)
        *full, line = chop_cells(word, width) if cell_len(word) > width else [word]
        folded.extend(full)
    return [*folded, line] if line else folded
