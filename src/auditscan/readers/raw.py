"""Bytes of a log file, hashed as they are read.

The hash and the records come from one pass over the same bytes: what a scan says of a file is said
of exactly the bytes whose sha256 it prints. These are the bytes that the file had when it was opened, or it is told.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from functools import cache
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from auditscan.readers.model import TruncatedFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CHUNK = 1 << 20

LINE_BYTES = 16 << 20
"""A longer line is handed on as it stands: it is no line of any log that is taken apart by lines."""

NO_FILE = (errno.ENOENT, errno.ENOTDIR)
"""What the system says where there is nothing of a name."""

_KERNEL = frozenset(
    {
        "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "efivarfs", "fusectl", "mqueue",
        "nsfs", "proc", "pstore", "rpc_pipefs", "securityfs", "selinuxfs", "sysfs", "tracefs",
    }
)  # fmt: skip
"""File systems on which nothing lies: what reads there asks the kernel, which may make it wait for ever."""

_MOUNT = re.compile(r"\S+ \S+ (\d+):(\d+) .* - (\S+) ")


@cache
def _kernel_devices() -> Mapping[int, str]:
    """The device numbers of such file systems, and what each is; none where the system does not list them."""
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    found = (_MOUNT.match(line) for line in mounts.splitlines())
    return {os.makedev(int(one[1]), int(one[2])): one[3] for one in found if one and one[3] in _KERNEL}


def why_never_read(status: os.stat_result) -> str:
    """Why a file or folder of this status is never opened, however it was come by; '' if it is."""
    kind = _kernel_devices().get(status.st_dev)
    return "" if kind is None else f"it lies on a file system of the kernel ({kind}), which holds no logs"


def open_log(path: Path) -> FileIO:
    """Open a file that logs may lie in; raises OSError, never waits, for what is none."""
    # A pipe that took the place of a log in this moment would wait for its writer.
    file = FileIO(path, opener=lambda name, flags: os.open(name, flags | _NEVER_WAIT))
    status = os.fstat(file.fileno())
    why = why_never_read(status) if stat.S_ISREG(status.st_mode) else "not a regular file"
    if why:
        file.close()
        raise OSError(errno.EINVAL, why, str(path))
    return file


_NEVER_WAIT = getattr(os, "O_NONBLOCK", 0)


class ByteStream(Protocol):
    """Something that fills a buffer; 0 means the end."""

    def readinto(self, view: memoryview) -> int:
        """Fill the buffer from its beginning; how many bytes were put there."""
        ...


class HashedFile:
    """A file opened for reading, its sha256 and size growing with every read.

    It ends where it ended when it was opened: a log that grows faster than it is read has an end all the same.
    `advance` is told how many bytes each reading took.
    """

    def __init__(self, path: Path, advance: Callable[[int], None] = lambda _: None) -> None:
        self._advance = advance
        self._file = open_log(path)
        self._begun = os.fstat(self._file.fileno())
        self._sha256 = hashlib.sha256()
        self._ahead = b""
        self._stopped = False
        self.size = 0
        if not self._begun.st_size:
            self._look_at_empty()

    @property
    def length(self) -> int:
        """How many bytes it had when it was opened."""
        return self._begun.st_size

    def _look_at_empty(self) -> None:
        """Refuse what says that it is empty and is not, as files do that a program makes up when they are read."""
        try:
            if self._file.read(1):
                self._begun = os.fstat(self._file.fileno())
                if not self._begun.st_size:
                    raise OSError(errno.EINVAL, "its size is told as 0, and it holds more: copy it, and scan the copy")
            self._file.seek(0)
        except OSError:
            self._file.close()
            raise

    def readinto(self, view: memoryview) -> int:
        """Fill the buffer; 0 at the end."""
        if self._ahead:
            count = min(len(view), len(self._ahead))
            view[:count] = self._ahead[:count]
            self._ahead = self._ahead[count:]
            return count
        left = 0 if self._stopped else self._begun.st_size - self.size
        count = self._file.readinto(view[:left]) or 0 if left > 0 else 0
        if count:
            self._sha256.update(view[:count])
            self.size += count
            self._advance(count)
        return count

    def meanwhile(self) -> tuple[str, bool]:
        """What became of the file while it was read to its end, '' for nothing; and whether what was read is whole."""
        now = os.fstat(self._file.fileno())
        same = (now.st_size, now.st_mtime_ns) == (self._begun.st_size, self._begun.st_mtime_ns)
        if self._stopped or same:
            return "", True
        size = self._begun.st_size
        if self.size < size:
            return f"it became shorter while it was read: only {self.size:,} of its {size:,} bytes were there", False
        # Did the writer only go on behind what was read?
        self._file.seek(0)
        again, left = hashlib.sha256(), size
        while left and (piece := self._file.read(min(left, CHUNK))):
            again.update(piece)
            left -= len(piece)
        if again.digest() != self._sha256.digest():
            return "it was rewritten while it was read: what was read may be parts of two contents", False
        grown = f"it grew while it was read: this is what stands in its first {size:,} bytes"
        return grown if now.st_size > size else "", True

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


class LineByLine(Pull):
    """Makes something of every line of a stream; a line longer than `LINE_BYTES` is handed on as it stands."""

    def __init__(self, stream: ByteStream) -> None:
        super().__init__()
        self._stream = stream
        self._rest = b""
        self._ended = False

    def _made(self, line: bytes) -> bytes:
        """What becomes of a line, which stands without its end."""
        raise NotImplementedError

    def _piece(self) -> bytes:
        while not self._ended:
            chunk = read_up_to(self._stream, CHUNK)
            self._ended = len(chunk) < CHUNK
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            if self._ended and self._rest:
                lines.append(self._rest)
            piece = b"".join(map(self._made, lines))
            if len(self._rest) > LINE_BYTES and not self._ended:
                piece, self._rest = piece + self._rest, b""
            if piece:
                return piece
        return b""


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
