"""The page docs/words.md: `python -m tools.make_words_page`, run in `tests/`.

Made from the table that `auditscan words` reads; a test holds the committed page to it.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from auditscan.library.glossary import Word, words

PAGE = Path(__file__).parents[2] / "docs" / "words.md"

HEAD = """\
# What the words mean

What answers, reports and messages call things. `auditscan words` shows the same list, `auditscan words WORD` one of
them.
"""


def entry(word: Word) -> str:
    """One word as a line of a list."""
    also = f" ({', '.join(word.also)})" if word.also else ""
    return f"* **{word.word}**{also}: {word.meaning}\n"


def page() -> str:
    """Return the page as it should be."""
    groups = groupby(words(), key=lambda word: word.group)
    return HEAD + "".join(f"\n## {group}\n\n{''.join(map(entry, found))}" for group, found in groups)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
