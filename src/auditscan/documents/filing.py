"""How an exhibit is marked, numbered and filed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filing:
    """What a court, a clerk or the other side asks of an exhibit."""

    exhibit: str = ""
    """What it is called, on the cover and at the top of every page: `Ex. A`."""
    bates: str = ""
    """The prefix of the number of each page, bottom right; no numbers without it."""
    bates_start: int = 1
    """The number of the first page."""
    bates_suffix: str = ""
    """Stands behind each number: `CONF`."""
    links: bool = True
    """Whether the contents lead to their pages: some courts refuse files with links."""
    max_mb: float | None = None
    """Megabytes (of a million bytes) beyond which the exhibit is filed in parts."""
    record: bool = False
    """Whether each barred transfer is followed by its record as it stands in its file."""
