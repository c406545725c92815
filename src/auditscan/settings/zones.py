"""Does a time zone of this name exist? Apart, because what may go wrong is a list of its own."""

from __future__ import annotations

from zoneinfo import ZoneInfo


def zone_exists(name: str) -> bool:
    """Tell whether the time-zone database on this machine knows a name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # ZoneInfoNotFoundError is a KeyError; "../x" a ValueError; a folder name an OSError.
        return False
    return True
