"""A record as it stands in its file, with the fields that decided marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.questions.originals import STATES, marked
from auditscan.render.style import listed, number
from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.questions.originals import Shown
    from auditscan.render.page import Page

MARK = ">"
"""Stands before a field that holds a word that decided."""

NAME_WIDTH = 28
"""Cells for the name of a field: longer ones push their text along."""

MOST = 20_000
"""Characters of a record that an explanation shows; `auditscan show` has all of them."""


def draw_record(shown: Shown, page: Page, words: Sequence[str] | None = None) -> None:
    """Write where the record is, whether its file is what was scanned, its text, and its fields.

    With `words`, the logged words that decided, the fields that hold one are marked, and the text is not longer than
    MOST.
    """
    original = shown.original
    page.say(Text(printable(shown.cited), "bold"), indent=0)
    style = {"changed": "bold red", "grown": "yellow"}.get(shown.state, "dim")
    page.say(f"The file: {STATES[shown.state]}.", style, hang=2)
    page.lines([Text(f"SHA-256 {shown.sha256}", "dim")])
    if shown.state == "changed":
        page.lines([Text(f"scanned {shown.scanned or 'unknown'}", "dim")])
    for note in original.notes:
        page.say(f"Note: {printable(note)}.", "dim", hang=2)
    if original.raw:
        raw = original.raw if words is None else original.raw[:MOST]
        page.blank()
        page.lines(Text(printable(line)) for line in raw.split("\n"))
        if len(raw) < len(original.raw):
            page.say(
                f"... and {number(len(original.raw) - len(raw))} characters more: `auditscan show` has them.", "dim"
            )
    elif not original.fields:
        page.say("It is blank.", "dim")
    places, held = marked(original, words or ())
    if original.fields:
        page.blank()
        wide = min(NAME_WIDTH, max(len(printable(name)) for name, _ in original.fields))
        for at, (name, text) in enumerate(original.fields):
            cell = text if words is None else text[:MOST]
            line = Text.assemble(
                (f"{MARK if at in places else ' '} ", "bold"), (printable(name).ljust(wide), "dim"), "  "
            )
            line.append("\n".join(map(printable, cell.split("\n"))))
            page.say(line, hang=wide + 4)
    if words:
        rest = [word for word in words if word not in held]
        if held:
            where = f"; {MARK} marks where they stand" if places else ""
            page.say(f"Words that decided: {listed(held)}{where}.", hang=2)
        if rest:
            page.say(f"Not in this record: {listed(rest)}.", "dim", hang=2)


def draw_records(found: Sequence[Shown | str], page: Page, words: Sequence[str]) -> None:
    """Write the records of one transfer, or why one is not shown."""
    page.heading(
        "The record as it stands in its file" if len(found) == 1 else "The records as they stand in their files"
    )
    for place, shown in enumerate(found):
        if place:
            page.blank()
        if isinstance(shown, str):
            page.say(printable(shown), "bold red", indent=0, hang=2)
        else:
            draw_record(shown, page, words)
