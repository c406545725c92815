"""What preparations of line logs share: a line of text in, a line of JSON out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from auditscan.readers.raw import CHUNK, Pull, read_up_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditscan.readers.raw import ByteStream

__all__ = ["LinesAsJson"]

LINE_BYTES = 16 << 20
"""A longer line is handed on as it stands: it is no line of any log that is prepared here."""

Record = dict[str, object]


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

    def last(self) -> list[Record]:
        """Records that only the end of the log shows."""
        return []

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
            made = self._joined(lines)
            if self._ended:
                made += b"".join(_written(record) for record in self.last())
            if made:
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
        return b"\n" if record is None else _written(record)


def _written(record: Mapping[str, object]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
