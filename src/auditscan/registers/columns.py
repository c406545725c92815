"""Which field of a transfer a column of a register holds, if any.

The words of the header decide, by the table `synonyms.csv`; the cells below it confirm, rule out, or choose where the
words leave it open. A column that is not recognized is left alone and told: a wrong guess would put words into a
transfer that nobody logged.
"""

from __future__ import annotations

import csv
import itertools
import re
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Fits = Callable[[str, Sequence[str]], float | None]
    """How well values fit a field, from 0 to 1; None where values of that field can be anything."""

FIELDS = (
    "transfer_id", "occurred_at", "occurred_until", "event_count", "sender", "recipient", "recipient_address",
    "actor", "action", "system", "authority", "programs", "states", "elements", "populations", "record_count",
    "purpose", "outcome", "file_name", "bytes", "flag", "note", "ignored",
)  # fmt: skip
"""What a column may hold. `flag` says yes or no to an element, `note` is kept and not judged, `ignored` is left out."""

LIST_FIELDS = frozenset({"programs", "states", "elements", "populations"})
"""Fields that several columns may feed: each adds items."""
MANY = LIST_FIELDS | {"flag", "note", "ignored"}
"""What several columns of one table may be."""

Sureness = Literal["certain", "likely", "weak", "none"]
_RANKS = {"certain": 3, "likely": 2, "weak": 1, "none": 0}

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")
_OPTIONAL = re.compile(r"\((?:s|es|ies)\)", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_DOUBTFUL = 0.2
"""A column whose values fit a field less than this does not hold it, unless the header says so outright."""
_CONFIRMED = 0.6
_FLAGS = 0.5
"""Of a column of one element, so many of the different cells say yes or no."""
_SOME = 0.01


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a register was taken for."""

    header: str
    field: str | None
    """One of FIELDS; None where the column was not recognized."""
    why: str
    sure: Sureness
    words: int = 0
    """How many words of the header decided: of two columns for one field, the one that says more of it counts."""

    @property
    def judged(self) -> bool:
        """Whether the column becomes part of a transfer."""
        return self.field not in (None, "note", "ignored")


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The table of header words, ready for look-up."""

    words: dict[str, str] = field(default_factory=dict)
    stops: frozenset[str] = frozenset()
    fillers: frozenset[str] = frozenset()
    exact: dict[tuple[str, ...], tuple[str, str, str]] = field(default_factory=dict)
    """Words in their order -> field, how sure, phrase."""
    sets: dict[frozenset[str], tuple[str, str, str]] = field(default_factory=dict)
    parts: list[tuple[frozenset[str], str, str, str]] = field(default_factory=list)
    by_values: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    blocked: dict[str, frozenset[str]] = field(default_factory=dict)
    """Field -> words beside which a column is not that field."""
    negations: set[str] = field(default_factory=set)
    """Words of a header that say that something was not disclosed."""
    asking: set[str] = field(default_factory=set)
    """Words of a header that say that something was asked for, and no more."""

    @staticmethod
    @cache
    def shipped() -> Synonyms:
        """Return the table that comes with the program."""
        text = resources.files("auditscan.registers").joinpath("synonyms.csv").read_text(encoding="utf-8")
        return Synonyms.of(list(csv.DictReader(text.splitlines())))

    @staticmethod
    def of(rows: Sequence[dict[str, str]]) -> Synonyms:
        """Return the look-ups made of the rows of a table with the columns match, phrase, field and sure."""
        kinds: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            kinds.setdefault(row["match"], []).append(row)
        made = Synonyms(
            words={row["phrase"]: row["field"] for row in kinds.get("word", ())},
            stops=frozenset(row["phrase"] for row in kinds.get("stop", ())),
            fillers=frozenset(row["phrase"] for row in kinds.get("filler", ())),
        )
        for row in kinds.get("is", ()):
            key = made.tokens(row["phrase"])
            said = (row["field"], row["sure"], row["phrase"])
            made.exact.setdefault(key, said)
            made.sets.setdefault(made.core(key), said)
        made.negations.update(row["phrase"] for row in kinds.get("not", ()))
        made.asking.update(row["phrase"] for row in kinds.get("asked", ()))
        for row in kinds.get("has", ()):
            made.parts.append((frozenset(made.tokens(row["phrase"])), row["field"], row["sure"], row["phrase"]))
        for row in kinds.get("if", ()):
            key = made.tokens(row["phrase"])
            made.by_values[key] = (*made.by_values.get(key, ()), row["field"])
        blocked: dict[str, set[str]] = {}
        for row in kinds.get("block", ()):
            blocked.setdefault(row["field"], set()).update(made.tokens(row["phrase"]))
        made.blocked.update({name: frozenset(words) for name, words in blocked.items()})
        return made

    def tokens(self, header: str) -> tuple[str, ...]:
        """Return a header's words in their order, each in the form under which headers are compared."""
        text = _OPTIONAL.sub("", header).replace("#", " number ").replace("'s", " ").replace("\u2019s", " ")
        text = _CAMEL.sub(" ", text)
        words = (self._form(word) for word in _WORD.findall(text.casefold()))
        return tuple(word for word in words if word not in self.stops)

    def core(self, tokens: tuple[str, ...]) -> frozenset[str]:
        """Return the words that say something, whatever their order."""
        return frozenset(tokens) - self.fillers or frozenset(tokens)

    def _form(self, word: str) -> str:
        if word in self.words:
            return self.words[word]
        one = word
        if word.endswith("ies") and len(word) > 4:
            one = word[:-3] + "y"
        elif word.endswith(("sses", "xes")):
            one = word[:-2]
        elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
            one = word[:-1]
        return self.words.get(one, one)


def recognize(header: str, values: Sequence[str] = (), fits: Fits | None = None) -> Column:
    """Return what one column is taken for: by its header, and by some of its values where they are given."""
    found = _by_header(header)
    measured = fits if values else None
    if measured is None:
        return found
    # Of a column that could be another, a number alone is no answer: `1` may be a phone.
    answered = values if found.field is None else [cell for cell in values if not cell.strip().isdigit()]
    if (measured("element", [header]) or 0) == 1 and (measured("flag", answered) or 0) >= _FLAGS:
        return Column(header, "flag", "it names an element, and its cells say yes or no", "likely")
    if counts_rows(header, values):
        return Column(header, None, "it counts the rows", "none")
    # `Disclosed By` may hold agencies: then its values say more than its header does.
    settled = _by_values(found, header, values, measured)
    if found.field is None or settled.field != found.field:
        return settled
    share = measured(found.field, values)
    if share is None:
        return found
    if share >= _CONFIRMED:
        return replace(found, why=f"{found.why}; its values fit")
    if share < _DOUBTFUL and found.sure != "certain":
        other = _by_values(replace(found, field=None), header, values, measured)
        return other if other.field else Column(header, None, f"{found.why}, but its values do not fit", "none")
    return replace(found, why=f"{found.why}, though few of its values fit") if share < _DOUBTFUL else found


def counts_rows(header: str, values: Sequence[str]) -> bool:
    """Tell whether a column numbers the rows from the top: such a number is no name of a transfer."""
    if Synonyms.shipped().tokens(header) not in _COUNTERS or len(values) < 2:
        return False
    numbers = [int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 8 else -1 for cell in values]
    return numbers[0] in (0, 1) and all(one < other for one, other in itertools.pairwise(numbers))


_COUNTERS = frozenset(
    (("number",), ("row",), ("row", "number"), ("row", "id"), ("line",), ("line", "number"), ("item",), ("s", "number"),
     ("item", "number"), ("serial", "number"), ("sr", "number"), ("sl", "number"), ("seq",), ("sequence",),
     ("sequence", "number"), ("entry",), ("entry", "number"), ("record", "number"))
)  # fmt: skip


def _by_header(header: str) -> Column:
    table = Synonyms.shipped()
    if said_not := _negated(header):
        return said_not
    for text in dict.fromkeys((header, _without_brackets(header))):
        tokens = table.tokens(text)
        if not tokens:
            continue
        if said := table.exact.get(tokens):
            return _said(header, said, len(tokens), "its header is")
        if tokens in table.by_values:
            return Column(header, None, f"`{header}` could be more than one thing", "none")
        core = table.core(tokens)
        # "Disclosure No." names one, "No. of disclosures" counts them: there the order says it.
        said = None if "number" in core else table.sets.get(core)
        if said and not core & table.blocked.get(said[0], frozenset()):
            sure = "likely" if said[1] == "certain" else said[1]
            return _said(header, (said[0], sure, said[2]), len(core), "its header has the words of")
        best = _by_parts(core)
        if best is not None:
            return _said(header, best[1:], len(best[0]), "its header holds the words")
    return Column(header, None, "no word of its header is known", "none")


def _without_brackets(header: str) -> str:
    """The header without its brackets, and those in them."""
    plain = _BRACKETS.sub(" ", header)
    return plain if plain == header else _without_brackets(plain)


def _negated(header: str) -> Column | None:
    """What a header says was not disclosed, or only asked for; None where it says neither."""
    table = Synonyms.shipped()
    words = table.tokens(header)
    negated = [word for word in words if word in table.negations]
    if not negated or tuple(words) in table.exact:
        return None
    rest = " ".join(word for word in words if word not in table.negations)
    about = _by_header(rest).field if rest else "elements"
    if about is None and not set(table.tokens(rest)) <= _WIDE:
        return None
    return Column(header, "ignored", "it says what was not disclosed", "likely")


_WIDE = frozenset(
    ("data", "information", "item", "field", "record", "detail", "column", "from", "disclosure", "release")
)


def _by_parts(core: frozenset[str]) -> tuple[frozenset[str], str, str, str] | None:
    """The rule of most words that the header meets; None where none does, or two for different fields."""
    table = Synonyms.shipped()
    met = [
        rule for rule in table.parts if rule[0] <= core and not core & table.blocked.get(rule[1], frozenset()) - rule[0]
    ]
    if not met:
        return None
    most = max(len(rule[0]) for rule in met)
    best = [rule for rule in met if len(rule[0]) == most]
    return best[0] if len({rule[1] for rule in best}) == 1 else None


def _said(header: str, said: tuple[str, str, str], words: int, how: str) -> Column:
    name, sure, phrase = said
    if name == "none":
        return Column(header, None, f"`{phrase}` is no part of a transfer", "none")
    level: Sureness = "certain" if sure == "certain" else "likely" if sure == "likely" else "weak"
    return Column(header, name, f"{how} `{phrase}`", level, words)


def _by_values(found: Column, header: str, values: Sequence[str], fits: Fits) -> Column:
    """What a header that leaves it open is taken for when the values settle it."""
    table = Synonyms.shipped()
    open_fields = table.by_values.get(table.tokens(header), ())
    if found.field == "actor" and not open_fields:
        open_fields = ("sender",)
    # Whatever else stands in a column of outcomes, it tells what became of a disclosure.
    fitting = [
        name for name in open_fields if (fits(name, values) or 0) >= (_SOME if name == "outcome" else _CONFIRMED)
    ]
    if len(fitting) != 1:
        return found
    return Column(header, fitting[0], f"`{header}` leaves it open, and its values fit {fitting[0]}", "likely", 1)


# --- the columns of one table ----------------------------------------------------------------------

_OF_AN_ADDRESS = frozenset(
    ("city", "town", "zip", "zipcode", "postal", "postcode", "street", "address", "suite", "phone", "telephone", "tel",
     "fax", "mobile", "email", "title", "contact")
)  # fmt: skip


def recognize_all(
    headers: Sequence[str], values: Sequence[Sequence[str]] = (), fits: Fits | None = None
) -> list[Column]:
    """Return what each column of one table is taken for; a field that holds one value has one column at most."""
    found = [
        recognize(header, values[place] if place < len(values) else (), fits) for place, header in enumerate(headers)
    ]
    found = [_beside(place, found, values, fits) for place in range(len(found))]
    found = _asked_for(found)
    for name in FIELDS:
        if name in MANY:
            continue
        places = [place for place, column in enumerate(found) if column.field == name]
        if len(places) < 2:
            continue
        known = {place: _agencies(name, place, values, fits) for place in places}
        best = max(places, key=lambda place: (known[place], _RANKS[found[place].sure], found[place].words, -place))
        for place in places:
            if place != best:
                why = f"it could be {name} too, which `{headers[best]}` says better"
                found[place] = replace(found[place], field="note", why=why, sure="weak")
    return found


def _agencies(name: str, place: int, values: Sequence[Sequence[str]], fits: Fits | None) -> bool:
    """Whether a column of parties holds agencies that are known, and no names of those who wrote for them."""
    if name not in ("sender", "recipient") or fits is None or place >= len(values):
        return False
    return (fits("agency", values[place]) or 0) >= _CONFIRMED


def _asked_for(found: list[Column]) -> list[Column]:
    """The columns, those of what was asked for left out: beside what was given they say nothing of it."""
    table = Synonyms.shipped()
    asked = [column.field in LIST_FIELDS and bool(table.asking & set(table.tokens(column.header))) for column in found]
    given = {column.field for column, one in zip(found, asked, strict=True) if not one}
    return [
        replace(
            column, field="ignored" if column.field in given else None, why="it says what was asked for", sure="weak"
        )
        if one
        else column
        for column, one in zip(found, asked, strict=True)
    ]


def _beside(place: int, found: Sequence[Column], values: Sequence[Sequence[str]], fits: Fits | None) -> Column:
    """The column, unless it is a state of which the others say that it is not that of the data.

    Beside a city, a phone number or a title it says where a recipient sits; and where another column says that its
    states are those of the individuals, a plain `State` is another.
    """
    table = Synonyms.shipped()
    column = found[place]
    several = re.search(r"states|state\(s\)", column.header, re.IGNORECASE)
    if column.field != "states" or several or set(table.tokens(column.header)) - {"state", "code"}:
        return column
    if fits is not None and place < len(values) and (fits("several_states", values[place]) or 0) > 0:
        return column
    owned = next((one.header for one in found if one.field == "states" and _OWNERS & set(table.tokens(one.header))), "")
    if owned:
        return Column(column.header, "note", f"whose state it is, `{owned}` says, and not this one", "likely")
    near = [found[other] for other in (place - 1, place + 1) if 0 <= other < len(found)]
    if any(one.field != "flag" and _OF_AN_ADDRESS & set(table.tokens(one.header)) for one in near):
        why = "it stands beside an address, a phone or a title: the state of whoever that is"
        return Column(column.header, "note", why, "likely")
    return column


_OWNERS = frozenset((
    "beneficiary", "individual", "enrollee", "member", "patient", "person", "subject", "enrollment", "client",
    "consumer",
))  # fmt: skip
