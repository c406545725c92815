"""Which data elements a cell names: a list, a phrase, or five hundred words of prose.

What comes out are phrases for the table of elements to classify, never categories: the table decides, and an overlay
may change it. A phrase no table knows stays as written and is unclassified. So does whatever is left of a cell that was
not read as a list: a cell is never judged as only what was found in it.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.registers.cells import REDACTED, clean, is_redacted, mended, without_redactions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = ["ElementReader", "Phrases", "known_elements"]

_PROSE_WORDS = 7
"""An unknown item of more words than this is a sentence and no name of an element."""
_LONG_CELL_WORDS = 60
"""In a cell of more words than this the unknown items are told together, as one."""
_LONGEST_CELL = 10_000
"""Of a longer text, what stands behind this many characters is not looked into."""
_LONGEST_NAME = 8
_SHOWN = 60

_CLAUSE = re.compile(
    r"[;\n\r|\u2022\u25cf\u25cb\u00b7\u2023\u25e6]+|(?<=[a-z0-9)])\.\s+(?=[A-Z(])|(?:^|\s)[-\u2013]\s+"
    r"|(?:^|\s)\(?[0-9]{1,2}[.)]\s+(?=[A-Za-z])"
)
_NUMBERING = re.compile(r"^\W*(?:\(?[0-9]{1,2}[.)]|\(?[a-z][.)])\s+", re.IGNORECASE)
_JOINED = re.compile(r"\s*,\s*|\s*/\s*|\s+(?:and/or|and|or|&|plus|as well as)\s+|\s*\+\s*(?!4)", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_WORDS = re.compile(r"[^\W_]+")
_NUMBER_SIGN = re.compile(r"#")
_OPEN_LIST = re.compile(r",?\s*\b(?:including,?\s+)?but\s+not\s+limited\s+to:?\s*", re.IGNORECASE)
_LEAD_IN = re.compile(r"^[^:,;]{1,60}:\s+")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words around the name of an element, from `phrases.csv`."""

    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    negated: frozenset[str] = frozenset()
    word: dict[str, str] = field(default_factory=dict)

    @staticmethod
    @cache
    def shipped() -> Phrases:
        """Return the table that comes with the program."""
        sets: dict[str, set[str]] = {}
        words: dict[str, str] = {}
        text = resources.files("auditscan.registers").joinpath("phrases.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(text.splitlines()):
            if row["kind"] == "word":
                words[row["phrase"]] = row["becomes"]
            else:
                sets.setdefault(row["kind"], set()).add(normalize(row["phrase"]))
        sets["negated"] = sets.pop("not", set())
        return Phrases(**{kind: frozenset(names) for kind, names in sets.items()}, word=words)


def known_elements(rows: Iterable[tuple[object, ...]]) -> frozenset[str]:
    """Return the look-up words of the rows of `policy_elements`."""
    return frozenset(str(row[0]) for row in rows)


class ElementReader:
    """Reads cells against one table of elements."""

    def __init__(self, known: Collection[str], phrases: Phrases | None = None) -> None:
        self._known = frozenset(known)
        self._phrases = phrases or Phrases.shipped()

    def read(self, text: str) -> list[str]:
        """Return the items a cell names, each once and in the order met; none for a blank cell.

        An item is a phrase the table of elements knows, a phrase as written that it does not know, `[redacted]`, or
        `[not read as a list: ...]` with the beginning of what else the cell says.
        """
        text = clean(mended(text))
        if not text:
            return []
        if is_redacted(text):
            return [REDACTED]
        if normalize(text) in self._known:
            return [text]
        if len(text) > _LONGEST_CELL:
            return [*self.read(text[:_LONGEST_CELL]), self._rest(text[_LONGEST_CELL:])]
        shown, redacted = without_redactions(text)
        shown = _OPEN_LIST.sub(": [and others, not limited to these]; ", shown)
        found: list[str] = []
        unknown: list[str] = []
        for clause in _CLAUSE.split(shown):
            for item in self._clause(clause.strip(" \t-\u2013*")):
                (found if item == REDACTED or normalize(item) in self._known else unknown).append(item)
        if redacted:
            found.append(REDACTED)
        if len(_WORDS.findall(text)) > _LONG_CELL_WORDS:
            words = [word for item in unknown for word in item.split()]
            unknown = [self._rest(" ".join(words))] if words else []
        return list(dict.fromkeys([*found, *unknown]))

    def names(self, text: str) -> bool:
        """Tell whether a cell names any element the table knows."""
        return any(normalize(item) in self._known for item in self.read(text))

    # --- one clause: items parted by commas, slashes and "and" ------------------------------------

    def _clause(self, clause: str) -> list[str]:
        if not clause.strip(" .,:;-"):
            return []
        if clause.strip(" ,.") == REDACTED:
            return [REDACTED]
        item = self._item(clause)
        if item is not None:
            return item
        stated, denied = self._split_denial(clause)
        items = [name for name in self._list(stated) if name] if stated else []
        return [*items, denied] if denied else items

    def _split_denial(self, clause: str) -> tuple[str, str]:
        """Part what a clause says was disclosed from what it says was not, or might not have been."""
        outside = _BRACKETS.sub(lambda found: " " * len(found.group()), clause)
        words = [(found.group().lower(), found.start()) for found in _WORDS.finditer(outside)]
        texts = [word for word, _ in words]
        for at in range(len(texts)):
            if any("_".join(texts[at : at + size]) in self._phrases.negated for size in (3, 2, 1)):
                return "", clause
        for at, (word, place) in enumerate(words):
            if word in self._phrases.no or "_".join(texts[at : at + 2]) in self._phrases.no:
                if word == "no" and self._is_abbreviation(outside, place):
                    continue
                return clause[:place].rstrip(" ,("), clause[place:]
        return clause, ""

    def _is_abbreviation(self, text: str, place: int) -> bool:
        """Whether a `no` is that of `Social Security No.`: short for number, behind the word it numbers."""
        rest = text[place + 2 :].lstrip()
        return place > 0 and text[place - 1] == " " and (not rest or rest[0] in ".,;/&)" or rest.startswith("and "))

    def _list(self, text: str) -> list[str]:
        """The items of a list; what a separator parts stays whole where the whole is known or no part is."""
        pieces, marks = self._pieces(text)
        items: list[str] = []
        at = 0
        while at < len(pieces):
            for end in range(min(len(pieces), at + 4), at + 1, -1):
                whole = "".join(piece + mark for piece, mark in zip(pieces[at:end], marks[at:end], strict=True))
                known = self._item(whole[: len(whole) - len(marks[end - 1])])
                if known is not None:
                    items += known
                    at = end
                    break
            else:
                items += self._item(pieces[at]) or [_Unknown(pieces[at], marks[at])]
                at += 1
        return self._settled(items)

    def _settled(self, items: list[str]) -> list[str]:
        """Join unknown neighbors that no comma parts (names of offices hold an `and`); read prose for what it names."""
        joined: list[str] = []
        for item in items:
            last = joined[-1] if joined else None
            if isinstance(item, _Unknown) and isinstance(last, _Unknown) and not last.mark.strip().startswith(","):
                joined[-1] = _Unknown(last + last.mark + item, item.mark)
            else:
                joined.append(item)
        settled: list[str] = []
        for item in joined:
            text = str(item).strip(" .,:")
            if isinstance(item, _Unknown) and len(_WORDS.findall(text)) > _PROSE_WORDS:
                settled += [*self._named_in(text), self._rest(text)]
            elif isinstance(item, _Unknown):
                settled += self._behind_lead_in(text) + self._inside(text)
            else:
                settled.append(item)
        return settled

    def _behind_lead_in(self, text: str) -> list[str]:
        """`The file held: names` names something behind its colon."""
        begin = _LEAD_IN.match(text)
        known = self._item(text[begin.end() :]) if begin else None
        return [*known, text[: begin.end()].strip(" :")] if begin and known else [text]

    def _inside(self, text: str) -> list[str]:
        """What the brackets behind an unknown phrase name, as in `demographics (name, SSN)`."""
        named = [item for found in _BRACKETS.finditer(text) for item in self._clause(clean(found[1] or found[2] or ""))]
        return [item for item in named if normalize(item) in self._known]

    def _pieces(self, text: str) -> tuple[list[str], list[str]]:
        """Part a text at commas, slashes and `and`, but not inside of brackets."""
        pieces, marks, begin = [], [], 0
        closed = [(found.start(), found.end()) for found in _BRACKETS.finditer(text)]
        for found in _JOINED.finditer(text):
            if any(start < found.start() < end for start, end in closed):
                continue
            pieces.append(text[begin : found.start()])
            marks.append(found.group())
            begin = found.end()
        pieces.append(text[begin:])
        marks.append("")
        kept = [(piece, mark) for piece, mark in zip(pieces, marks, strict=True) if piece.strip(" .:")]
        return [piece for piece, _ in kept], [mark for _, mark in kept]

    # --- one item -------------------------------------------------------------------------------

    def _item(self, text: str) -> list[str] | None:
        """The known phrases an item stands for, with what its brackets add; None if the table does not know it."""
        text = _NUMBERING.sub("", text.strip(" .,:\"'\u201c\u201d*\u2020"))
        outside = clean(_BRACKETS.sub(" ", text)).strip(" .,:")
        name = self._name(text) or (self._name(outside) if outside != text else None)
        if name is None:
            return None
        items = [name]
        for found in _BRACKETS.finditer(text):
            inner = clean(found[1] or found[2] or "")
            if normalize(inner) in self._phrases.inside or not normalize(inner):
                continue
            items += [each for each in self._clause(inner) if each not in items]
        return items

    def _name(self, text: str) -> str | None:
        """A phrase that the table of elements knows and that says the same as the text; None where there is none."""
        if normalize(text) in self._known:
            return text
        raw = _NUMBER_SIGN.sub(" number ", re.sub(r"['\u2019]s?\b", "", text))
        words = [self._phrases.word.get(word.lower(), word) for word in _WORDS.findall(raw)]
        if len(words) > _LONGEST_NAME + 4:
            return None
        for core in self._cores(words):
            for form in (core, _singular(core)):
                key = normalize(" ".join(form))
                if key in self._known and (core is words or key not in self._phrases.bare):
                    return " ".join(form)
        return None

    def _cores(self, words: list[str]) -> Iterable[list[str]]:
        """The words, then the words with less and less around them."""
        seen = set()
        queue = [words]
        while queue:
            core = queue.pop(0)
            if not core or tuple(core) in seen:
                continue
            seen.add(tuple(core))
            yield core
            for size in (1, 2, 3):
                if len(core) > size and normalize(" ".join(core[:size])) in self._phrases.before:
                    queue.append(core[size:])
                if len(core) > size and normalize(" ".join(core[-size:])) in self._phrases.after:
                    queue.append(core[:-size])

    # --- prose ----------------------------------------------------------------------------------

    def _named_in(self, text: str) -> list[str]:
        """The elements that a sentence names for certain, the longest names first."""
        words = [found.group() for found in _WORDS.finditer(text)]
        found: list[str] = []
        at = 0
        while at < len(words):
            for size in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
                key = normalize(" ".join(words[at : at + size]))
                if key in self._known and (size > 1 or key in self._phrases.alone) and key not in self._phrases.bare:
                    found.append(" ".join(words[at : at + size]))
                    at += size
                    break
            else:
                at += 1
        return found

    def _rest(self, text: str) -> str:
        """A marker, unclassified, for words that were not read as a list."""
        shown = text if len(text) <= _SHOWN else text[:_SHOWN].rsplit(" ", 1)[0] + " ..."
        return f"[not read as a list: {shown}]"


class _Unknown(str):
    """An item no table knows, and the separator behind it."""

    __slots__ = ("mark",)
    mark: str

    def __new__(cls, text: str, mark: str = "") -> _Unknown:
        made = super().__new__(cls, text.strip(" .,:"))
        made.mark = mark
        return made


def _singular(words: list[str]) -> list[str]:
    """The words with the last one in the singular."""
    last = words[-1]
    if last.endswith("ies") and len(last) > 4:
        last = last[:-3] + "y"
    elif last.endswith(("sses", "xes", "ches")):
        last = last[:-2]
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")) and len(last) > 2:
        last = last[:-1]
    return [*words[:-1], last]
