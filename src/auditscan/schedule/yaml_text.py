"""Strings as YAML holds them, so that no value becomes a number, a comment or the end of its line."""

from __future__ import annotations

import re

_PLAIN = re.compile("[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What stands as it is; the rest are controls, ends of lines, the mark of byte order, and what is no character."""

_NAMED = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def quoted(text: str) -> str:
    """Return a string in double quotation marks, on one line."""
    return '"' + "".join(_NAMED.get(char) or _char(char) for char in text) + '"'


def block(text: str, indent: int) -> str:
    """Return a text as a block of lines that a person reads as they are, or quoted where it holds what none may."""
    if not text.strip("\n") or not all(char in "\n\t" or _PLAIN.fullmatch(char) for char in text):
        return quoted(text)
    # Said, or YAML would take the spaces of a first line for the indent; `+` and `-` say how the text ends.
    ends = "-" if not text.endswith("\n") else "+" if text.endswith("\n\n") else ""
    lines = text.removesuffix("\n").split("\n")
    margin = " " * indent
    return f"|2{ends}\n" + "\n".join(margin + line if line else "" for line in lines)


def _char(char: str) -> str:
    if _PLAIN.fullmatch(char):
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
