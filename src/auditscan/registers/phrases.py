"""The words around the names of elements, from `phrases.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from auditscan.policy import normalize
from auditscan.registers.denials import Denials

__all__ = ["Phrases"]


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words around the name of an element, from `phrases.csv`."""

    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    heading: frozenset[str] = frozenset()
    word: dict[str, str] = field(default_factory=dict)
    kept: dict[str, frozenset[str]] = field(default_factory=dict)
    """Last words of names, and the words that make something else of them and are not cut off."""
    denials: Denials = field(default_factory=Denials)

    @staticmethod
    @cache
    def shipped() -> Phrases:
        """Return the table that comes with the program."""
        sets: dict[str, set[str]] = {}
        words: dict[str, str] = {}
        kept: dict[str, frozenset[str]] = {}
        text = resources.files("auditscan.registers").joinpath("phrases.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(text.splitlines()):
            if row["kind"] == "word":
                words[row["phrase"]] = row["becomes"]
            elif row["kind"] == "kept":
                kept[row["phrase"]] = kept.get(row["phrase"], frozenset()) | set(row["becomes"].split())
            else:
                sets.setdefault(row["kind"], set()).add(normalize(row["phrase"]))
        found = {kind: frozenset(names) for kind, names in sets.items()}
        denials = Denials(found.pop("no"), found.pop("not"), *(found.pop(kind) for kind in _ANSWERS))
        return Phrases(**found, word=words, kept=kept, denials=denials)


_ANSWERS = ("void", "said", "yes", "spared")
