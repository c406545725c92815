"""Text written by others, made fit to be shown."""

from __future__ import annotations

import unicodedata

__all__ = ["printable"]

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    r"""Return text with control and direction-changing characters spelled out, as in `\x1b`.

    Logs are written by others: an escape sequence in a file name must not recolor, overwrite or
    reorder the line that reports it.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape").decode()
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _BIDI
        else character
        for character in text
    )


def literal(text: object) -> str:
    """Return text or a path as an SQL string, for statements that take no parameters: ATTACH, SET, COPY, COMMENT."""
    return "'" + str(text).replace("'", "''") + "'"
