"""`regimes.toml` as blocks of typed values, each with the line it came from.

Shapes only: whether a value makes sense beside the others is for `check.py`, since an overlay
may hold half of a regime.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from auditscan.settings.toml_lines import error_line, key_lines, line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditscan.policy.problems import Problems, Source, Where
    from auditscan.settings.toml_lines import KeyPath


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_day(value: object) -> bool:
    # A TOML date-time is a `datetime`, which Python also counts as a `date`.
    return type(value) is date


_TYPES: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "text": ("a text in quotes", lambda value: isinstance(value, str)),
    "number": ("a whole number", lambda value: type(value) is int),
    "switch": ("true or false", lambda value: isinstance(value, bool)),
    "day": ("a date such as 2026-01-06, without quotes", _is_day),
    "days": (
        "a list of dates such as [2026-01-06]",
        lambda value: isinstance(value, list) and all(_is_day(item) for item in value),
    ),
    "words": ("a list of texts in quotes", _is_words),
}

TOP = {
    "schema_version": "number",
    "compiled_on": "day",
    "court_zone": "text",
    "boundary_days": "days",
    "caption": "text",
    "no_order_read": "text",
}
REGIME = {
    "id": "text",
    "title": "text",
    "ordered": "day",
    "first_day": "day",
    "last_day": "day",
    "enabled": "switch",
    "evidence": "text",
    "citation": "text",
    "states": "words",
    "states_unsettled": "words",
    "default_category": "text",
    "default_population": "text",
    "other_purpose": "text",
}
STATE_LISTS = ("states", "states_unsettled")
# What only an overlay may say: each speaks of the regime beneath it.
REGIME_OVERLAY = {"like": "text", **{f"{verb}_{key}": "words" for key in STATE_LISTS for verb in ("add", "remove")}}
REGIME_MAPS = dict.fromkeys(("categories", "populations", "programs", "state_notes", "certainty"), "text")
OF_LINES = frozenset({"certainty"})
"""Maps whose entries name a line of another list: `programs.chip`."""
INSTRUMENT = {
    "id": "text",
    "kind": "text",
    "title": "text",
    "dated": "day",
    "signed_candidates": "days",
    "end_candidates": "days",
    "access": "text",
    "weekdays": "words",
    "hours": "words",
    "hours_zone": "text",
    "narrow_list": "words",
    "wide_list": "words",
    "programs": "words",
}
REPORTED = {"date": "day", "evidence": "text", "states": "words", "elements": "words", "note": "text"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value. `None` stands for a value of the wrong type, which is already a problem."""

    value: Any
    where: Where
    places: Mapping[str, Where] = field(default_factory=dict)
    """Where items of a list stand that another line than `where` added."""


@dataclass(slots=True)
class Block:
    """One table: its values, and its sub-tables of entries."""

    where: Where
    values: dict[str, Leaf] = field(default_factory=dict)
    maps: dict[str, dict[str, Leaf]] = field(default_factory=dict)

    def get(self, key: str) -> Any:  # noqa: ANN401 - the shapes above say which type a key has
        """Return the value of a key, None when it is absent or unusable."""
        leaf = self.values.get(key)
        return None if leaf is None else leaf.value

    def at(self, key: str) -> Where:
        """Return where a key stands, or the block when the key is absent."""
        leaf = self.values.get(key)
        return self.where if leaf is None else leaf.where

    def item_at(self, key: str, item: str) -> Where:
        """Return where an item of a list stands."""
        leaf = self.values.get(key)
        return self.at(key) if leaf is None else leaf.places.get(item, leaf.where)

    def copy(self, where: Where) -> Block:
        """Return a block at another place that says the same, and can be changed on its own."""
        return Block(where, dict(self.values), {name: dict(entries) for name, entries in self.maps.items()})


@dataclass(slots=True)
class Document:
    """One `regimes.toml`, or several merged."""

    top: Block
    regimes: dict[str, Block] = field(default_factory=dict)
    instruments: dict[str, Block] = field(default_factory=dict)
    reported: list[Block] = field(default_factory=list)


class _Reader:
    def __init__(self, source: Source, lines: Mapping[KeyPath, Sequence[int]], problems: Problems) -> None:
        self.source = source
        self.lines = lines
        self.problems = problems

    def where(self, path: KeyPath) -> Where:
        """Return the line of a path, or of the nearest table around it that has one."""
        return self.source.at(line_of(self.lines, path))

    def leaf(self, path: KeyPath, kind: str, value: object) -> Leaf:
        where = self.where(path)
        wanted, holds = _TYPES[kind]
        name = path[-1]
        if not holds(value):
            self.problems.add(where, f"{name!r} is not {wanted}", "correct the value")
            return Leaf(None, where)
        texts = value if isinstance(value, list) else [value]
        if any(isinstance(text, str) and not text.strip() for text in texts):
            self.problems.add(where, f"{name!r} holds a blank text", "fill it or delete it")
            return Leaf(None, where)
        return Leaf(value, where)

    def block(
        self,
        path: KeyPath,
        table: object,
        keys: Mapping[str, str],
        maps: Mapping[str, str] | None = None,
    ) -> Block:
        maps = maps or {}
        block = Block(self.where(path))
        if not isinstance(table, dict):
            self.problems.add(block.where, f"{path[0]!r} is not a table", "write [[...]] headers")
            return block
        for key, value in table.items():
            here = (*path, key)
            if key in keys:
                block.values[key] = self.leaf(here, keys[key], value)
            elif key in OF_LINES and isinstance(value, dict):
                block.maps[key] = self.of_lines(here, maps[key], value)
            elif key in maps and isinstance(value, dict):
                block.maps[key] = {name: self.leaf((*here, name), maps[key], entry) for name, entry in value.items()}
            elif key in maps:
                self.problems.add(self.where(here), f"{key!r} is not a table", "write key = value")
            else:
                known = ", ".join((*keys, *maps))
                self.problems.add(self.where(here), f"unknown key {key!r}", f"the keys here are: {known}")
        return block

    def of_lines(self, path: KeyPath, kind: str, table: Mapping[str, object]) -> dict[str, Leaf]:
        """Return `programs.chip` -> its value, for entries written by list and word."""
        found: dict[str, Leaf] = {}
        for name, entries in table.items():
            here = (*path, name)
            if isinstance(entries, dict):
                found |= {f"{name}.{word}": self.leaf((*here, word), kind, value) for word, value in entries.items()}
            else:
                self.problems.add(self.where(here), f"{name!r} names no line", 'write programs.chip = "C", say')
        return found

    def blocks(
        self,
        name: str,
        data: Mapping[str, object],
        keys: Mapping[str, str],
        maps: Mapping[str, str] | None = None,
    ) -> list[Block]:
        items = data.get(name, [])
        if not isinstance(items, list):
            self.problems.add(self.where((name,)), f"{name!r} is not a list of tables", f"write [[{name}]]")
            return []
        return [self.block((name, n), item, keys, maps) for n, item in enumerate(items)]

    def by_id(self, name: str, blocks: list[Block]) -> dict[str, Block]:
        found: dict[str, Block] = {}
        for block in blocks:
            if "id" not in block.values:
                self.problems.add(block.where, f"a table of {name!r} has no id", "add id = ...")
            elif (key := block.get("id")) is None:
                continue
            elif key in found:
                self.problems.add(
                    block.at("id"),
                    f"id {key!r} stands twice, first in line {found[key].at('id').line}",
                    "give each its own id",
                )
            else:
                found[key] = block
        return found


def read_document(source: Source, text: str, problems: Problems) -> Document:
    """Return what a `regimes.toml` holds; what is wrong goes to `problems`.

    That of an overlay may consist of comments; a file of nothing at all is taken for an accident.
    """
    try:
        data: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = error_line(str(error), text)
        problems.add(source.at(line), f"not readable as TOML: {error}", "correct the line")
        return Document(Block(source.at(line)))
    reader = _Reader(source, key_lines(text), problems)
    regime = {**REGIME, **REGIME_OVERLAY} if source.overlaid else REGIME
    tables = ("regimes", "instruments", "reported_transfers")
    document = Document(
        top=reader.block((), {k: v for k, v in data.items() if k not in tables}, TOP, {"implied_by": "words"}),
        regimes=reader.by_id("regimes", reader.blocks("regimes", data, regime, REGIME_MAPS)),
        instruments=reader.by_id("instruments", reader.blocks("instruments", data, INSTRUMENT)),
        reported=reader.blocks("reported_transfers", data, REPORTED),
    )
    if not data and not (source.overlaid and text.strip()):
        problems.add(source.at(1), "holds no keys", "add some or delete the file")
    return document
