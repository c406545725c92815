"""The verdicts, and the one way words are compared, kept apart so that readers and tables cannot drift."""

from __future__ import annotations

import re
from functools import lru_cache

VERDICTS = ("enjoined", "review", "permitted", "outside")
"""Worst first: the order of every table and of every bar. A part of a disclosure has one of them as its severity."""

# `\w` is exactly `str.isalnum()` plus "_", so this is "everything but letters and digits".
_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")


# The same keys and headers come again with every record and every file.
@lru_cache(maxsize=1 << 12)
def normalize(word: str) -> str:
    """Return the form of a word under which look-ups compare it.

    Unicode case folded; every run of characters other than letters and digits is one `_`;
    `_` at the ends removed. The answer is empty when the word has no letter and no digit.
    """
    return _NEITHER_LETTER_NOR_DIGIT.sub("_", word.casefold()).strip("_")
