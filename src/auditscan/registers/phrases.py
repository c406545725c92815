"""The words around the names of elements, from `phrases.csv`."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from auditscan.policy import normalize
from auditscan.registers.denials import Denials

_FILE_TYPE = re.compile(r"\bIP\b(?!\s*(?:addr|claim)|[_-])")
_OF_CLAIMS = re.compile(r"(?i:\bclaims?\b|\bencounters?\b|\binpatient\b)|\b(?:OT|LT|RX|TAF)\b")


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


def files_of_claims(text: str) -> str:
    """Return a text in which `IP` is an inpatient file where it speaks of claims, and else as it stands."""
    return _FILE_TYPE.sub("IP claims", text) if _OF_CLAIMS.search(text) else text


def singular(words: list[str]) -> list[str]:
    """Return words with the last one in the singular."""
    last = words[-1]
    if last.endswith("ies") and len(last) > 4:
        last = last[:-3] + "y"
    elif last.endswith(("sses", "xes", "ches")):
        last = last[:-2]
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")) and len(last) > 2:
        last = last[:-1]
    return [*words[:-1], last]
