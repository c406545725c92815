"""Which data elements a cell names: a list, a phrase, or five hundred words of prose.

What comes out are phrases for the table of elements to classify, never categories: the table decides, and an overlay
may change it. A phrase no table knows stays as written and is unclassified. So does whatever is left of a cell that was
not read as a list: a cell is never judged as only what was found in it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.registers.cells import REDACTED, clean, is_redacted, mended, without_redactions
from auditscan.registers.denials import boxes, parted, taken_out
from auditscan.registers.phrases import Phrases, files_of_claims, singular

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_PROSE_WORDS = 7
"""An unknown item of more words than this is a sentence and no name of an element."""
_LONG_CELL_WORDS = 60
"""In a cell of more words than this the unknown items are told together, as one."""
_LONGEST_CELL = 10_000
"""Of a longer text, what stands behind this many characters is not looked into."""
_LONGEST_NAME = 8
_REMEMBERED = 10_000
_SHOWN = 60

_NUMBERING = re.compile(r"^\W*(?:\(?[0-9]{1,2}[.)]|\(?[a-z][.)])\s+", re.IGNORECASE)
_JOINED = re.compile(r"\s*,\s*|\s*/\s*|\s+(?:and/or|and|or|&|plus|as well as)\s+|\s*\+\s*(?!4)", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_WORDS = re.compile(r"[^\W_]+")
_NUMBER_SIGN = re.compile(r"#")
_OPEN_LIST = re.compile(r",?\s*\b(?:including,?\s+)?but\s+not\s+limited\s+to:?\s*", re.IGNORECASE)
_LEAD_IN = re.compile(r"^[^:,;]{1,60}:\s+")
_OF_ALL = re.compile(r"[(\[](?:both|all|these|each|neither|none)\b", re.IGNORECASE)
_ANSWERED = re.compile(r"[^\w\s.][\s]*nos?\W*$|[:=?]\s*[-\u2013\u2014]?\s*$|\s[-\u2013\u2014]\s*$", re.IGNORECASE)
_ANSWER_GIVEN = re.compile(r"[:=?]\s*(?:y|yes|n|no)\b", re.IGNORECASE)
_CLAIM_FILES = frozenset({"ip", "lt", "ot", "rx", "prescription"})
"""The four kinds of files of claims: inpatient, long-term care, other, prescriptions."""


class ElementReader:
    """Reads cells against one table of elements."""

    def __init__(self, known: Collection[str], phrases: Phrases | None = None) -> None:
        self._known = frozenset(known)
        self._phrases = phrases or Phrases.shipped()
        self.denials = self._phrases.denials
        self._vocabulary = frozenset(word for key in self._known for word in (key, *key.split("_"))) | {
            word for short in self._phrases.word for word in (short, f"{short}s")
        }
        # A register says the same few names again and again.
        self._name = lru_cache(_REMEMBERED)(self._look_up)

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
        if self._is_name(text):
            return [text]
        if len(text) > _LONGEST_CELL:
            return [*self.read(text[:_LONGEST_CELL]), self._rest(text[_LONGEST_CELL:])]
        if REDACTED in text.lower():
            text = re.sub(re.escape(REDACTED), "[REDACTED]", text, flags=re.IGNORECASE)
        found: list[str] = []
        unknown: list[str] = []
        for item in self._items(text):
            (found if item == REDACTED or normalize(item) in self._known else unknown).append(item)
        if len(_WORDS.findall(text)) > _LONG_CELL_WORDS:
            words = [word for item in unknown for word in item.split()]
            unknown = [self._rest(" ".join(words))] if words else []
        if not found and not unknown and _WORDS.search(text):
            return [self.denied(text)]  # a heading, and nothing below it
        return list(dict.fromkeys([*found, *unknown]))

    def _items(self, text: str) -> list[str]:
        """The items of a cell; those of a list of boxes by what is ticked."""
        items: list[str] = []
        for shown, how in boxes(text) or [(text, "none")]:
            if how in ("ticked", "none"):
                items += self._read(shown)
            else:
                items.append(f"not ticked: {shown}" if how == "empty" else f"unclear mark: {shown}")
        return items

    def _read(self, text: str) -> list[str]:
        shown, redacted = without_redactions(files_of_claims(taken_out(text)))
        shown = _OPEN_LIST.sub(": [and others, and this list is open]; ", shown)
        # What a clause says, and the items it names.
        said: list[tuple[str, list[str]]] = []
        heading = ""  # of what was not disclosed
        denied = ""  # a clause that denies what stands beside it
        for part in parted(shown):
            clause = part.text.lstrip(" \t\n-\u2013*").rstrip()
            head, body = self._heading(clause)
            if clause == REDACTED:
                said.append((clause, [clause]))
            elif head and self.denials.is_heading_of_none(head):
                heading, denied = head, ""
                said.append((clause, [self.denied(clause)]))
            elif heading and not head:
                said.append((clause, [self.denied(f"{heading}: {clause}")]))
            elif (head and not body) or (said and self.denials.is_yes(clause)):
                heading = denied = ""
            elif clause.endswith((":", "=")) and _ANSWER_GIVEN.search(text):
                said.append((clause, [self.denied(clause)]))
            elif (denied and part.before != "stop") and (denied == "line" or part.before in ("line", "dash")):
                said.append((clause, [self.denied(f"in doubt: {clause}")]))
                denied = denied if denied == "line" else ""
            elif self.denials.of_all_beside(clause, self._knows):
                heading = ""
                if said:
                    before, _ = said.pop()
                    clause = f"{before} - {clause}"
                    denied = "" if part.before in ("dash", "stop") else "next" if part.before == "semi" else "line"
                    said.append((clause, [self.denied(clause)]))
                else:
                    said.append((clause, [clause]))
                    denied = "line"
            else:
                heading = denied = ""
                said.append((clause, self._clause(body if head else clause)))
        found = [item for _, items in said for item in items]
        return [*found, REDACTED] if redacted else found

    def _heading(self, clause: str) -> tuple[str, str]:
        """The heading a clause begins with, and what stands behind it; names of elements and leads are no headings."""
        head, mark, body = clause.partition(":")
        if not mark or len(head) > _SHOWN or "," in head or ";" in head:
            return "", ""
        if normalize(head) in self._phrases.heading or (
            self.denials.is_heading_of_none(head) and not self._knows(head)
        ):
            return head.strip(), body.strip()
        return ("", "") if body.strip() or self._knows(head) else (head.strip(), "")

    def denied(self, text: str) -> str:
        """Return a text as written, as an item that no table knows."""
        text = text.strip(" .,;")
        return f"in doubt: {text}" if normalize(text) in self._known or not normalize(text) else text

    def _knows(self, text: str) -> bool:
        """Whether a text names anything that the table knows."""
        if answers := self.denials.answers(text):
            return any(self._name(name) for name, *_ in answers)
        if self._named_in(text):
            return True
        return any(self._name(piece) for piece in self._pieces(text)[0])

    def names(self, text: str) -> bool:
        """Tell whether a cell names any element the table knows."""
        if not self._vocabulary.intersection(map(normalize, _WORDS.findall(text))):
            return False
        said = [part.text for part in parted(text)]
        if any(self._named_in(clause) and not self.denials.denies(clause) for clause in said):
            return True
        return len(_WORDS.findall(text)) <= _PROSE_WORDS and any(
            normalize(item) in self._known for item in self.read(text)
        )

    def mentions(self, text: str) -> bool:
        """Tell whether a text speaks of an element, be it that it was not disclosed."""
        return self.names(text) or bool(self._named_in(text))

    # --- one clause: items parted by commas, slashes and "and" ------------------------------------

    def _clause(self, clause: str) -> list[str]:
        if not clause.strip(" .,:;-"):
            return []
        if clause.strip(" ,.") == REDACTED:
            return [REDACTED]
        if clause.endswith("?"):
            return [self.denied(clause)]  # a question, and no answer
        if self._is_name(clause):
            return [clause.strip(" .,")]
        if self._is_denied_inside(clause) and _OF_ALL.search(clause):
            return [self.denied(clause)]
        if answers := self.denials.answers(clause):
            return [
                item
                for name, given, shown in answers
                for item in (self._clause(name) if given else [self.denied(shown)])
            ]
        # Brackets say something of what stands before them, and are looked into with it.
        outside = _BRACKETS.sub(lambda found: " " * len(found.group()), clause)
        stated, denied = self.denials.split(outside, self._knows)
        if denied:
            place = len(outside) if not stated else len(stated)
            stated, denied = (clause[:place], clause[place:].strip(" ,;/")) if stated else ("", clause)
            items = [name for name in self._list(stated) if name] if stated else []
            return [*items, self.denied(denied)]
        item = self._item(clause) if self._belong(*self._pieces(clause)) else None
        return [name for name in self._list(clause) if name] if item is None else item

    def _is_name(self, text: str) -> bool:
        """Whether a text is a name of the table as it stands, with nothing that answers or ticks behind it."""
        if normalize(text) not in self._known or _ANSWERED.search(text) or boxes(text):
            return False
        return self._belong(*self._pieces(text))

    def _list(self, text: str) -> list[str]:
        """The items of a list; what a separator parts stays whole where the whole is known or no part is."""
        pieces, marks = self._with_denied(*self._pieces(text))
        items: list[str] = []
        at = 0
        while at < len(pieces):
            for end in range(min(len(pieces), at + 4), at + 1, -1):
                if not self._belong(pieces[at:end], marks[at : end - 1]):
                    continue
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

    def _belong(self, pieces: list[str], marks: list[str]) -> bool:
        """Whether pieces may be one name: not `addr, city`, each of which is one, but `race/ethnicity`."""
        if len(pieces) < 2 or not all(self._name(piece) for piece in pieces):
            return True
        short = any(word.lower() in self._phrases.word for piece in pieces for word in _WORDS.findall(piece))
        return not short and all("," not in mark for mark in marks)

    def _with_denied(self, pieces: list[str], marks: list[str]) -> tuple[list[str], list[str]]:
        """The pieces, those that a bracket denies joined with what an `and` joins them to."""
        at = 1
        while at < len(pieces):
            if not marks[at - 1].strip().startswith(",") and self._is_denied_inside(pieces[at]):
                pieces[at - 1 : at + 1] = [pieces[at - 1] + marks[at - 1] + pieces[at]]
                del marks[at - 1]
            else:
                at += 1
        return pieces, marks

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
            if isinstance(item, _Unknown) and self._is_denied_inside(text):
                settled.append(self.denied(text))
            elif isinstance(item, _Unknown) and len(_WORDS.findall(text)) > _PROSE_WORDS:
                settled += [*self._named_in(text), self._rest(text)]
            elif isinstance(item, _Unknown):
                settled += self._behind_lead_in(text) + self._inside(text)
            else:
                settled.append(item)
        return settled

    def _is_denied_inside(self, text: str) -> bool:
        """Whether a bracket denies what it stands behind."""
        return any(
            self.denials.of_all_beside(inner, self._knows)
            for found in _BRACKETS.finditer(text)
            if (inner := clean(found[1] or found[2] or ""))
        )

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
        name = self._name(outside) or (self._name(text) if outside != text else None)
        if name is None:
            return None
        items = [name]
        for found in _BRACKETS.finditer(text):
            inner = clean(found[1] or found[2] or "")
            if normalize(inner) in self._phrases.inside or self.denials.is_yes(inner) or not inner.strip(" ."):
                continue
            if self.denials.of_all_beside(inner, self._knows):
                return [self.denied(text)]
            items += [each for each in self._clause(inner) if each not in items]
        return items

    def _look_up(self, text: str) -> str | None:
        """A phrase that the table of elements knows and that says the same as the text; None where there is none."""
        if normalize(text) in self._known:
            return text
        raw = _NUMBER_SIGN.sub(" number ", re.sub(r"['\u2019]s?\b", "", text))
        words = [self._phrases.word.get(word.lower(), word) for word in _WORDS.findall(raw)]
        if len(words) > _LONGEST_NAME + 4:
            return None
        for core in self._cores(words):
            for form in (core, singular(core)):
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
                first, last = normalize(" ".join(core[:size])), normalize(" ".join(core[-size:]))
                if len(core) > size and first in self._phrases.before and not self._changes(first, core[-1]):
                    queue.append(core[size:])
                if len(core) > size and last in self._phrases.after and not self._changes(last, core[-size - 1]):
                    queue.append(core[:-size])
            if len(core) == 2 and core[0].lower() in _CLAIM_FILES and core[1].lower() in ("claim", "claims"):
                queue.append(core[1:])

    def _changes(self, word: str, name: str) -> bool:
        """Whether a word makes something else of a name: phone records are no phone number."""
        return word in self._phrases.kept.get(name.lower(), ())

    # --- prose ----------------------------------------------------------------------------------

    def _named_in(self, text: str) -> list[str]:
        """The elements that a sentence names for certain, the longest names first."""
        words = [found.group() for found in _WORDS.finditer(text)]
        keys = [normalize(word) for word in words]
        found: list[str] = []
        at = 0
        while at < len(words):
            for size in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
                key = "_".join(keys[at : at + size])
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
