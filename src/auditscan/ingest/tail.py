"""What a file that grew held when it was read before."""

from __future__ import annotations

from dataclasses import dataclass


class NotGrown(Exception):
    """A file does not go on from what it was taken to go on from. Nothing was loaded."""


@dataclass(frozen=True, slots=True)
class Tail:
    """What a file held when it was read before; only what it has more is to be read."""

    offset: int
    """How many bytes that were."""
    sha256: str
    """Of these bytes."""
    format: str
    """ndjson or csv."""


TAILED = ("ndjson", "csv")
"""Formats whose end can be read without the rest."""
