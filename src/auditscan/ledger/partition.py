"""Where a transfer is counted: each in one class, so that the numbers of a ledger add up wherever they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CLASSES", "SAID", "Tally", "counted_as", "partition", "words"]

CLASSES = ("enjoined", "review", "permitted", "outside", "attempt", "unattributed", "out_of_scope")
"""What was disclosed, worst first; then what was not, and what nobody asked about."""

SAID = {"attempt": "attempted", "unattributed": "not attributed", "out_of_scope": "out of scope"}
"""A class in words, where its name is none."""

Tally = tuple[bool, str, str, bool, int]
"""Attempt, verdict now, verdict then, flagged, transfers: a row of `summary_verdicts`."""


def counted_as(verdict: str, *, attempt: bool) -> str:
    """Return the class of a transfer, as the macro of this name does."""
    return "attempt" if attempt and verdict not in ("unattributed", "out_of_scope") else verdict


def partition(rows: Iterable[Tally]) -> tuple[dict[str, int], dict[str, int], int]:
    """Return the transfers by class, now and then, and how many of what was disclosed are flagged.

    Every class is a key, in the order of CLASSES.
    """
    now, then, flagged = dict.fromkeys(CLASSES, 0), dict.fromkeys(CLASSES, 0), 0
    for attempt, verdict_now, verdict_then, is_flagged, transfers in rows:
        now[counted_as(verdict_now, attempt=attempt)] += transfers
        then[counted_as(verdict_then, attempt=attempt)] += transfers
        flagged += transfers if is_flagged and not attempt else 0
    return now, then, flagged


def words(counts: dict[str, int]) -> str:
    """Return the classes that are not empty, in words; they add up to the number of transfers."""
    said = [f"{count:,} {SAID.get(name, name.replace('_', ' '))}" for name, count in counts.items() if count]
    return ", ".join(said) or "no transfer"
