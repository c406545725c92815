"""The transfers of the page: as text for its first rows, and as data coded by dictionaries for its script."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any

from auditscan.render.style import graded, number, short_day, shortened
from auditscan.render.traces import BASES
from auditscan.render.transfers import evidence_of
from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from auditscan.questions.report import Report, Row

KNOWN = ": how known"
"""What the column is called that tells how another is known: behind that one's value it stands in brackets."""

PLAIN = ("Transfer", "Time in UTC", "Count", "Place", "Noted")
"""Columns whose values differ from row to row."""

GROUPS = (
    ("From", "To", "States", "Programs", "People", "Data", "Barred data", "Plaintiff states", "Purpose"),
    tuple(f"{label}{KNOWN}" for label in ("From", "To", "States", "Programs", "People", "Data")),
    ("Action", "Account", "System", "Outcome", "Counted"),
    ("Order now", "Now", "Order then", "Then", "Rests on", "Attempt"),
    ("File", "SHA-256 of the file"),
    ("Day", "When", "Day in UTC"),
)
"""Columns that change together: many rows have the same of each group."""

CELLS = ("Transfer", "Day", "From", "To", "States", "Count", "Now", "Then", "Rests on", "File")
"""Columns that stand in the row."""

MORE = (
    "Attempt", "Day in UTC", "Time in UTC", "Order now", "Order then", "From", "To", "States", "Programs", "People",
    "Data", "Barred data", "Plaintiff states", "Purpose", "Action", "Account", "System", "Outcome", "Noted",
)  # fmt: skip
"""Columns that open below the row, where they have a value."""

UNITS = {"people": "person", "rows": "row", "records": "record"}
"""What is counted -> one of it."""

DAY = len("2026-01-06")

MOST_ITEMS = 60
"""Items of a list: more would drown the row."""


def told(report: Report, row: Row) -> dict[str, Any]:
    """Return a transfer as the page tells it: label -> text, list of texts, whole number, or None."""
    time = row["occurred_at"]
    return {
        "Transfer": shortened(row["transfer_id"]),
        # Where the log tells a day alone, it is that of the column of days.
        "Day in UTC": time[:DAY] if time and len(time) > DAY else None,
        "Time in UTC": time[DAY + 1 :].removesuffix("Z") if time and len(time) > DAY else None,
        "Count": row["record_count"],
        "Place": printable(row["place"]),
        "Noted": _text(row["noted"]),
        "From": _party(row["sender"]),
        "From: how known": row["sender_basis"],
        "To": _party(row["recipient"]),
        "To: how known": row["recipient_basis"],
        "States": _items(row["states"]),
        "States: how known": row["state_basis"],
        "Programs": _items(row["programs"]),
        "Programs: how known": row["program_basis"],
        "People": _items(row["populations"]),
        "People: how known": row["population_basis"],
        "Data": _items(row["elements"]),
        "Data: how known": BASES[row["element_basis"]],
        "Barred data": _items(row["enjoined_categories"]),
        "Plaintiff states": _items(row["plaintiff_states"]),
        "Purpose": _text(row["purpose"]),
        "Action": _text(row["action"]),
        "Account": _text(row["actor"]),
        "System": _text(row["system"]),
        "Outcome": _text(row["outcome"]),
        "Counted": row["counts"] or "records",
        "Order now": row["regime_now"],
        "Now": row["verdict_now"],
        "Order then": row["regime_then"],
        "Then": row["verdict_then"],
        "Rests on": row["verdict_basis"],
        "Attempt": "nothing passed" if row["attempt"] else None,
        "File": shortened(report.shown(row["source_file"])),
        "SHA-256 of the file": row["source_sha256"],
        "Day": short_day(row["court_day"]) if row["court_day"] else "no time logged",
        "When": str(row["court_day"] or ""),
    }


def reasons(report: Report, findings: Iterable[Row]) -> dict[int, list[tuple[str, ...]]]:
    """Return record key -> its reasons, worst first, each as rule, grade, evidence, citation, and how sure."""
    found: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    for row in findings:
        # Where a rule rests on the log alone, its citation says "None".
        cited = row["citation"].rstrip(".")
        sure = "" if cited.startswith("None") else graded(row["certainty"])
        found[row["record_key"]].append((report.title_of(row["rule"]), row["severity"], evidence_of(row), cited, sure))
    return found


def coded(rows: Sequence[Mapping[str, Any]], why: Sequence[Sequence[tuple[str, ...]]]) -> dict[str, Any]:
    """Return rows and the reasons of each as data for the script: each text once, each combination once.

    What occurs most often has the shortest number: the page is a third smaller so.
    """
    groups = [[tuple(_key(row[label]) for label in labels) for row in rows] for labels in GROUPS]
    together = [tuple(each) for each in why]
    reason = _numbered(one for each in together for one in each)
    words = _numbered(chain(chain.from_iterable(chain.from_iterable(groups)), chain.from_iterable(reason)))
    return {
        "cells": CELLS,
        "more": MORE,
        "known": KNOWN,
        "plain": {label: [row[label] for row in rows] for label in PLAIN},
        "groups": [{"labels": labels, **_entries(group, words)} for labels, group in zip(GROUPS, groups, strict=True)],
        "why": {**_entries(together, reason), "reasons": [[words[word] for word in one] for one in reason]},
        "words": list(words),
        "units": UNITS,
    }


def _numbered(values: Iterable[Hashable]) -> dict[Any, int]:
    """Return value -> its number, the most frequent first."""
    return {value: place for place, (value, _) in enumerate(Counter(values).most_common())}


def _entries(rows: Sequence[tuple[Any, ...]], numbers: Mapping[Any, int]) -> dict[str, Any]:
    """Return each combination of values once, as their numbers, and for each row which it has."""
    seen = _numbered(rows)
    return {"entries": [[numbers[value] for value in entry] for entry in seen], "rows": [seen[row] for row in rows]}


def _key(value: Any) -> Any:  # noqa: ANN401 -- text, lists, None
    return tuple(value) if isinstance(value, list) else value


def counts(value: int, unit: str) -> str:
    """Return a count with what it counts."""
    return f"{number(value)} {UNITS[unit] if value == 1 else unit}"


def _party(name: str | None) -> str:
    return "nobody named" if name is None else shortened(name, 100)


def _text(value: str | None) -> str | None:
    return None if value is None else shortened(value)


def _items(items: Sequence[str] | None) -> list[str]:
    kept = [shortened(item, 100) for item in (items or ())[:MOST_ITEMS]]
    return [*kept, f"and {len(items) - MOST_ITEMS:,} more"] if items and len(items) > MOST_ITEMS else kept
