"""Which tables the statements of a text make, fill, or put something else in the place of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from auditscan.readers.sqltext.model import NotFollowed
from auditscan.readers.sqltext.parts import Parts
from auditscan.readers.sqltext.statements import cut
from auditscan.readers.sqltext.tokens import readable, split, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEMPORARY = frozenset(("TEMP", "TEMPORARY", "VOLATILE"))
_NAMED = re.compile(
    r"\b(?:create\b[^;(]{0,80}?\b(?:table|view)|insert\s+(?:into|overwrite)|merge\s+into|copy\s+into|update)\s+"
    r"(?:if\s+not\s+exists\s+)?([\w.\"`#$]+)",
    re.IGNORECASE,
)


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
    text = readable(text, dialect)
    try:
        statements = split(tokens_of(text, dialect))
    except NotFollowed:
        return [Written(name, "changed", False, text) for name in _NAMED.findall(text)]
    return [one for tokens in statements for one in _written(text, Parts(text, tokens)) if one.name]


def parts_of_name(name: str) -> tuple[str, ...]:
    """The parts of a table's name, as they are compared."""
    return tuple(part.strip('"`[]').upper() for part in name.split("."))


def _written(text: str, parts: Parts) -> Iterator[Written]:
    statement = cut(text, parts.tokens)
    words, sql = parts.words, parts.sql(0)
    temporary = bool(_TEMPORARY & set(words[:8]))
    if words[0] == "INSERT" and {"ALL", "FIRST"} & set(words[1:3]):
        for place, word in enumerate(words):
            if word == "INTO":
                yield Written(parts.path(place + 1)[0], "filled", False, sql)
    elif words[0] == "ALTER" and (statement.creates or statement.fills):
        # Renamed, or two that were swapped.
        other = parts.find("WITH", "TO") + 1
        yield Written(statement.table or statement.fills, "changed", False, sql)
        yield Written(parts.path(other)[0], "made" if statement.creates else "changed", False, sql)
    elif statement.creates:
        yield Written(
            statement.creates,
            "filled" if statement.may_exist else "made",
            temporary or statement.creates.startswith("#"),
            sql,
        )
    elif statement.fills:
        yield Written(statement.fills, "filled", False, sql)
    elif words[0] in ("SELECT", "SEL", "WITH") and (place := parts.find("INTO") + 1):
        how = "filled" if {"INSERT", "MERGE", "OVERWRITE"} & set(words[:place]) else "made"
        temporary = words[place : place + 1] != [] and words[place] in _TEMPORARY
        while place < len(words) and words[place] in (*_TEMPORARY, "TABLE"):
            place += 1
        name = parts.path(place)[0]
        yield Written(name, how, temporary or name.startswith("#"), sql)
    elif words[0] in ("DROP", "UNDROP") and words[1:2] in (["TABLE"], ["VIEW"]):
        place = 4 if parts.at(2, "IF", "EXISTS") else 2
        yield Written(parts.path(place)[0], "changed", False, sql)
