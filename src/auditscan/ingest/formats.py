"""The log formats of other systems, as their source files describe them.

A log_format is one SQL file: its header says how it is recognized and which fields it reads, its query maps them to the
canonical ones. What stands here turns headers into what recognition and reading need.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from auditscan.errors import UsageError
from auditscan.policy import normalize

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from auditscan.library import Library, Query

CANONICAL = ("ndjson", "json", "csv", "parquet")
"""What a canonical log can be written in."""


class Pieces(NamedTuple):
    """How the pieces of a text belong together."""

    by: tuple[str, ...]
    """The fields that all of them share."""
    order: str
    """The field that numbers them."""
    first: int
    """The number of the first."""
    sizes: list[int]
    """How many characters one has that another follows, the fewest first: logs differ."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format that a source file describes."""

    name: str
    reader: str
    """json | table | lines | records: JSON or a table, whichever the file is."""
    fields: tuple[str, ...]
    """What the query reads of a record, as look-up words."""
    needs: frozenset[str]
    """Fields without which a record, or a header, is not of this format; `a|b` where either will do."""
    values: Mapping[str, re.Pattern[str]]
    """Fields whose value tells the format from others with the same fields."""
    pattern: re.Pattern[str] | None
    """What each line looks like, for lines."""
    inside: frozenset[str]
    """Keys under which an outer object holds the list of records."""
    wrapped: tuple[str, ...]
    """Fields in which collectors and exports put the record itself, as an object or as its text."""
    prepare: str | None
    """The preparation that makes JSON records of the file's text."""
    parses: tuple[str, str, str] | None
    """The field that holds SQL, its dialect, and its path in the field's JSON, or ''; `a|b` where either will do."""
    pieces: Pieces | None
    """Where that text may stand in pieces, one a record."""
    by_record: bool
    """Whether each record is told by itself, so that those of many logs may be told in one turn."""
    counts: str | None
    """What its counts of records count: people or rows; None where the log does not say."""

    @property
    def reads_json(self) -> bool:
        """Whether its records may be JSON objects."""
        return self.reader in ("json", "records")

    @property
    def reads_tables(self) -> bool:
        """Whether its records may be rows below a header."""
        return self.reader in ("table", "records")

    def needs_stand_in(self, names: Container[str]) -> bool:
        """Whether every field that the format needs is among these look-up words."""
        return all(any(name in names for name in need.split("|")) for need in self.needs)


_FORMATS: dict[str, tuple[Format, ...]] = {}
"""By the hash of their library: every file of a scan is held against them."""


def formats_of(library: Library) -> tuple[Format, ...]:
    """The formats of a library, by name. Canonical logs are none of them."""
    if library.sha256 not in _FORMATS:
        made = (_format(query) for query in library.of("source") if "reader" in query.header)
        _FORMATS[library.sha256] = tuple(made)
    return _FORMATS[library.sha256]


def format_named(library: Library, name: str) -> Format | None:
    """The format called `name`, None for the canonical ones; raises UsageError where there is no such format."""
    known = {log_format.name: log_format for log_format in formats_of(library)}
    if name in CANONICAL or name == "canonical":
        return None
    if name not in known:
        raise UsageError(
            f"there is no log format named {name}",
            where="--format",
            hint=f"formats are canonical, {', '.join(known)}",
        )
    return known[name]


def _format(query: Query) -> Format:
    header = query.header

    def words(key: str) -> list[str]:
        return [normalize(word) for word in cast("list[str]", header.get(key, []))]

    needs = cast("list[str]", header.get("needs", []))
    values = cast("dict[str, str]", header.get("values", {}))
    pattern = cast("str | None", header.get("pattern"))
    parses = cast("dict[str, str] | None", header.get("parses"))
    pieces = cast("dict[str, Any] | None", header.get("pieces"))
    return Format(
        name=query.name,
        reader=str(header["reader"]),
        fields=tuple(words("fields")),
        needs=frozenset(map(_either, needs)),
        values={normalize(name): re.compile(text) for name, text in values.items()},
        pattern=None if pattern is None else re.compile(pattern),
        inside=frozenset(words("inside")),
        wrapped=tuple(words("wrapped")),
        prepare=cast("str | None", header.get("prepare")),
        parses=None if parses is None else (_either(parses["field"]), parses["dialect"], parses.get("path", "")),
        pieces=None
        if pieces is None
        else Pieces(
            tuple(map(normalize, pieces["by"])), normalize(pieces["order"]), pieces["first"], sorted(pieces["sizes"])
        ),
        by_record=bool(header.get("by_record")),
        counts=cast("str | None", header.get("counts")),
    )


def _either(names: str) -> str:
    """The look-up words of names that stand for one another."""
    return "|".join(map(normalize, names.split("|")))
