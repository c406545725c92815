"""What a cell says was not disclosed, in the many ways in which people write that.

`SSN: No`, `SSN (not provided)`, a box that is not ticked, a heading `Excluded:` and the list below it. Nothing here
decides what was disclosed: it tells where a reader must not take a name for something that was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WORDS = re.compile(r"[^\W_]+(?:['\u2019]t\b)?")
_LONGEST = 4
_ASKED = re.compile(
    r"\b(?:dhs|ice|cbp|uscis|hsi|ero|recipients?|requesters?|requestors?)\s+"
    r"(?:supplied|provided|submitted|sent|gave|furnished|uploaded|entered)\b",
    re.IGNORECASE,
)
"""What the recipient brought along was not disclosed to it."""
_NUMBERED = frozenset(
    ("phone", "telephone", "tel", "fax", "mobile", "cell", "account", "acct", "card", "security", "sec", "social",
     "tax", "bank", "medicaid", "medicare", "case", "claim", "beneficiary", "alien", "passport", "license", "licence",
     "policy", "group", "identification", "record", "member", "file", "registration", "contact", "ph", "routing")
)  # fmt: skip
"""Behind these words `no` is short for number, with or without a dot."""
_OF_OTHERS = frozenset(("other", "others", "remaining", "rest", "else"))


_DASHES = frozenset("-\u2013\u2014")


class Denials:
    """Finds denials by the words of `phrases.csv`."""

    def __init__(
        self,
        no: frozenset[str] = frozenset(),
        negated: frozenset[str] = frozenset(),
        void: frozenset[str] = frozenset(),
        said: frozenset[str] = frozenset(),
        yes: frozenset[str] = frozenset(),
        spared: frozenset[str] = frozenset(),
    ) -> None:
        """`no` denies what follows, `negated` what stands beside it; `void`, with `said` around it, is an answer.

        So is `yes`, and `spared` are the phrases that hold a word of denial and deny nothing.
        """
        self._no, self._negated, self._void, self._said = no, negated, void, said
        self._yes, self._spared = yes, spared
        self._begin = frozenset(phrase.partition("_")[0] for phrase in no | negated | spared)

    # --- answers ----------------------------------------------------------------------------------

    def is_yes(self, text: str) -> bool:
        """Tell whether an answer, or a bracket, says that something was disclosed, and no more."""
        words = [word for word, *_ in self._words(text)]
        if not words:
            return bool(text.strip()) and set(text.strip()) <= _TICKED
        return all(word in self._yes for word in words)

    def is_no(self, text: str) -> bool:
        """Tell whether an answer, or a bracket, says nothing but that something was not disclosed."""
        words = [word for word, *_ in self._words(text)]
        if not words:
            return bool(text.strip()) and set(text.strip()) <= _DASHES
        if "_".join(words) in self._void:
            return True
        return any(word in self._void for word in words) and all(word in self._void | self._said for word in words)

    # --- sentences --------------------------------------------------------------------------------

    def denies(self, text: str) -> bool:
        """Tell whether a text denies anything."""
        return next(self._found(text), None) is not None

    def is_heading_of_none(self, text: str) -> bool:
        """Tell whether what stands below such a heading was not disclosed, or only asked for."""
        return self.denies(text) or _ASKED.search(text) is not None or self.is_no(text)

    def of_all_beside(self, text: str, names: Callable[[str], bool]) -> bool:
        """Tell whether a clause denies, and does not say what: it speaks of what stands beside it."""
        found = next(self._found(text), None)
        of_all = found is not None and (not found.follows or not text[found.end :].strip(" .,:;-\u2013()"))
        if not of_all and not self.is_no(text):
            return False
        return not names(text) and not any(word in _OF_OTHERS for word, *_ in self._words(text))

    def split(self, text: str, names: Callable[[str], bool]) -> tuple[str, str]:
        """Part what a clause says was disclosed from what it says was not, or may not have been."""
        found = list(self._found(text))
        if not found:
            return text, ""
        first = found[0]
        rest = text[first.end :]
        plain = all(one.follows for one in found) and rest.lstrip(" .")[:1].isalnum()
        if not plain or (first.needs_name and not names(rest)) or _answers(rest, self._yes):
            return "", text
        return re.sub(r"(?:[\s,;:(/-]|\b(?:but|and|or|with|all)\b)+$", "", text[: first.begin], flags=re.I), text[
            first.begin :
        ].strip()

    def _found(self, text: str) -> Iterator[_Denial]:
        words = list(self._words(text))
        at = 0
        while at < len(words):
            longest = min(_LONGEST, len(words) - at) if words[at][0] in self._begin else 0
            for size in range(longest, 0, -1):
                phrase = "_".join(word for word, *_ in words[at : at + size])
                begin, end = words[at][1], words[at + size - 1][2]
                if phrase in self._spared:
                    at += size
                    break
                if phrase in self._negated:
                    yield _Denial(begin, end, follows=False)
                    at += size
                    break
                if phrase in self._no and not (phrase in ("no", "nos") and _is_abbreviation(text, begin, end)):
                    yield _Denial(begin, end, follows=True, needs_name=phrase in ("not", "never"))
                    at += size
                    break
            else:
                at += 1

    def _words(self, text: str) -> Iterator[tuple[str, int, int]]:
        for found in _WORDS.finditer(text):
            word = found.group().lower()
            yield ("not" if word.endswith(("n't", "n\u2019t")) else word), found.start(), found.end()

    def answers(self, text: str) -> list[tuple[str, bool, str]] | None:
        """Return what a list of questions and answers asks for, whether it was disclosed, and each as written.

        `SSN: N, DOB: Y` is one, and so is `SSN no, DOB yes`; None for anything else.
        """
        read = []
        for piece in filter(None, map(str.strip, text.split(","))):
            found = _PAIR.fullmatch(piece)
            if found is None:
                return None
            answer = found["answer"]
            given = self.is_yes(answer)
            if not given and not self.is_no(answer):
                return None
            if found["blank"]:
                word = answer.lower().strip(".")
                if word.partition(" ")[0] not in _SHORT_ANSWERS or _is_abbreviation(piece, *found.span("answer")):
                    return None
            read.append((found["name"].strip(), given, piece))
        return read or None


_SHORT_ANSWERS = frozenset(("y", "yes", "n", "no", "none", "n/a", "na", "nil", "not", "-", "\u2013", "\u2014"))
"""Of other words behind a blank nobody can say whether they answer: `Address line 1`."""


@dataclass(frozen=True, slots=True)
class _Denial:
    begin: int
    end: int
    follows: bool
    """Whether it denies what follows it, and not what stands before it."""
    needs_name: bool = False


_PAIR = re.compile(
    r"(?P<name>[^:=?]{1,80}?)(?:\s*(?P<mark>[:=?]+|\s[-\u2013\u2014]+\s)\s*|(?P<blank>\s))(?P<answer>[^\s:=?][^:=?]{0,40})"
)


def _answers(text: str, yes: frozenset[str]) -> bool:
    """Whether what follows a denial ends in a yes, as in `SSN no DOB yes`."""
    words = _WORDS.findall(text.lower())
    return bool(words) and words[-1] in yes and words[-1] in ("y", "yes")


def _is_abbreviation(text: str, begin: int, end: int) -> bool:
    """Whether a `no` is that of `Social Security No.`: short for number, behind the word it numbers."""
    before = re.search(r"([^\W_]{1,30})\.? $", text[max(0, begin - 40) : begin])
    rest = text[end:]
    if before is None or (
        rest.lstrip(". ")[:1].isalnum() and not rest.lstrip(". ").lower().startswith(("and ", "or "))
    ):
        return False
    if re.search(r"\b(?:yes|y)\b", text, re.IGNORECASE):
        return False
    return before[1].lower() in _NUMBERED or (rest.startswith(".") and text[begin].isupper())


# --- clauses ------------------------------------------------------------------------------------------

_SHORTENED = ("excl", "incl", "no", "nos", "tel", "soc", "sec", "addr", "approx")
_BEFORE_A_DOT = "".join(rf"(?<!\b{form})" for word in _SHORTENED for form in (word, word.capitalize()))
_CLAUSE = re.compile(
    r"(?P<line>(?:[\n\r\u2022\u25cf\u25cb\u00b7\u2023\u25e6][\s;|\u2022\u25cf\u25cb\u00b7\u2023\u25e6]*"
    r"(?:[-\u2013*]\s+|\(?[0-9]{1,2}[.)]\s+(?=[A-Za-z]))?)|(?:^|\s)\(?[0-9]{1,2}[.)]\s+(?=[A-Za-z]))"
    r"|(?P<semi>[;|]+[\s;|]*)"
    rf"|(?P<stop>(?:(?<=[a-z0-9)\]])|(?<=[A-Z][A-Z])){_BEFORE_A_DOT}\.\s+(?=[A-Z(\[]))"
    r"|(?P<dash>(?:^|\s)[-\u2013]\s+)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One clause of a cell."""

    text: str
    before: str
    """What parts it from the clause before it: `line`, `semi`, `stop`, `dash`, or nothing."""


def parted(text: str) -> list[Part]:
    """Return the clauses of a cell, those of nothing but signs left out."""
    found: list[Part] = []
    at, before = 0, ""
    for mark in _CLAUSE.finditer(text):
        found.append(Part(text[at : mark.start()], before))
        at, before = mark.end(), str(mark.lastgroup)
    found.append(Part(text[at:], before))
    return [part for part in found if part.text.strip(" .,:;-\u2013*")]


# --- boxes --------------------------------------------------------------------------------------------

_EMPTY = "\u2610\u25a1\u25fb\u25a2\u2b1c"
_TICKED = frozenset("\u2611\u2713\u2714\u2705\U0001f5f8\U0001f5f9")
_CROSSED = "\u2612\u2717\u2718\u2716\u274c\u2327\u274e"
_BOX = re.compile(
    rf"(?P<ticked>[{''.join(sorted(_TICKED))}]|\[[xX\u2713\u2714]\]|\([xX]\)|(?<!\w)_*[xX]_+(?!\w)|(?<!\w)_+[xX](?!\w))"
    rf"|(?P<empty>[{_EMPTY}]|\[\s?\]|\[_+\]|\(\s?\)|(?<!\w)_+(?!\w))"
    rf"|(?P<crossed>[{_CROSSED}])"
)
_EDGE = "\n;,"
_PLUS = re.compile(r"(^|[\n;,]\s*)\+\s*(?=\w)")
_MINUS = re.compile(r"(^|[\n;,]\s*)[-\u2013]\s*(?=\w)")


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    before, after = text[: found.start()].rstrip(" \t")[-1:], text[found.end() :].lstrip(" \t")[:1]
    return before in ("", *_EDGE) and after in ("", *_EDGE)


def boxes(text: str) -> list[tuple[str, str]]:
    """Return the items of a list of boxes, each `ticked`, `empty`, `unclear`, or `none` where no box stands by it.

    Nothing for a text without boxes. A box with a cross in it is ticked where others are empty, and else unclear.
    """
    if "\u25cf" in text and "\u25cb" in text:  # round buttons, and no bullets
        text = text.replace("\u25cf", "\u2611").replace("\u25cb", "\u2610")
    if _PLUS.search(text) and _MINUS.search(text):
        text = _MINUS.sub("\\1\u2610 ", _PLUS.sub("\\1\u2611 ", text))
    # A line drawn where an item should stand is what was blacked out.
    marks = [found for found in _BOX.finditer(text) if found.group().strip("_") or not _stands_alone(text, found)]
    if not marks:
        return []
    kinds = {str(found.lastgroup) for found in marks}
    signs = {found.group() for found in marks}

    def state(found: re.Match[str]) -> str:
        if found.lastgroup == "crossed":
            ticks = found.group() == "\u2612" and "empty" in kinds and "ticked" not in kinds and len(signs) == 2
            return "ticked" if ticks else "unclear"
        return str(found.lastgroup)

    leading = all(text[: found.start()].rstrip(" \t")[-1:] in ("", *_EDGE) for found in marks)
    trailing = all(text[found.end() :].lstrip(" \t")[:1] in ("", *_EDGE) for found in marks)
    if leading == trailing:
        leading, trailing = marks[0].start() == 0, marks[-1].end() == len(text.rstrip())
    if leading == trailing:
        return [(text, "unclear")]
    if leading:
        ends = [*[found.start() for found in marks[1:]], len(text)]
        read = [(text[found.end() : end], state(found)) for found, end in zip(marks, ends, strict=True)]
        read.insert(0, (text[: marks[0].start()], "none"))
    else:
        begins = [0, *[found.end() for found in marks]]
        read = [(text[begin : found.start()], state(found)) for found, begin in zip(marks, begins, strict=False)]
        read.append((text[begins[-1] :], "none"))
    return [(item.strip(" \t\n;,-"), how) for item, how in read if item.strip(" \t\n;,-")]


# --- redactions that say that something was left out ----------------------------------------------------

_OUT = re.compile(
    r"(?<=\w)\s*[:=\u2013\u2014-]?\s*[\[(<{]\s*(?:redact\w*|withheld|deleted|removed|blacked out|sealed)\s*[\])>}]",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"\b(?:REDACTED|WITHHELD)\b")


def taken_out(text: str) -> str:
    """Return a text in which `SSN [withheld]` is no name beside a redaction: the name was not disclosed."""
    text = _OUT.sub(" (taken out)", text)

    def spoken(found: re.Match[str]) -> str:
        before, after = text[: found.start()].rstrip(" \t"), text[found.end() :].lstrip(" \t")
        alone = before[-1:] in ("", *_EDGE, "[", "(") and after[:1] in ("", *_EDGE, "]", ")")
        return found.group() if alone else found.group().lower()

    return _SHOUTED.sub(spoken, text)
