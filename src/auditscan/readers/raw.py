"""Bytes of a log file, hashed as they are read, unpacked and turned into UTF-8.

The hash and the records come from one pass over the same bytes: what a scan says of a file is said of
exactly the bytes whose sha256 it prints, even if the file grows while it is read.
"""

from __future__ import annotations

import codecs
import hashlib
import zlib
from pathlib import Path
from typing import Protocol

from auditscan.readers.model import DamagedFile, TruncatedFile

CHUNK = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class ByteStream(Protocol):
    """Something that fills a buffer; 0 means the end."""

    def readinto(self, view: memoryview) -> int: ...


class HashedFile:
    """A file opened for reading, its sha256 and size growing with every read."""

    def __init__(self, path: Path) -> None:
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115 - closed by close()
        self._sha256 = hashlib.sha256()
        self._ahead = b""
        self.size = 0

    def readinto(self, view: memoryview) -> int:
        if self._ahead:
            count = min(len(view), len(self._ahead))
            view[:count] = self._ahead[:count]
            self._ahead = self._ahead[count:]
            return count
        count = self._file.readinto(view) or 0
        if count:
            self._sha256.update(view[:count])
            self.size += count
        return count

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; b'' at the end."""
        buffer = bytearray(size)
        return bytes(buffer[: self.readinto(memoryview(buffer))])

    def peek(self, size: int) -> bytes:
        """The first bytes, left to be read again."""
        self._ahead = read_up_to(self, size)
        return self._ahead

    def drain(self) -> None:
        """Read to the end, for the hash alone."""
        while self.read(CHUNK):
            pass

    def hexdigest(self) -> str:
        return self._sha256.hexdigest()

    def close(self) -> None:
        self._file.close()


class _Pull:
    """Fills buffers from a method that returns pieces of any length."""

    def __init__(self) -> None:
        self._left = b""

    def _piece(self) -> bytes:
        """The next piece; b'' at the end."""
        raise NotImplementedError

    def readinto(self, view: memoryview) -> int:
        if not self._left:
            self._left = self._piece()
        count = min(len(view), len(self._left))
        view[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


class Gunzip(_Pull):
    """The unpacked bytes of a gzip file of one or more members, every CRC checked.

    Raises TruncatedFile where the file ends inside a member (all bytes before have been given out), and
    DamagedFile where a checksum or the packed data is wrong: bytes given out before are not to be trusted.
    """

    def __init__(self, source: HashedFile) -> None:
        super().__init__()
        self._source = source
        self._member = zlib.decompressobj(31)
        self._packed = b""

    def _piece(self) -> bytes:
        while True:
            if self._member.eof:
                self._packed = self._member.unused_data.lstrip(b"\x00")
                if not self._packed:
                    self._packed = self._source.read(CHUNK).lstrip(b"\x00")
                if not self._packed:
                    return b""
                self._member = zlib.decompressobj(31)
            elif not self._packed:
                self._packed = self._source.read(CHUNK)
                if not self._packed:
                    raise TruncatedFile("the gzip stream ends early: the file was cut off")
            try:
                piece = self._member.decompress(self._packed, CHUNK)
            except zlib.error as error:
                raise DamagedFile(f"the gzip data are damaged ({error})") from error
            self._packed = self._member.unconsumed_tail
            if piece:
                return piece


class Unzstd(_Pull):
    """The unpacked bytes of a zstd file; raises as Gunzip does."""

    def __init__(self, source: HashedFile) -> None:
        super().__init__()
        import zstandard  # noqa: PLC0415 - only for .zst logs

        self._source = source
        self._error = zstandard.ZstdError
        self._context = zstandard.ZstdDecompressor()
        self._frame = self._context.decompressobj()

    def _piece(self) -> bytes:
        while True:
            packed = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                packed = packed or self._source.read(CHUNK)
                if not packed:
                    return b""
                self._frame = self._context.decompressobj()
            else:
                packed = self._source.read(CHUNK)
                if not packed:
                    raise TruncatedFile("the zstd stream ends early: the file was cut off")
            try:
                piece = self._frame.decompress(packed)
            except self._error as error:
                raise DamagedFile(f"the zstd data are damaged ({error})") from error
            if piece:
                return piece


class Utf8(_Pull):
    """UTF-16 text as UTF-8; what cannot be decoded becomes the byte 0xff, which no UTF-8 holds.

    So the line with the damage, and no other, is later found undecodable.
    """

    def __init__(self, source: ByteStream, encoding: str) -> None:
        super().__init__()
        codecs.register_error("auditscan_mark", _mark)
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("auditscan_mark")
        self._done = False

    def _piece(self) -> bytes:
        buffer = bytearray(CHUNK)
        while not self._done:
            count = self._source.readinto(memoryview(buffer))
            self._done = count == 0
            text = self._decoder.decode(bytes(buffer[:count]), final=self._done)
            if text:
                return text.encode("utf-8", "surrogateescape")
        return b""


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "\udcff", error.end


class Prefixed:
    """Bytes that were read ahead, then the rest of their stream."""

    def __init__(self, head: bytes, rest: ByteStream) -> None:
        self._head = head
        self._rest = rest

    def readinto(self, view: memoryview) -> int:
        if self._head:
            count = min(len(view), len(self._head))
            view[:count] = self._head[:count]
            self._head = self._head[count:]
            return count
        return self._rest.readinto(view)


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


def unpacked(source: HashedFile) -> tuple[ByteStream, str]:
    """The file's bytes without compression, and the compression's name ('' for none)."""
    head = source.peek(4)
    if head[:2] == GZIP_MAGIC:
        return Gunzip(source), "gzip"
    if head == ZSTD_MAGIC:
        return Unzstd(source), "zstd"
    return source, ""


def in_utf8(stream: ByteStream) -> tuple[ByteStream, str]:
    """The stream as UTF-8 without a byte order mark, and what was found ('' for plain UTF-8)."""
    head = read_up_to(stream, 4096)
    whole = Prefixed(head, stream)
    if head.startswith(codecs.BOM_UTF8):
        return Prefixed(head[3:], stream), "UTF-8 with a byte order mark"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Utf8(whole, "utf-16"), "UTF-16"
    # Without a mark: text that is mostly ASCII has a NUL in every second byte, always on one side.
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half >= 8 and odd > half * 0.7 and even < half * 0.1:
        return Utf8(whole, "utf-16-le"), "UTF-16 without a byte order mark"
    if half >= 8 and even > half * 0.7 and odd < half * 0.1:
        return Utf8(whole, "utf-16-be"), "UTF-16 without a byte order mark"
    return whole, ""
