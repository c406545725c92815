"""Blocks of whole lines in memory files.

DuckDB reads JSON and CSV from files only. A block is a file that lives in memory: Python reads and
hashes the log straight into it, DuckDB parses it from there. A few blocks take turns, so that one
is filled while others are read, and memory stays the same however long the log is. Only a record
longer than a block makes it grow.
"""

from __future__ import annotations

import mmap
import os
import queue
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from auditscan.readers.model import KEPT_BYTES, MAX_RECORD_BYTES
from auditscan.readers.raw import CHUNK

if TYPE_CHECKING:
    from auditscan.readers.raw import ByteStream

BLOCK_BYTES = 64 << 20
"""Large enough that a block's fixed costs vanish, small enough for one a worker in memory."""

FIRST_BYTES = 4 << 20
"""How large the first block with a head is; each next one is four times as large, until they are of full size.

What a block says for the first time takes three times the reading of what is known, in every record that says it.
"""

COUNTED_BYTES = 1 << 20

HEAD_BYTES = 1 << 16
"""Room for a line of ours in front of a log's own; where a map of memory may begin, on every system."""

_NAME = "auditscan"


@cache
def in_memory() -> str:
    """What the system calls all blocks, behind their numbers; empty where they are no files in memory."""
    if not hasattr(os, "memfd_create"):
        return ""
    number = os.memfd_create(_NAME)
    try:
        return os.readlink(f"/proc/self/fd/{number}")  # noqa: PTH115 -- no file: its name stands for all of them
    finally:
        os.close(number)


class Block:
    """One memory file. `path` is where DuckDB finds it, `size` how many bytes of it count.

    With a `head`, DuckDB finds HEAD_BYTES more in front of them: blanks, unless `lead` puts something there.
    """

    def __init__(
        self, capacity: int, on_release: Callable[[Block], None] = lambda _: None, *, head: bool = False
    ) -> None:
        self._on_release = on_release
        self._begin = HEAD_BYTES if head else 0
        if in_memory():
            self._fd = os.memfd_create(_NAME)
            self.path = f"/proc/self/fd/{self._fd}"
            self._named: str | None = None
        else:  # Other systems get a private file, removed when the block is closed.
            self._fd, self.path = tempfile.mkstemp(prefix="auditscan-")
            self._named = self.path
        self.size = 0
        self.whole = 0
        """How long the one line is that it holds the beginning of; 0 where it holds whole lines."""
        self.capacity = 0
        self._map: mmap.mmap | None = None
        self.reserve(capacity)
        self.lead(b"")

    def reserve(self, capacity: int) -> None:
        """Make room for at least `capacity` bytes, keeping what is there."""
        if self._map is not None:
            self._map.close()
        self.capacity = max(capacity, self.capacity)
        os.ftruncate(self._fd, self._begin + self.capacity)
        self._map = mmap.mmap(self._fd, self.capacity, offset=self._begin)

    @property
    def map(self) -> mmap.mmap:
        """The memory of the file, all of its room."""
        if self._map is None:
            raise ValueError("the block is closed")
        return self._map

    def seal(self, size: int) -> None:
        """Cut the file to the bytes that count, for DuckDB to read."""
        self.size = size
        os.ftruncate(self._fd, self._begin + size)

    def unseal(self) -> None:
        """Give the file its room back, to be filled again."""
        os.ftruncate(self._fd, self._begin + self.capacity)

    def lead(self, lines: bytes) -> None:
        """Put whole lines in front of the bytes that count, in place of those put there before, if there is a head."""
        if self._begin:
            os.pwrite(self._fd, lines.ljust(self._begin - 1) + b"\n", 0)

    def text(self) -> bytes:
        """A copy of the bytes that count."""
        return self.map[: self.size]

    def count_lines(self) -> int:
        """How many lines end in the bytes that count, piece by piece: a copy of all of them needs fresh memory."""
        places = range(0, self.size, COUNTED_BYTES)
        return sum(self.map[place : min(place + COUNTED_BYTES, self.size)].count(b"\n") for place in places)

    def fill(self, *pieces: bytes | bytearray | memoryview) -> None:
        """Hold exactly these, one behind the other; none of them is of the block itself."""
        self.unseal()
        size = sum(map(len, pieces))
        if size > self.capacity:
            self.reserve(size)
        end = 0
        for piece in pieces:
            begin, end = end, end + len(piece)
            self.map[begin:end] = piece
        self.seal(size)

    def release(self) -> None:
        """Tell that the block has been used up."""
        self._on_release(self)

    def close(self) -> None:
        """Give the memory back."""
        if self._map is not None:
            self._map.close()
        os.close(self._fd)
        if self._named:
            Path(self._named).unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class LineBlocks(Iterator[tuple[Block, int]]):
    """A stream cut into blocks that end at line ends, filled by a thread of their own.

    Gives (block, offset): `offset` is where in the stream the block begins. Whoever takes a block
    releases it, so that it can be filled again. The last line gets a line end if it has none. An
    error of the stream is raised after the blocks that came before it. A line that is longer than
    MAX_RECORD_BYTES has a block of its own, which holds its beginning and says how long it is.
    """

    def __init__(
        self, stream: ByteStream, count: int = 2, block_bytes: int | None = None, *, head: bool = False
    ) -> None:
        block_bytes = block_bytes or BLOCK_BYTES
        self._stream = stream
        self._bytes = block_bytes
        self._aim = min(block_bytes, FIRST_BYTES) if head else block_bytes
        """How much is read into the next block."""
        self._free: queue.Queue[Block | None] = queue.Queue()
        self._full: queue.Queue[tuple[Block, int] | BaseException | None] = queue.Queue()
        self._stop = threading.Event()
        self._blocks = [Block(block_bytes, self._free.put, head=head) for _ in range(count)]
        for block in self._blocks:
            self._free.put(block)
        self._no_more = False
        self._failure: BaseException | None = None
        self._filler = threading.Thread(target=self._fill, daemon=True)
        self._filler.start()
        self._ended = False

    def __next__(self) -> tuple[Block, int]:
        item = None if self._ended else self._full.get()
        if item is None:
            self._ended = True
            raise StopIteration
        if isinstance(item, BaseException):
            self._ended = True
            raise item
        return item

    def close(self) -> None:
        """Stop filling and give the memory back."""
        self._stop.set()
        self._free.put(None)
        self._filler.join()
        for block in self._blocks:
            block.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _fill(self) -> None:
        try:
            self._fill_all()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that iterates
            self._full.put(error)
        else:
            self._full.put(None)

    def _fill_all(self) -> None:
        carried = b""
        offset = 0
        while not self._no_more or carried:
            block = self._free.get()
            if block is None or self._stop.is_set():
                return
            block.unseal()
            block.whole = 0
            if len(carried) > block.capacity:
                block.reserve(len(carried))
            block.map[: len(carried)] = carried
            filled = self._fill_block(block, len(carried))
            if not filled:
                block.seal(0)
                self._free.put(block)
                break
            if _begins_too_long(block, filled):
                carried = self._pass_over(block, filled)
                used = block.whole + 1
            else:
                used = _short_lines(block, filled if self._no_more else block.map.rfind(b"\n", 0, filled) + 1)
                carried = block.map[used:filled]
                block.seal(used)
            self._full.put((block, offset))
            offset += used
            self._aim = min(self._aim * 4, self._bytes)
        if self._failure is not None:
            raise self._failure

    def _fill_block(self, block: Block, filled: int) -> int:
        """Read on into a block that holds so much already, until it has lines enough; how much it holds then.

        Less than a line is in it only where that is too long already.
        """
        searched = filled
        # Where a block ends hangs on the bytes alone, and not on how many come at once: a packed log is cut as it is.
        goal = min(filled + self._aim, max(self._bytes, filled * 2))
        while not self._no_more and not _begins_too_long(block, filled):
            if filled == goal:
                if block.map.rfind(b"\n", searched, filled) >= 0:
                    return filled
                searched = filled
                goal *= 2  # one line longer than the block
            if goal > block.capacity:
                block.reserve(goal)
            with memoryview(block.map) as view, view[filled:goal] as rest:
                filled += self._read(rest)
        if self._no_more and filled and block.map[filled - 1 : filled] != b"\n":
            if filled == block.capacity:
                block.reserve(filled + 1)
            block.map[filled : filled + 1] = b"\n"
            filled += 1
        return filled

    def _read(self, view: memoryview) -> int:
        try:
            count = self._stream.readinto(view)
        except BaseException as error:  # noqa: BLE001 - raised after what was read before it
            self._failure, count = error, 0
        self._no_more = not count
        return count

    def _pass_over(self, block: Block, filled: int) -> bytes:
        """Leave of a line that is too long its beginning in the block; return what was read behind it."""
        begins = block.map[:KEPT_BYTES]
        end = block.map.find(b"\n", 0, filled)
        whole, rest = (filled, b"") if end < 0 else (end, block.map[end + 1 : filled])
        buffer = bytearray(CHUNK)
        while end < 0 and (count := self._read(memoryview(buffer))):
            end = buffer.find(b"\n", 0, count)
            whole += count if end < 0 else end
            rest = b"" if end < 0 else bytes(buffer[end + 1 : count])
        block.fill(begins + b"\n")
        block.whole = whole
        return rest


def _begins_too_long(block: Block, filled: int) -> bool:
    """Whether the first line is longer than a record may be."""
    return filled > MAX_RECORD_BYTES and block.map.find(b"\n", 0, MAX_RECORD_BYTES + 1) < 0


def _short_lines(block: Block, end: int) -> int:
    """Where the lines end that stand before the first one that is too long."""
    begin = 0
    while end - begin > MAX_RECORD_BYTES:
        last = block.map.rfind(b"\n", begin, begin + MAX_RECORD_BYTES + 1)
        if last < 0:
            return begin
        begin = last + 1
    return end
