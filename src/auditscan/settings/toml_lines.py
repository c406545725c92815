"""A TOML text, and which line of it a key stands on.

`tomllib` gives values without places, and an error that cannot name its line costs the reader
a search. This scanner finds the places only: it runs beside `tomllib`, which stays the judge of
what is TOML, and it never fails: on a text that is no TOML it finds what it can.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, TypeAlias

from auditscan.errors import Problem, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

KeyPath: TypeAlias = tuple[str | int, ...]
"""`("params", "days", "unit")`; the n-th `[[regimes]]` adds its 0-based n: `("regimes", 0)`."""

_KEY_PART = re.compile(r"""\s*(?:"([^"\n]*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))\s*""")
_OPENERS = {"[": 1, "{": 1, "]": -1, "}": -1}
_CURLY = frozenset("\u2018\u2019\u201c\u201d")


def read_toml(
    path: Path, content: bytes, faults: type[ProblemsError], twice: str = "set"
) -> tuple[dict[str, Any], dict[KeyPath, list[int]]]:
    """Return what a file with this content says, and the lines of its keys as `key_lines` has them.

    A mark of byte order, which some editors write, is no part of it. Raises `faults` for what is no TOML, with every
    key that is `twice` (set, given) twice.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise faults([Problem(str(path), line, "this is not UTF-8 text")]) from error
    places = key_lines(text)
    try:
        return tomllib.loads(text), places
    except RecursionError as error:
        raise faults([Problem(str(path), 1, "lists are nested too deep")]) from error
    except ValueError as error:
        repeated = [
            Problem(str(path), lines[1], f"`{key[-1]}` is {twice} twice, first on line {lines[0]}")
            for key, lines in places.items()
            if len(lines) > 1
        ]
        line = error_line(str(error), text)
        said = (text.splitlines() or [""])[line - 1 : line]
        curly = " (the quotes are curly ones, as Word writes them: type straight ones)" if _CURLY & set(*said) else ""
        raise faults(repeated or [Problem(str(path), line, f"this is not TOML: {error}{curly}")]) from error


def line_of(places: Mapping[KeyPath, Sequence[int]], path: KeyPath) -> int:
    """Return the line of a key, or of the nearest table around it that has one; 1 where none has."""
    return next((places[path[:size]][0] for size in range(len(path), 0, -1) if path[:size] in places), 1)


def key_lines(text: str) -> dict[KeyPath, list[int]]:
    """Return the 1-based lines of every key and table header, in the order met.

    A key met twice has two lines, which is how a repeated key is found. Keys inside an inline
    table are not listed: they share the line of the key that holds the table, or nearly.
    """
    found: dict[KeyPath, list[int]] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    position = 0
    line = 1
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        head = text[position:end].strip()
        if head.startswith("["):
            is_array = head.startswith("[[")
            table = _resolve(_key_path(head.lstrip("["))[0], counts)
            if is_array:
                counts[table] = counts.get(table, 0) + 1
                table = (*table, counts[table] - 1)
            found.setdefault(table, []).append(line)
        elif head and not head.startswith("#"):
            path, length = _key_path(text[position:end])
            found.setdefault((*table, *path), []).append(line)
            end = _value_end(text, position + length)
        line += text.count("\n", position, end + 1)
        position = end + 1
    return found


def error_line(message: str, text: str) -> int:
    """Return the 1-based line a `tomllib` error message speaks of; the last when it names none."""
    match = re.search(r"at line (\d+)", message)
    return int(match[1]) if match else text.count("\n") + 1


def _resolve(path: KeyPath, counts: dict[KeyPath, int]) -> KeyPath:
    """Give each array of tables named in `path` the number of its last table, as TOML means it."""
    resolved: KeyPath = ()
    for depth, part in enumerate(path, start=1):
        resolved = (*resolved, part)
        if depth < len(path) and resolved in counts:
            resolved = (*resolved, counts[resolved] - 1)
    return resolved


def _key_path(text: str) -> tuple[KeyPath, int]:
    """Return a dotted key's parts and the number of characters it takes up."""
    parts: list[str | int] = []
    position = 0
    while match := _KEY_PART.match(text, position):
        parts.append(next(group for group in match.groups() if group is not None))
        position = match.end()
        if not text.startswith(".", position):
            break
        position += 1
    return tuple(parts), position


def _value_end(text: str, start: int) -> int:
    """Return the index of the line feed after the value that begins at or after `start`.

    Strings and brackets may hold line feeds; a `#` outside a string begins a comment.
    """
    depth = 0
    position = start
    while position < len(text):
        character = text[position]
        if character in "\"'":
            position = _string_end(text, position)
            continue
        if character == "#":
            line_feed = text.find("\n", position)
            position = len(text) if line_feed < 0 else line_feed
            continue
        if character == "\n" and depth <= 0:
            return position
        depth += _OPENERS.get(character, 0)
        position += 1
    return len(text)


def _string_end(text: str, start: int) -> int:
    """Return the index after the string that opens at `start`; an open one ends with its line."""
    quote = text[start]
    mark = quote * 3 if text.startswith(quote * 3, start) else quote
    stop = len(text) if len(mark) == 3 else text.find("\n", start)
    stop = len(text) if stop < 0 else stop
    position = start + len(mark)
    while position < stop:
        if quote == '"' and text[position] == "\\":
            position += 2
        elif text.startswith(mark, position):
            # Up to two more quotation marks may belong to the text: """so it ends"""""
            return position + len(mark) + _extra_quotes(text, position + len(mark), mark)
        else:
            position += 1
    return stop


def _extra_quotes(text: str, start: int, mark: str) -> int:
    """Return how many marks after a closing triple still belong to the string (0 to 2)."""
    if len(mark) == 1:
        return 0
    extra = 0
    while extra < 2 and text.startswith(mark[0], start + extra):
        extra += 1
    return extra
