"""What preparations of line logs share: a line of text in, a line of JSON out."""

from __future__ import annotations

import json
import tempfile
from typing import TYPE_CHECKING, Generic, TypeVar

from auditscan.readers.raw import CHUNK, LineByLine, Pull

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

IN_MEMORY = 32 << 20
"""Longer logs wait on disk, in a file without a name."""


Told = TypeVar("Told")


class ToldAtEnd(Pull, Generic[Told]):
    """Lines that wait for the end of their log: of some of them only later ones tell what they are."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: Iterator[bytes] | None = None
        self._late: dict[int, Told] = {}
        """What later lines tell of a line, counted from 0; complete once all are `_prepared`."""

    def _prepared(self) -> Iterator[bytes]:
        """Yield the lines with their ends, any number of them at once."""
        raise NotImplementedError

    def _changed(self, line: bytes, told: Told) -> bytes:
        """Return a line, its end with it, as it is to be after all."""
        raise NotImplementedError

    def _piece(self) -> bytes:
        if self._lines is None:
            self._lines = self._settled()
        size, lines = 0, []
        for line in self._lines:
            lines.append(line)
            size += len(line)
            if size >= CHUNK:
                break
        return b"".join(lines)

    def _settled(self) -> Iterator[bytes]:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as waiting:
            for piece in self._prepared():
                waiting.write(piece)
            waiting.seek(0)
            for number, line in enumerate(waiting):
                yield self._changed(line, self._late[number]) if number in self._late else line


class LinesAsJson(LineByLine):
    """Makes a line of JSON of every line, and a blank one where `record` gives none, so that numbers stay."""

    def record(self, line: str) -> Mapping[str, object] | None:
        """What a line that is not blank says; None for one that is no record."""
        raise NotImplementedError

    def _made(self, line: bytes) -> bytes:
        try:
            text = line.decode("utf-8").rstrip("\r")
        except UnicodeDecodeError:
            return line + b"\n"
        record = self.record(text) if text.strip() else None
        return b"\n" if record is None else written(record)


def written(record: Mapping[str, object]) -> bytes:
    """A record as a line of JSON."""
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
