"""Parameters of queries: what their headers declare, and values given for them read and checked.

A parameter is a DuckDB variable of its name. Whoever sets it, an option on the command line, a caller in
Python, `set variable` in another client, the SQL reads it in one way: `written` says which.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType
from typing import TYPE_CHECKING

from auditscan.errors import UsageError
from auditscan.text import did_you_mean, literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WORDS = ("agency", "category", "outcome", "population", "program", "regime", "rule", "state", "verdict")
"""The kinds of words that a parameter can hold, as the report `known_words` names them."""

_BIGINT = 1 << 63


@dataclass(frozen=True, slots=True)
class Type:
    """A type a parameter can have."""

    fits: Callable[[object], bool]
    """Whether a Python value is of the type."""
    read: Callable[[str], object]
    """Turns text into a value; raises ValueError for text that is none."""
    literal: Callable[[object], str]
    """Writes a value in SQL."""
    example: str
    """A value as text, for messages."""
    casts: tuple[str, ...]
    """The engine's names for the type, the plainest first."""


def _is_whole(value: object) -> bool:
    # In Python a bool is an int; in SQL a number of more than 64 bits is no bigint.
    return isinstance(value, int) and not isinstance(value, bool) and -_BIGINT <= value < _BIGINT


def _is_number(value: object) -> bool:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _is_clock(value: object) -> bool:
    return isinstance(value, time) and value.tzinfo is None


def _is_word(value: object) -> bool:
    return isinstance(value, str)


def _list_of(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    # An empty list would select nothing, and look like a clean log.
    return lambda value: isinstance(value, list | tuple) and len(value) > 0 and all(map(fits, value))


def _read_whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise ValueError(text)
    return int(text)


def _read_double(text: str) -> float:
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text):
        raise ValueError(text)
    return float(text)


def _read_day(text: str) -> date:
    # Python takes 20250601 and 2025-W22-7 too, which a reader would not know for days.
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(text)
    return day


def _read_clock(text: str) -> time:
    if not re.fullmatch(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?", text):
        raise ValueError(text)
    return time.fromisoformat(text)


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _listed(written: Callable[[object], str]) -> Callable[[object], str]:
    return lambda value: "[" + ", ".join(map(written, value if isinstance(value, list) else ())) + "]"


TYPES: Mapping[str, Type] = MappingProxyType(
    {
        "boolean": Type(
            lambda value: isinstance(value, bool),
            lambda text: {"true": True, "false": False}[text.lower()],
            lambda v: str(v).lower(),
            "true",
            ("boolean",),
        ),
        "integer": Type(_is_whole, _read_whole, str, "10", ("integer", "bigint")),
        "double": Type(_is_number, _read_double, str, "0.5", ("double",)),
        "varchar": Type(_is_word, str, literal, "T-1", ("varchar",)),
        # Not a moment, which is a `date` too.
        "date": Type(lambda v: type(v) is date, _read_day, lambda v: f"date '{v}'", "2025-06-01", ("date",)),
        "time": Type(_is_clock, _read_clock, lambda v: f"time '{v}'", "09:00:00", ("time",)),
        "varchar[]": Type(_list_of(_is_word), _items, _listed(literal), "CA,NY", ("varchar[]",)),
        "integer[]": Type(
            _list_of(_is_whole),
            lambda text: [_read_whole(item) for item in _items(text)],
            _listed(str),
            "1,2",
            ("integer[]", "bigint[]"),
        ),
    }
)
"""What a header can call a parameter's type."""


@dataclass(frozen=True)
class Parameter:
    """A number, word or list that a query takes, so that none stands bare in its SQL."""

    name: str
    type: str
    """One of TYPES."""
    default: object
    """Null (None) where a parameter is required, or where nothing given means that nothing is asked."""
    unit: str | None
    """What a number counts; None where the type is no number and nobody named one."""
    description: str
    required: bool = False
    """Whether the query has no answer without it."""
    words: str | None = None
    """The kind of word that it holds, one of WORDS; None where it is free text or no text at all."""

    def read_value(self, text: str) -> object:
        """Return the value that `text` from a command line stands for; the items of a list are parted by commas.

        Raises UsageError, with an example, where it is no value of the type.
        """
        try:
            value = TYPES[self.type].read(text.strip() if self.type != "varchar" else text)
        except (KeyError, ValueError):
            raise self._unfit(text) from None
        return self.check_value(value)

    def check_value(self, value: object) -> object:
        """Return a value given in Python, a tuple as the list that the engine takes.

        Raises UsageError, with an example, where it is not of the type.
        """
        if self.words and self.type == "varchar[]" and isinstance(value, str):
            # One word where several may stand, as Python callers write it.
            value = _items(value)
        if not TYPES[self.type].fits(value):
            raise self._unfit(value)
        return list(value) if isinstance(value, tuple) else value

    def look_up(self, value: object, spellings: Mapping[str, str], normalize: Callable[[str], str]) -> object:
        """Return a word, or a list of them, as answers spell it: `california` becomes CA.

        `spellings` are look-up form -> word. Raises UsageError, with near ones, for a word that stands for nothing: a
        query would find nothing, and look like a clean log.
        """
        if not isinstance(value, list):
            return self._word(str(value), spellings, normalize)
        return list(dict.fromkeys(self._word(str(one), spellings, normalize) for one in value))

    def _word(self, text: str, spellings: Mapping[str, str], normalize: Callable[[str], str]) -> str:
        word = spellings.get(normalize(text))
        if word is not None:
            return word
        known = sorted(set(spellings.values()))
        some = ", ".join(known[:6]) + (" and others" if len(known) > 6 else "")
        kind = f"an {self.words}" if str(self.words)[0] in "aeiou" else f"a {self.words}"
        raise UsageError(
            f"{text!r} is not the word of {kind}",
            where=self.name,
            hint=did_you_mean(normalize(text), spellings) or f"it takes {some}",
        )

    def written(self) -> str:
        """Return how SQL has to read the parameter.

        With its default beside it: in a client where nobody set the variable a bare one is null, and a rule
        that compares with null finds nothing and says nothing.
        """
        kind = TYPES[self.type]
        read = f"getvariable('{self.name}')"
        return read if self.default is None else f"coalesce({read}::{kind.casts[0]}, {kind.literal(self.default)})"

    def read_in(self, sql: str) -> bool:
        """Whether `sql`, without comments, reads the parameter everywhere in a way that knows the default."""
        places = len(re.findall(rf"getvariable\s*\(\s*'{self.name}'\s*\)", sql, re.IGNORECASE))
        if self.default is None:
            return places > 0
        kind = TYPES[self.type]
        casts = "|".join(map(re.escape, kind.casts))
        read = rf"coalesce\s*\(\s*getvariable\s*\(\s*'{self.name}'\s*\)\s*::\s*(?:{casts})"
        whole = rf"(?i:{read})\s*,\s*{re.escape(kind.literal(self.default))}\s*\)"
        return places == len(re.findall(whole, sql)) > 0

    def _unfit(self, value: object) -> UsageError:
        kind = TYPES[self.type]
        return UsageError(
            f"{value!r} is no {self.type}",
            where=self.name,
            why=self.description,
            hint=f"give it as {self.name}={kind.example}",
        )


SELECTION: Mapping[str, Parameter] = MappingProxyType(
    {
        name: Parameter(name, kind, None, None, description, words=words)
        for name, kind, description, words in (
            ("select_states", "varchar[]", "States, or unknown: transfers about one of them at least.", "state"),
            ("select_recipients", "varchar[]", "Agencies that received, or unknown.", "agency"),
            ("select_verdicts", "varchar[]", "Transfers with one of these verdicts, now or then.", "verdict"),
            ("select_from", "date", "First day, in the zone of the court.", None),
            ("select_until", "date", "Last day, in the zone of the court.", None),
        )
    }
)
"""The parameters of every report on a selection of transfers. One that is not given narrows nothing."""
