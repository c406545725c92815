"""Whether the cells of a column look like what its header promises."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.registers.cells import REDACTED, clean, is_redacted, without_redactions
from auditscan.registers.counts import read_count
from auditscan.registers.dates import read_date
from auditscan.registers.elements import ElementReader
from auditscan.registers.flags import Flags
from auditscan.registers.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditscan.policy import Policy

KINDS = {
    "elements": "category",
    "states": "state",
    "agencies": "agency",
    "programs": "program",
    "populations": "population",
}
"""The tables whose words tell what a cell holds, each with the column that says what a word means."""

_REMEMBERED = 10_000
SAMPLE = 50
"""So many cells of a column are looked at."""

_OUTCOMES = re.compile(
    r"success|succeeded|ok|complete|delivered|undelivered|sent|done|transferred|transmitted|released|disclosed|shipped"
    r"|fulfilled|fail|error|abort|reject|incomplete|partial|cancel|not_|denied|refused|declined|withdrawn|void|recalled"
    r"|returned|unsuccessful|no_data|no_records|empty|blocked|never"
)
"""How the words begin that tell what became of a disclosure; what they mean is the policy's to say."""
_NEUTRAL = {
    "programs": frozenset(("t_msis", "tmsis", "msis", "taf", "ffs", "fee_for_service", "managed_care", "mco")),
    "states": frozenset(("statewide", "state", "entire_state", "whole_state")),
    "populations": frozenset[str](),
}
"""What in brackets behind a known word changes nothing of it."""
_PLAINTIFFS = re.compile(r"(?:all\s+)?(?:of\s+)?(?:the\s+)?(?:\d+\s+)?plaintiff\s+states(?:\s*\(\d+\))?", re.IGNORECASE)
_CAPITAL = re.compile(r"\bWashington\s*,?\s*D\.?\s?C\b\.?", re.IGNORECASE)
_LETTERS = re.compile(r"(?:[A-Za-z]\.\s?)+[A-Za-z]?")
_OF_A_STATE = re.compile(r"(?:the\s+)?(?:state|commonwealth|district)\s+of\s+(?:the\s+)?|\s+state$", re.IGNORECASE)
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

    def __init__(self, words: Mapping[str, Mapping[str, str]], plaintiffs: Sequence[str] = ()) -> None:
        """`words` are the look-up words of each kind in KINDS, with what they mean.

        `plaintiffs` are the states of every order, which a register may name together.
        """
        self.elements = ElementReader(words["elements"])
        self.flags = Flags(self.elements, words["elements"])
        self._words = words
        self._plaintiffs = list(plaintiffs)
        self._plain = lru_cache(_REMEMBERED)(self._look_up)
        self._denials = Phrases.shipped().denials
        self._tests: Mapping[str, Callable[[str], bool]] = {
            "occurred_at": _is_day,
            "occurred_until": _is_day,
            "event_count": _counts,
            "record_count": _counts,
            "bytes": _counts,
            "states": lambda cell: self._all("states", cell),
            "programs": lambda cell: self._all("programs", cell),
            "elements": self.elements.names,
            "outcome": lambda cell: bool(_OUTCOMES.match(normalize(cell))),
            "sender": self._agency,
            "recipient": lambda cell: self._agency(cell) or bool(_OFFICE.search(cell)),
            "agency": self._agency,
            "flag": self.flags.is_flag,
            "element": lambda header: bool(self.flags.named_by(header)),
            "several_states": lambda cell: len(self.items("states", cell)) > 1,
        }
        self._decides = frozenset(
            {"occurred_at", "occurred_until", "event_count", "record_count", "bytes", "outcome", "agency", "flag",
             "element", "several_states"}
        )  # fmt: skip

    @staticmethod
    def of(policy: Policy) -> Evidence:
        """Return what the tables of a policy say."""
        tables = policy.tables
        places = {"elements": 2, "states": 1, "agencies": 2, "programs": 2, "populations": 2}
        words = {
            kind: {str(row[0]): str(row[place]) for row in tables[f"policy_{kind}"]} for kind, place in places.items()
        }
        covered: dict[str, set[str]] = {}
        for row in tables["policy_regime_states"]:
            if row[2] == "covered":
                covered.setdefault(str(row[0]), set()).add(str(row[1]))
        return Evidence(words, sorted(set.intersection(*covered.values())) if covered else ())

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

        A cell whose whole is a word of the table is not parted. What no table knows stays as written, and so does all
        that a denial speaks of.
        """
        cell = clean(cell)
        if kind == "states":
            cell = _capital(cell)
        if normalize(cell) == "n_a":
            return [cell]
        if whole := self._plain(kind, cell):
            return [whole]
        shown, _ = without_redactions(cell)
        parts = items_of(shown, separators)
        found = [self._plain(kind, item) or item for item in parts]
        if any(item not in found or normalize(item) not in self._words[kind] for item in parts) and any(
            self._denials.denies(item) for item in found if normalize(item) not in self._words[kind]
        ):
            found = self._not_denied(kind, shown, separators)
        if kind == "states" and self._plaintiffs:
            found = [
                state for item in found for state in (self._plaintiffs if _PLAINTIFFS.fullmatch(item) else (item,))
            ]
        return list(dict.fromkeys(found)) or ([REDACTED] if is_redacted(cell) else [])

    def _not_denied(self, kind: str, shown: str, separators: re.Pattern[str]) -> list[str]:
        """The items of a cell that denies something: what may be denied stays as written."""
        stated, denied = self._denials.split(shown, lambda text: bool(text.strip()))
        if not stated or denied.count(")") > denied.count("("):
            return [shown]
        found = [self._plain(kind, item) or item for item in items_of(stated, separators)]
        if any(self._words[kind].get(normalize(item)) in _WHOLE for item in found):
            return [shown]  # of all but some, nobody can say which are left
        return [*found, denied]

    def _look_up(self, kind: str, item: str) -> str:
        """What a table knows of an item and that says the same: `California (CA)`, `N.Y.`, `Refugees`; else ''."""
        words = self._words[kind]
        for form in self._forms(kind, item):
            if normalize(form) in words:
                return form
        halves = re.split(r"\s+[-\u2013\u2014]\s+|\s*:\s+", item) if kind == "states" else []
        if len(halves) == 2 and (plain := [self._plain(kind, half) for half in halves]) and all(plain):
            return plain[1] if self._same(kind, *plain) else ""
        outside = re.sub(r"\s*\([^()]*\)\s*", " ", item).strip()
        if outside == item or not (name := self._plain(kind, outside)):
            return ""
        inner = [clean(text) for text in re.findall(r"\(([^()]*)\)", item)]
        return name if all(self._says_the_same(kind, name, text) for text in inner) else ""

    def _forms(self, kind: str, item: str) -> list[str]:
        forms = [item, item.removesuffix("s")]
        if kind == "states":
            if _LETTERS.fullmatch(item):
                forms.append(item.replace(".", "").replace(" ", ""))
            if found := re.fullmatch(r"(\d{1,2})(?:\.0+)?", item):
                forms.append(found[1].zfill(2))  # a spreadsheet drops the zero of a number
            forms.append(_OF_A_STATE.sub("", item))
        return forms

    def _says_the_same(self, kind: str, name: str, inner: str) -> bool:
        key = normalize(inner)
        if not key or key in _NEUTRAL[kind]:
            return True
        plain = self._plain(kind, inner)
        return bool(plain) and self._same(kind, name, plain)

    def _same(self, kind: str, one: str, other: str) -> bool:
        words = self._words[kind]
        return words[normalize(one)] == words[normalize(other)]

    def _agency(self, cell: str) -> bool:
        """Whether the cell is an agency that the table knows, or begins with one: `CMS/OEDA`, `CMS (data office)`."""
        return normalize(re.split(r"[/,;(]|\s[-\u2013\u2014]\s", cell)[0]) in self._words["agencies"]

    def _all(self, kind: str, cell: str) -> bool:
        items = self.items(kind, cell)
        return bool(items) and all(normalize(item) in self._words[kind] for item in items)


def _capital(cell: str) -> str:
    """The cell with `DC` for `Washington, DC`; in a list parted by commas nobody can say whether that is one or two."""
    parts = re.split(r"([;\n])", cell)
    for at in range(0, len(parts), 2):
        listed = _CAPITAL.sub("", parts[at]).strip(" .") != ""
        parts[at] = _CAPITAL.sub(
            lambda found, many=listed: _UNCLEAR if many and "," in found.group() else "DC", parts[at]
        )
    return "".join(parts)


_UNCLEAR = "Washington or Washington DC"


_WHOLE = frozenset(("*", "everybody"))
"""What means all states, or all people."""


def _is_day(cell: str) -> bool:
    return any(read_date(cell, order) for order in ("us", "european"))


def _counts(cell: str) -> bool:
    return (
        read_count(cell) is not None
        or re.match(r"\s*(?:[<>\u2264\u2265~]|fewer|more|less)\s*(?:than\s*)?\d", cell) is not None
    )
