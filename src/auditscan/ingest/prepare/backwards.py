"""Logs that were written out with their newest line first."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import IO, TYPE_CHECKING

from auditscan.readers.raw import CHUNK, Pull

if TYPE_CHECKING:
    from collections.abc import Callable

_OLD = datetime(2024, 1, 1)  # noqa: DTZ001 - a leap year, for times that name none


def is_newest_first(head: bytes, time_in: Callable[[str], str | None]) -> bool:
    """Whether the times of a log's beginning go back more often than on: its lines stand in the reverse order."""
    lines = head.decode("utf-8", "replace").split("\n")
    times = [time for line in lines if (text := time_in(line.rstrip("\r"))) and (time := _instant(text)) is not None]
    back = sum(later < earlier for earlier, later in pairwise(times))
    return back > sum(later > earlier for earlier, later in pairwise(times))


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = datetime.strptime(f"{_OLD.year} {text}", "%Y %b %d %H:%M:%S")  # noqa: DTZ007
        except ValueError:
            return None
    try:
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    except OverflowError:  # Beyond the years 1 to 9999.
        return None


class Backwards(Pull):
    """The lines of a file, the last one first."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self._end = file.seek(0, 2)
        self._rest = b""
        self._first = True

    def _piece(self) -> bytes:
        while self._end:
            start = max(0, self._end - CHUNK)
            self._file.seek(start)
            block = self._file.read(self._end - start) + self._rest
            self._end = start
            if self._first:
                # What ends the last line begins none behind it.
                block, self._first = block.removesuffix(b"\n"), False
            self._rest, *lines = block.split(b"\n")
            if not start:
                lines.insert(0, self._rest)
            if lines:
                return b"".join(line + b"\n" for line in reversed(lines))
        return b""
