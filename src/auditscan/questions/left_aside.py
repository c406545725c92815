"""Files that a scan found and did not read as logs: by kind, in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST_KIND = 40
"""Characters: a kind may be a pattern of the user."""

_MAY_HOLD = ("hidden file", "pipe", "socket", "device")
"""Kinds of which nobody looked at what they hold."""

COUNTABLE = (
    "file", "digest", "message", "folder", "document", "image", "page", "drawing", "presentation", "font", "pipe",
    "socket", "device", "link",
)  # fmt: skip
"""Ends of their names that take an s: no `2 documentations`."""


def kinds_of(notes: Iterable[str]) -> dict[str, int]:
    """Return how many files there are of each kind: those first that may hold records, then the most frequent.

    A note names its kind before its colon.
    """
    kinds = Counter((note or "empty file").partition(": ")[0] for note in notes)
    return dict(sorted(kinds.items(), key=lambda kind: (kind[0] not in _MAY_HOLD, -kind[1], kind[0])))


def kinds_told(kinds: Mapping[str, int], most: int | None = None) -> str:
    """Return them in words, or as many of them: `3 hidden files, 1 pipe and 2 more`; nothing where there are none."""
    counts = list(kinds.items())
    named = counts[:most]
    told = ", ".join(f"{count:,} {_named(kind, count)}" for kind, count in named)
    more = sum(count for _, count in counts[len(named) :])
    return f"{told} and {more:,} more" if more else told


def _named(kind: str, count: int) -> str:
    """Return the name of a kind of files, of several where it has a plural."""
    name = printable(kind)
    name = name if len(name) <= LONGEST_KIND else name[: LONGEST_KIND - 1].rstrip() + "…"
    return f"{name}s" if count > 1 and name.endswith(COUNTABLE) else name
