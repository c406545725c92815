"""The report as Markdown: what a lawyer pastes into a memorandum, an editor into a page.

What logs say is shown as it is: it becomes no link, tag, heading or border of a table in whatever draws the file.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from auditscan.output.export import markdown_cell, markdown_text
from auditscan.render.said import Grid, Heading, Line, Picture
from auditscan.render.style import GLYPHS, graded, number, shortened
from auditscan.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from auditscan.documents.content import Content
    from auditscan.questions.report import Row
    from auditscan.render.said import Block

MOST = 200
"""Rows of a table, and lines of a list: nobody reads more in a memorandum."""


def write(content: Content, path: Path) -> None:
    """Write the report of a judged database as Markdown."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_pieces([*content.first_screen(), *content.sections()], content.report.logs))
        file.writelines(_pieces(_more(content), content.report.logs))


def _pieces(blocks: Iterable[Block], logs: str) -> Iterator[str]:
    """Yield the text of blocks, with long lists cut and what was left out said at the end of the section."""
    before: Block | None = None
    nested = False
    listed = 0
    for block in blocks:
        is_item = isinstance(block, Line) and block.is_item
        if isinstance(block, Heading):
            yield _rest(listed - MOST, "line", logs)
            listed = 0
        listed += is_item
        if is_item and listed > MOST:
            continue
        if before is not None and not (is_item and isinstance(before, Line) and before.is_item):
            yield "\n"
            nested = False
        if isinstance(block, Heading):
            yield f"## {_inline(block.text)}\n"
        elif isinstance(block, Picture):
            yield "\n".join(["```text", *(line.replace("`", "'") for line in block.lines), "```", ""])
        elif isinstance(block, Grid):
            yield from _grid(block, logs)
        elif is_item:
            if isinstance(before, Line) and before.is_item and before.depth != block.depth:
                nested = before.depth < block.depth
            yield f"{'  ' * nested}* {_paragraph(block)}\n"
        else:
            yield f"{_paragraph(block)}\n"
        before = block
    yield _rest(listed - MOST, "line", logs)


def _rest(count: int, noun: str, logs: str) -> str:
    """Return the sentence that says where the rest of a list is; nothing where there is none."""
    if count <= 0:
        return ""
    return f"\n{counted(count, noun)} more: {_inline(f'`auditscan report {logs} --full`')} has all.\n"


def _grid(grid: Grid, logs: str) -> Iterator[str]:
    yield _row(map(markdown_cell, grid.heads))
    yield _row("---:" if is_number else "---" for is_number in grid.numbers)
    own = grid.rows[: len(grid.rows) - grid.sums]
    for row in (*own[:MOST], *grid.rows[len(own) :]):
        yield _row(map(markdown_cell, row))
    yield _rest(len(own) - MOST, "row", logs)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


_BEGINS = re.compile(r"[#>+=-]|(?<=\d)[.)]")
_COMMAND = re.compile(r"`((?:auditscan |--)[^`|<&\\]*)`")


def _paragraph(line: Line) -> str:
    """Return a line whose first sign begins no list, heading or quotation."""
    text = _inline(line.text)
    number_or_none = re.match(r"\d*", text)
    at = number_or_none.end() if number_or_none else 0
    if _BEGINS.match(text, at):
        text = f"{text[:at]}\\{text[at:]}"
    return f"**{text}**" if line.is_strong and text else text


def _inline(text: str) -> str:
    """Return text with the commands in it as such, and everything else as it is."""
    parts = _COMMAND.split(text)
    return "".join(f"`{part}`" if place % 2 else markdown_text(part) for place, part in enumerate(parts))


def _more(content: Content) -> Iterator[Block]:
    """Yield what the report in a terminal leaves to other commands: the barred transfers, the law, the making."""
    yield from _barred(content)
    yield Heading("Sources of law")
    heads = ("source", "kind", "days", "standing", "taken from", "evidence")
    yield Grid(heads, (False,) * len(heads), tuple(map(_source, content.rows("sources_of_law"))))
    yield Heading("How this was made")
    made = content.made
    yield Line(f"Made on {made.at:%Y-%m-%d at %H:%M:%S} UTC by: {printable(made.command)}")
    yield from (Line(printable(sentence)) for sentence in content.provenance())
    versions = {
        "version of auditscan": content.report.versions["auditscan"],
        "SHA-256 of the policy": content.report.versions["policy"],
        "SHA-256 of the queries": content.report.versions["queries"],
    }
    for name, value in versions.items():
        yield Line(f"{name}: {printable(value)}", is_item=True)


_HEADS = ("transfer", "when", "from", "to", "now", "then", "known by", "states", "barred data", "place")


def _barred(content: Content) -> Iterator[Block]:
    """Yield the transfers that are barred now or were then, as many as fit, and what is to be said of them."""
    yield Heading("Every transfer that is barred, now or then")
    report = content.report
    barred = sum(
        row["transfers"]
        for row in report.tables["then_and_now"]
        if "enjoined" in (row["verdict_now"], row["verdict_then"])
    )
    if not barred:
        yield Line("None is barred.")
        return

    def is_barred(row: Row) -> bool:
        return not row["attempt"] and "enjoined" in (row["verdict_now"], row["verdict_then"])

    rows = [_transfer(content, row) for row in takewhile(is_barred, content.transfers(MOST))]
    yield Grid(_HEADS, (False,) * len(_HEADS), tuple(rows))
    yield Line(
        f"{number(len(rows))} of {number(barred)}, attempts left out. Known by: logged, where the verdict now would be "
        "the same by what the log says alone; deduced, where it would not."
    )
    if barred > len(rows):
        yield Line(f"The report as .xlsx has the other {number(barred - len(rows))}.")


def _transfer(content: Content, row: Row) -> tuple[str, ...]:
    return (
        shortened(row["transfer_id"], 80),
        row["occurred_at"] or "no time logged",
        shortened(row["sender"] or "nobody named", 60),
        shortened(row["recipient"] or "nobody named", 60),
        _verdict(row["verdict_now"]),
        _verdict(row["verdict_then"]),
        row["verdict_basis"] or "",
        _words(row["states"]),
        _words(row["enjoined_categories"]),
        f"{content.report.shown(row['source_file'])}, {printable(row['place'])}"
        + (f" ({shortened(row['noted'], 200)})" if row["noted"] else ""),
    )


def _verdict(word: str) -> str:
    return f"{GLYPHS.get(word, '·')} {word.replace('_', ' ')}"


def _words(words: Sequence[str] | None) -> str:
    return shortened(", ".join(words or ()).replace("_", " "), 200)


def _source(row: Row) -> tuple[str, ...]:
    days = [f"{day}" for day in (row["first_day"], row["last_day"]) if day is not None]
    return (
        f"{printable(row['title'])} ({printable(row['id'])})",
        printable(row["kind"]),
        " to ".join(days) or (str(row["dated"]) if row["dated"] else ""),
        row["standing"],
        printable(row["citation"] or row["origin"]),
        graded(row["certainty"]),
    )
