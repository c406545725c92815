"""Bytes of a log file, hashed as they are read.

The hash and the records come from one pass over the same bytes: what a scan says of a file is said
of exactly the bytes whose sha256 it prints, even if the file grows while it is read.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

from auditscan.readers.model import TruncatedFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHUNK = 1 << 20


class ByteStream(Protocol):
    """Something that fills a buffer; 0 means the end."""

    def readinto(self, view: memoryview) -> int:
        """Fill the buffer from its beginning; how many bytes were put there."""
        ...


class HashedFile:
    """A file opened for reading, its sha256 and size growing with every read.

    `advance` is told how many bytes each reading took.
    """

    def __init__(self, path: Path, advance: Callable[[int], None] = lambda _: None) -> None:
        self._advance = advance
        self._file = path.open("rb", buffering=0)
        self._sha256 = hashlib.sha256()
        self._ahead = b""
        self._stopped = False
        self.size = 0

    def readinto(self, view: memoryview) -> int:
        """Fill the buffer; 0 at the end."""
        if self._ahead:
            count = min(len(view), len(self._ahead))
            view[:count] = self._ahead[:count]
            self._ahead = self._ahead[count:]
            return count
        count = 0 if self._stopped else self._file.readinto(view) or 0
        if count:
            self._sha256.update(view[:count])
            self.size += count
            self._advance(count)
        return count

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; b'' at the end."""
        buffer = bytearray(size)
        return bytes(buffer[: self.readinto(memoryview(buffer))])

    def peek(self, size: int) -> bytes:
        """The first bytes, left to be read again."""
        head = read_up_to(self, size)
        # Of an earlier look that went further, the rest is still to come.
        self._ahead = head + self._ahead
        return head

    def drain(self) -> None:
        """Read to the end, for the hash alone."""
        while self.read(CHUNK):
            pass

    def hexdigest(self) -> str:
        """The sha256 of what was read so far."""
        return self._sha256.hexdigest()

    def stop(self) -> None:
        """Read no further: what comes next is the end."""
        self._stopped = True

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Pull:
    """Fills buffers from a method that returns pieces of any length."""

    def __init__(self) -> None:
        self._left = b""

    def _piece(self) -> bytes:
        """The next piece; b'' at the end."""
        raise NotImplementedError

    def readinto(self, view: memoryview) -> int:
        """Fill the buffer; 0 at the end."""
        if not self._left:
            self._left = self._piece()
        count = min(len(view), len(self._left))
        view[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


class Fixed(Pull):
    """Bytes that are at hand, as a stream."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._left = content

    def _piece(self) -> bytes:
        return b""


class Prefixed:
    """Bytes that were read ahead, then the rest of their stream."""

    def __init__(self, head: bytes, rest: ByteStream) -> None:
        self._head = head
        self._rest = rest

    def readinto(self, view: memoryview) -> int:
        """Fill the buffer; 0 at the end."""
        if self._head:
            count = min(len(view), len(self._head))
            view[:count] = self._head[:count]
            self._head = self._head[count:]
            return count
        return self._rest.readinto(view)


class UntilCut:
    """A stream that ends where its packed file was cut off, and remembers that it was."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.cut: TruncatedFile | None = None

    def readinto(self, view: memoryview) -> int:
        """Fill the buffer; 0 at the end."""
        try:
            return 0 if self.cut else self._stream.readinto(view)
        except TruncatedFile as error:
            self.cut = error
            return 0


def read_up_to(stream: ByteStream, size: int) -> bytes:
    """The next `size` bytes of the stream, fewer only at its end."""
    buffer = bytearray(size)
    view = memoryview(buffer)
    filled = 0
    while filled < size:
        count = stream.readinto(view[filled:])
        if not count:
            break
        filled += count
    return bytes(buffer[:filled])
