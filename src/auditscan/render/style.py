"""What verdicts look like, and how numbers, days and lists are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
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


def number(value: int) -> str:
    """Return 1,234,567."""
    return f"{value:,}"


def counted(value: int, noun: str, many: str | None = None) -> str:
    """Return `1 transfer`, `2 transfers`; `many` for plurals that are not made with an s."""
    return f"{value:,} {noun if value == 1 else many or noun + 's'}"


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


def long_day(day: date) -> str:
    """Return 6 January 2026."""
    return f"{day.day} {day:%B} {day.year}"


def short_day(day: date) -> str:
    """Return 6 Jan 2026."""
    return f"{day.day} {day:%b} {day.year}"


def listed(items: Sequence[str], most: int = 12) -> str:
    """Return items of a log in one line, the first `most` of them."""
    shown = ", ".join(printable(item) for item in items[:most])
    return shown if len(items) <= most else f"{shown} and {len(items) - most:,} more"


def shortened(text: str, most: int = 300) -> str:
    """Return text of a log fit to be shown, cut where it would drown the rest."""
    text = printable(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
