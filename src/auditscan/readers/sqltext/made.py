"""Which tables the statements of a text make, fill, or put something else in the place of."""

from __future__ import annotations

import re
from typing import NamedTuple

from auditscan.readers.sqltext.model import NotFollowed
from auditscan.readers.sqltext.statements import Parts
from auditscan.readers.sqltext.tokens import split, tokens_of

__all__ = ["Written", "parts_of_name", "written_by"]

_TEMPORARY = frozenset(("TEMP", "TEMPORARY", "VOLATILE"))
_NAMED = re.compile(
    r"\b(?:create\b[^;(]{0,80}?\b(?:table|view)|insert\s+(?:into|overwrite)|merge\s+into|copy\s+into|update)\s+"
    r"(?:if\s+not\s+exists\s+)?([\w.\"`#$]+)",
    re.IGNORECASE,
)
_FILLS = {"INSERT": ("INTO", "OVERWRITE"), "MERGE": ("INTO",), "COPY": ("INTO",), "UPDATE": ()}


class Written(NamedTuple):
    """One statement that wrote to a table."""

    name: str
    """The table as the text spells it."""
    how: str
    """made (it holds nothing else) | filled (it may have held something) | changed (what it holds is not known)"""
    temporary: bool
    """Whether only its own session sees the table."""
    sql: str


def written_by(text: str, dialect: str) -> list[Written]:
    """The statements of the text that wrote to a table, in their order; of a broken text only the tables' names."""
    try:
        statements = split(tokens_of(text, dialect))
    except NotFollowed:
        return [Written(name, "changed", False, text) for name in _NAMED.findall(text)]
    found: list[Written] = []
    for tokens in statements:
        parts = Parts(text, tokens)
        found += [one for one in _written(parts) if one.name and one.name[0] not in "'@("]
    return found


def parts_of_name(name: str) -> tuple[str, ...]:
    """The parts of a table's name, as they are compared."""
    return tuple(part.strip('"`[]').upper() for part in name.split("."))


def _written(parts: Parts) -> list[Written]:
    head, whole = parts.words[0], parts.sql(0)
    if head == "CREATE":
        return _created(parts, whole)
    if head in _FILLS:
        place = 1
        if {"ALL", "FIRST"} & set(parts.words[1:3]):
            return [Written(parts.path(at + 1)[0], "changed", False, whole) for at in _places(parts, "INTO")]
        while place < len(parts.words) and parts.words[place] in (*_FILLS[head], "TABLE"):
            place += 1
        return [Written(parts.path(place)[0], "filled", False, whole)]
    if head in ("SELECT", "WITH"):
        place = parts.find("INTO") + 1
        if not place:
            return []
        temporary, how = False, "made"
        if {"INSERT", "MERGE", "OVERWRITE"} & set(parts.words[:place]):
            how = "filled"
        while place < len(parts.words) and parts.words[place] in (*_TEMPORARY, "TABLE"):
            temporary |= parts.words[place] in _TEMPORARY
            place += 1
        # A sign that stands alone is the mark of a temporary table.
        name = parts.path(place)[0]
        return [Written(name, how, temporary or name.startswith("#"), whole)]
    if head in ("ALTER", "DROP", "UNDROP"):
        return _changed(parts, whole)
    return []


def _places(parts: Parts, word: str) -> list[int]:
    return [place for place, one in enumerate(parts.words) if one == word]


def _created(parts: Parts, whole: str) -> list[Written]:
    words = parts.words[1:8]
    kinds = [word for word in words if word in ("TABLE", "VIEW", "PROCEDURE", "FUNCTION", "TASK", "STAGE", "ALERT")]
    if not kinds or kinds[0] not in ("TABLE", "VIEW"):
        return []
    place = parts.words.index(kinds[0]) + 1
    how = "made"
    while place < len(parts.words) and parts.words[place] in ("IF", "NOT", "EXISTS"):
        how, place = "filled", place + 1
    name = parts.path(place)[0].partition("(")[0]
    return [Written(name, how, bool(_TEMPORARY & set(words)) or name.startswith("#"), whole)]


def _changed(parts: Parts, whole: str) -> list[Written]:
    if parts.words[1:2] not in (["TABLE"], ["VIEW"]):
        return []
    place = 2
    while place < len(parts.words) and parts.words[place] in ("IF", "EXISTS"):
        place += 1
    names = [parts.path(place)[0]]
    if parts.words[0] == "ALTER":
        # Columns that come, go or get another type leave what the others hold.
        other = parts.find("WITH", "TO", start=place)
        if not {"RENAME", "SWAP"} & set(parts.words):
            return []
        names += [parts.path(other + 1)[0]] if other > 0 else []
    return [Written(name, "changed", False, whole) for name in names]
