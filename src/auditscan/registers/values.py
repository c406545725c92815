"""Whether the cells of a column look like what its header promises."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.registers.cells import REDACTED, clean, is_redacted, without_redactions
from auditscan.registers.counts import read_count
from auditscan.registers.dates import read_date
from auditscan.registers.elements import ElementReader, known_elements

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditscan.policy import Policy

__all__ = ["KINDS", "Evidence", "items_of", "separators_of"]

KINDS = ("elements", "states", "agencies", "programs", "populations")
"""The tables whose words tell what a cell holds."""

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


def separators_of(marks: Sequence[str]) -> re.Pattern[str]:
    """Return what parts the items of a cell: marks wherever they stand, words between blanks, and line ends always."""
    words = [re.escape(mark) for mark in marks if mark[-1:].isalnum()]
    signs = [re.escape(mark) for mark in marks if not mark[-1:].isalnum()]
    parts = [rf"\s*(?:{'|'.join([*signs, chr(92) + 'n'])})\s*"]
    if words:
        parts.append(rf"\s+(?:{'|'.join(words)})\s+")
    return re.compile("|".join(parts), re.IGNORECASE)


class Evidence:
    """What words of the policy's tables say of the cells of a column."""

    def __init__(self, words: Mapping[str, frozenset[str]]) -> None:
        """`words` are the look-up words of each kind in KINDS."""
        self.elements = ElementReader(words["elements"])
        self._words = words
        self._tests: Mapping[str, Callable[[str], bool]] = {
            "occurred_at": lambda cell: any(read_date(cell, order) for order in ("us", "european")),
            "occurred_until": lambda cell: any(read_date(cell, order) for order in ("us", "european")),
            "event_count": _counts,
            "record_count": _counts,
            "bytes": _counts,
            "states": lambda cell: self._all("states", cell),
            "programs": lambda cell: self._all("programs", cell),
            "elements": self.elements.names,
            "outcome": lambda cell: normalize(cell) in _OUTCOMES,
            "sender": self._agency,
            "recipient": lambda cell: normalize(cell) in self._words["agencies"] or bool(_OFFICE.search(cell)),
        }
        self._decides = frozenset({"occurred_at", "occurred_until", "event_count", "record_count", "bytes", "outcome"})

    @staticmethod
    def of(policy: Policy) -> Evidence:
        """Return what the tables of a policy say."""
        return Evidence({kind: known_elements(policy.tables[f"policy_{kind}"]) for kind in KINDS})

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

    def items(self, kind: str, cell: str, separators: re.Pattern[str] = _LIST) -> list[str]:
        """Return the items of a cell that lists states, programs or populations; `[redacted]` for what is blacked out.

        A cell whose whole is a word of the table is not parted. What no table knows stays as written.
        """
        if normalize(cell) in self._words[kind]:
            return [clean(cell)]
        shown, _ = without_redactions(clean(cell))
        found = [
            item if normalize(item) in self._words[kind] else self._plainer(kind, item)
            for item in items_of(shown, separators)
        ]
        return list(dict.fromkeys(found)) or ([REDACTED] if is_redacted(cell) else [])

    def _plainer(self, kind: str, item: str) -> str:
        """`California (CA)` and `Refugees` without what keeps the table from knowing them; else as written."""
        outside = re.sub(r"\s*\([^()]*\)\s*", " ", item).strip()
        for form in (outside, outside.removesuffix("s")):
            if normalize(form) in self._words[kind]:
                return form
        return item

    def _agency(self, cell: str) -> bool:
        """Whether the cell is an agency that the table knows, or begins with one: `CMS/OEDA`, `CMS (data office)`."""
        return normalize(re.split(r"[/,;(]|\s[-\u2013\u2014]\s", cell)[0]) in self._words["agencies"]

    def _all(self, kind: str, cell: str) -> bool:
        items = self.items(kind, cell)
        return bool(items) and all(normalize(item) in self._words[kind] for item in items)


def _counts(cell: str) -> bool:
    return (
        read_count(cell) is not None
        or re.match(r"\s*(?:[<>\u2264\u2265~]|fewer|more|less)\s*(?:than\s*)?\d", cell) is not None
    )
