"""What the words mean that answers and messages use: one table, for the command line and for the page in docs/."""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass
from importlib import resources

from auditscan.errors import UsageError


@dataclass(frozen=True, slots=True)
class Word:
    """One word, and what it means here."""

    group: str
    word: str
    also: tuple[str, ...]
    """Other words for it."""
    meaning: str


def words() -> list[Word]:
    """Return every word, group by group, in the order of the table."""
    text = resources.files(__package__).joinpath("words.csv").read_text(encoding="utf-8")
    return [
        Word(row["group"], row["word"], tuple(filter(None, row["also"].split(", "))), row["meaning"])
        for row in csv.DictReader(text.splitlines())
    ]


def look_up(text: str) -> Word:
    """Return the word that a text names, however it is spelled; raises UsageError, with near ones, for another."""
    known = {_key(name): word for word in words() for name in (*word.also, word.word)}
    found = known.get(_key(text)) or known.get(_key(text).removesuffix("s"))
    if found is not None:
        return found
    near = [known[key].word for key in difflib.get_close_matches(_key(text), known)]
    raise UsageError(
        f"{text!r} is not explained here",
        hint=f"did you mean {' or '.join(dict.fromkeys(near))}?" if near else "`auditscan words` lists what is",
    )


def _key(text: str) -> str:
    return " ".join(text.lower().replace("_", " ").replace("-", " ").split())
