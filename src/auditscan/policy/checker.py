"""What every check of the effective policy needs: the words that are known, and how to say no.

A check that looks from one file into another is left out when that other file could not be
read: its rows are missing only because of a problem that is already told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.policy.csvfiles import SHAPES
from auditscan.settings.zones import zone_exists
from auditscan.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditscan.policy.csvfiles import Rows
    from auditscan.policy.problems import Problems, Where
    from auditscan.policy.regimefile import Block, Document

EVIDENCE = ("A", "B", "C", "D")
# Categories that need no element: one no table knows, and the agreement's open-ended one.
NO_ELEMENT_NEEDED = frozenset({"unclassified", "other_information"})

MEANINGS = {"elements.csv": "category", "populations.csv": "population", "programs.csv": "program"}
"""File -> its column of what regimes give a severity to."""


def meanings(files: Mapping[str, Rows]) -> dict[str, frozenset[str]]:
    """Return what the words of each file of MEANINGS stand for."""
    return {name: frozenset(row[column] for row in files[name].values()) for name, column in MEANINGS.items()}


class Checker:
    """Problems found so far, and the words the effective tables know."""

    def __init__(
        self,
        document: Document,
        files: Mapping[str, Rows],
        problems: Problems,
        beneath: Mapping[str, frozenset[str]],
    ) -> None:
        self.document = document
        self.files = files
        self.problems = problems
        self.unreadable = problems.files
        self.states = self.column("states.csv", "usps")
        self.elements = self.column("elements.csv", "element_key")
        # An overlay may give the last word for a population to another one: its severity then has
        # nothing to judge, and is no mistake of whoever wrote it.
        now = meanings(files)
        known = {name: now[name] | beneath.get(name, frozenset()) for name in MEANINGS}
        self.categories = known["elements.csv"] | NO_ELEMENT_NEEDED
        self.populations = known["populations.csv"] | {"unknown"}
        self.programs = known["programs.csv"] | {"unknown"}

    def column(self, name: str, column: str) -> frozenset[str]:
        """Return the different cells of a column of a CSV file."""
        return frozenset(row[column] for row in self.files[name].values())

    def required(self, block: Block, keys: Iterable[str]) -> None:
        """Demand keys of a block."""
        missing = [repr(key) for key in keys if key not in block.values]
        if missing:
            verb, it = ("is", "it") if len(missing) == 1 else ("are", "them")
            self.problems.add(block.where, f"{', '.join(missing)} {verb} missing", f"add {it}")

    def one_of(self, where: Where, name: str, value: object, allowed: tuple[str, ...]) -> None:
        """Demand one of a few values; None is for `required` to judge."""
        if value is not None and value not in allowed:
            self.problems.add(where, f"{name!r} cannot be {value!r}", f"use one of: {', '.join(allowed)}")

    def known(self, words: Iterable[str] | None, known: Iterable[str], kind: str, where: Where, file: str) -> None:
        """Demand words that a file knows, unless that file could not be read."""
        if file in self.unreadable:
            return
        for word in words or ():
            if word not in known:
                column = SHAPES[file].columns
                self.problems.add(
                    where,
                    f"{file} knows no {kind} {word!r}",
                    f"correct it, or add it to {file} ({', '.join(column)})",
                )

    def one_of_many(self, where: Where, what: str, word: str, known: Iterable[str]) -> None:
        """Demand a word of a list that is too long to be told, but for the one it may be a slip of."""
        names = sorted(known)
        if word not in names:
            do = did_you_mean(word, names, most=1) or f"there are: {', '.join(names[:8])}"
            self.problems.add(where, f"{what} {word!r}", do)

    def no_repeats(self, words: list[str], where: Where) -> None:
        """Demand a list without repeats."""
        for word in sorted({word for word in words if words.count(word) > 1}):
            self.problems.add(where, f"{word!r} stands twice", "keep one")

    def zone(self, block: Block, key: str) -> None:
        """Demand the name of a time zone, where the key is there."""
        zone = block.get(key)
        if zone is not None and not zone_exists(zone):
            self.problems.add(block.at(key), f"no time zone {zone!r}", "use a name such as America/New_York")


def later(where: Where) -> tuple[int, str, int]:
    """Order places so that the one a user most likely wrote comes last: by overlay, then by line."""
    source = where.source
    return (source.place, source.path, where.line)
