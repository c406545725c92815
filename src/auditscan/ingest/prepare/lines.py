"""What preparations of line logs share: a line of text in, a line of JSON out."""

from __future__ import annotations

import json
import tempfile
from typing import TYPE_CHECKING, Generic, TypeVar

from auditscan.readers.raw import CHUNK, Pull, read_up_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditscan.readers.raw import ByteStream

__all__ = ["IN_MEMORY", "LinesAsJson", "ToldAtEnd", "written"]

LINE_BYTES = 16 << 20
"""A longer line is handed on as it stands: it is no line of any log that is prepared here."""

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


class LinesAsJson(Pull):
    """Makes a line of JSON of every line, and a blank one where `record` gives none, so that numbers stay."""

    def __init__(self, stream: ByteStream) -> None:
        super().__init__()
        self._stream = stream
        self._rest = b""
        self._ended = False

    def record(self, line: str) -> Mapping[str, object] | None:
        """What a line that is not blank says; None for one that is no record."""
        raise NotImplementedError

    def _piece(self) -> bytes:
        while not self._ended:
            chunk = read_up_to(self._stream, CHUNK)
            self._ended = len(chunk) < CHUNK
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            if self._ended and self._rest:
                lines.append(self._rest)
            if len(self._rest) > LINE_BYTES and not self._ended:
                piece, self._rest = self._rest, b""
                return self._joined(lines) + piece
            if made := self._joined(lines):
                return made
        return b""

    def _joined(self, lines: list[bytes]) -> bytes:
        return b"".join(self._made(line) for line in lines)

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
