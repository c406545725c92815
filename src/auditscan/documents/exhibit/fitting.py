"""Text of logs made fit to be printed: nothing unseen, no word wider than a line, no character without a glyph."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST = 40
"""Characters without a blank that fit a line for certain."""

PIECE = 30
"""Characters behind which a longer run may be broken."""

MAY_BREAK = "\u200b"
"""Shows as nothing, and a line may end there."""

_HASH = re.compile("[0-9a-f]{64}")
"""Fits its line, and is to be found by a search."""

_RUN = re.compile(rf"\S{{{LONGEST + 1},}}")


def fit(told: Any, codes: Mapping[int, str]) -> Any:  # noqa: ANN401 -- whatever JSON holds
    """Return what was told with every text in it fit to be printed; `codes` stand for characters without a glyph."""
    if isinstance(told, str):
        return _RUN.sub(_broken, printable(told).translate(codes))
    if isinstance(told, dict):
        return {name: fit(value, codes) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [fit(value, codes) for value in told]
    return told


def _broken(found: re.Match[str]) -> str:
    run = found[0]
    if _HASH.fullmatch(run):
        return run
    return MAY_BREAK.join(run[place : place + PIECE] for place in range(0, len(run), PIECE))


def beyond_ascii(told: Any) -> set[str]:  # noqa: ANN401 -- whatever JSON holds
    """Return the characters of what was told that a font may lack."""
    return {
        character
        for text in _texts(told)
        if not text.isascii()
        for character in set(printable(text))
        if not character.isascii()
    }


def _texts(told: Any) -> Iterator[str]:  # noqa: ANN401 -- whatever JSON holds
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict | list | tuple):
        for part in told.values() if isinstance(told, dict) else told:
            yield from _texts(part)


def codes(characters: set[str]) -> dict[int, str]:
    r"""Return how characters without a glyph are shown: by their code, as in `\u{65e5}`."""
    return {ord(character): f"\\u{{{ord(character):x}}}" for character in characters}
