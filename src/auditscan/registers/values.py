"""Whether the cells of a column look like what its header promises."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.registers.cells import clean, is_redacted
from auditscan.registers.counts import read_count
from auditscan.registers.dates import read_date
from auditscan.registers.elements import ElementReader, known_elements

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditscan.policy import Policy

__all__ = ["Evidence", "items_of"]

SAMPLE = 50
"""So many cells of a column are looked at."""

_OUTCOMES = frozenset(
    {
        "success", "successful", "succeeded", "ok", "complete", "completed", "delivered", "sent", "done", "transferred",
        "failure", "failed", "fail", "error", "aborted", "rejected", "incomplete", "partial", "partially_completed",
        "cancelled", "canceled", "not_delivered", "unknown",
    }
)  # fmt: skip
_OFFICE = re.compile(
    r"\b(?:department|dept|agency|bureau|office|administration|division|commission|ministry|county|university|hospital"
    r"|institute|council|trust|services|directorate|authority|police|enforcement|customs|inc|llc|ltd|corp)\b",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*[;,/|\n]\s*|\s+(?:and|&)\s+", re.IGNORECASE)


def items_of(cell: str, separators: re.Pattern[str] = _LIST) -> list[str]:
    """Return the items of a cell of codes or words, blanks at their ends removed and empty ones dropped."""
    return [item for item in (part.strip() for part in separators.split(clean(cell))) if item]


class Evidence:
    """What words of the policy's tables say of the cells of a column."""

    def __init__(self, policy: Policy) -> None:
        tables = policy.tables
        self._elements = ElementReader(known_elements(tables["policy_elements"]))
        self._words: Mapping[str, frozenset[str]] = {
            name: frozenset(str(row[0]) for row in tables[table])
            for name, table in (
                ("states", "policy_states"),
                ("agencies", "policy_agencies"),
                ("programs", "policy_programs"),
                ("populations", "policy_populations"),
            )
        }
        self._tests: Mapping[str, Callable[[str], bool]] = {
            "occurred_at": lambda cell: any(read_date(cell, order) for order in ("us", "european")),
            "occurred_until": lambda cell: any(read_date(cell, order) for order in ("us", "european")),
            "event_count": _counts,
            "record_count": _counts,
            "bytes": _counts,
            "states": lambda cell: self._all("states", cell),
            "programs": lambda cell: self._all("programs", cell),
            "elements": self._elements.names,
            "outcome": lambda cell: normalize(cell) in _OUTCOMES,
            "recipient": lambda cell: normalize(cell) in self._words["agencies"] or bool(_OFFICE.search(cell)),
        }
        self._decides = frozenset({"occurred_at", "occurred_until", "event_count", "record_count", "bytes", "outcome"})

    def fits(self, name: str, values: Sequence[str]) -> float | None:
        """Return the share of cells that could hold the field; None where no cell says anything about it.

        Blank and redacted cells do not count. Of fields that can hold any text, a low share rules nothing out, and is
        therefore not told.
        """
        test = self._tests.get(name)
        told = [cell for cell in map(clean, values) if cell and not is_redacted(cell)][:SAMPLE]
        if test is None or not told:
            return None
        share = sum(map(test, told)) / len(told)
        return share if share >= 0.5 or name in self._decides else None

    def _all(self, table: str, cell: str) -> bool:
        items = items_of(cell)
        return bool(items) and all(normalize(item) in self._words[table] for item in items)


def _counts(cell: str) -> bool:
    return (
        read_count(cell) is not None
        or re.match(r"\s*(?:[<>\u2264\u2265~]|fewer|more|less)\s*(?:than\s*)?\d", cell) is not None
    )
