"""What one cell of a register says before anybody asks what it means: blank, redacted, or text."""

from __future__ import annotations

import re

REDACTED = "[redacted]"
"""Stands where something was blacked out: no table knows it, so it counts as unknown and is never taken for nothing."""

# Exemptions of 5 U.S.C. 552 as they are stamped on released pages, words in brackets, runs of X, stars and boxes.
_MARK = re.compile(
    r"""\(\s*b\s*\)\s*\(\s*\d\s*\)(?:[\s,;&/-]*\(\s*[A-Za-z0-9]{1,2}\s*\))*
      | \b[bB][1-9]\b(?![-\w])
      | [\[(<{]\s*(?i:redact\w*|withheld|deleted|removed|exempt\w*|blacked\ out|sealed|b\d)\s*(?:-[^\])>}]*)?[\])>}]
      | \b(?:REDACTED|WITHHELD)\b
      | (?<![A-Za-z])[Xx]{4,}(?![A-Za-z])
      | \b[Xx]{3}-[Xx]{2}-(?:[Xx]{4}|\d{4})
      | \*{2,}
      | [\u2580-\u259f\u25a0\u25aa\u25ae]+(?:\s*[\u2580-\u259f\u25a0\u25aa\u25ae]+)*
      | _{4,}
    """,
    re.VERBOSE,
)
_WORD_ALONE = re.compile(r"\W*(?:redacted|withheld)\W*", re.IGNORECASE)
_SPACE = re.compile(r"[\s\u200b\ufeff]+")
# UTF-8 that was read as Windows-1252: the first letter of such a pair is never followed by these in real text.
_MANGLED = re.compile("[\u00c2\u00c3\u00e2][\u0080-\u00bf\u20ac\u2122\u0153\u201c\u201d\u2018\u2019\u0161\u0178\u02c6]")


def clean(text: str | None) -> str:
    """Return a cell's text without blanks at its ends; empty for a missing cell.

    A run of blanks is one blank, or one line end where it holds one. So patterns meet no long runs, on which those
    that begin with blanks would take time by the square of their length.
    """
    if text is None:
        return ""
    # Of all blanks only the space is printable: most cells need no closer look.
    plain = text.isprintable() and "  " not in text
    return (text if plain else _SPACE.sub(_one_blank, text)).strip()


def _one_blank(found: re.Match[str]) -> str:
    blanks = found.group()
    return "\n" if "\n" in blanks or "\r" in blanks else " "


def mended(text: str) -> str:
    """Return text whose UTF-8 was once read as Windows-1252, read rightly; other text, and damage, as it is."""
    if not _MANGLED.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def is_redacted(text: str) -> bool:
    """Tell whether a cell holds a redaction and nothing that could be read beside it."""
    text = clean(text)
    left = _MARK.sub("", text)
    return (left != text and not re.search(r"\w", left)) or _WORD_ALONE.fullmatch(text) is not None


def without_redactions(text: str) -> tuple[str, bool]:
    """Return the text with each redaction as a list item of its own, and whether there was one."""
    shown = _MARK.sub(f"; {REDACTED} ;", text)
    return shown, shown != text
