"""What verdicts look like, and how numbers, days and lists are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

GLYPHS = {"enjoined": "█", "grave": "█", "review": "▓", "permitted": "▒", "outside": "░"}
"""Told apart without color, on paper and by the color-blind: the darker, the worse."""

STYLES = {
    "enjoined": "bold red",
    "grave": "bold red",
    "review": "yellow",
    "permitted": "green",
    "outside": "dim",
    "attempt": "dim",
    "unattributed": "yellow",
    "out_of_scope": "dim",
    "note": "dim",
}

MEANINGS = {
    "enjoined": "the order bars it",
    "review": "a person must look",
    "permitted": "the order lets it pass",
    "outside": "the order does not reach it",
}

SURE = {
    "A": "official text",
    "B": "quoted by others from the text",
    "C": "paraphrased by others",
    "D": "an unverified lead",
}
"""How sure a citation is."""


def graded(certainty: str | None) -> str:
    """Return how sure a citation is: its grade, and what that means; nothing where it has none."""
    return f"{certainty}: {SURE.get(certainty, 'not graded')}" if certainty else ""


def number(value: int) -> str:
    """Return 1,234,567."""
    return f"{value:,}"


def share(part: int, whole: int) -> str:
    """Return a whole percentage; never 0% of something, nor 100% of less than all."""
    if not whole:
        return ""
    percent = round(100 * part / whole)
    if part and not percent:
        return "<1%"
    if part < whole and percent == 100:
        return ">99%"
    return f"{percent}%"


def in_lines(parts: Iterable[str], room: int) -> list[str]:
    """Return parts joined to lines of at most `room` cells; a part that is wider has a line to itself."""
    from rich.cells import cell_len

    lines = [""]
    for part in parts:
        if lines[-1] and cell_len(lines[-1]) + cell_len(part.rstrip(" ")) > room:
            lines.append("")
        lines[-1] += part
    return lines


def short_day(day: date) -> str:
    """Return 6 Jan 2026."""
    return f"{day.day} {day:%b} {day.year}"


def suppression(until: date | None, by: str | None) -> str:
    """Return that a ledger suppresses a finding, to stand behind it: until when, by whom and why; else nothing."""
    return f" [suppressed until {short_day(until)} by {shortened(by or 'nobody')}]" if until else ""


def listed(items: Sequence[str], most: int = 12) -> str:
    """Return items of a log in one line, the first `most` of them."""
    shown = ", ".join(printable(item) for item in items[:most])
    return shown if len(items) <= most else f"{shown} and {len(items) - most:,} more"


def shortened(text: str, most: int = 300) -> str:
    """Return text of a log fit to be shown, cut where it would drown the rest."""
    text = printable(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
