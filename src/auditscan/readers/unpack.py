"""Packed logs unpacked as they are read, every checksum checked.

The engine's own readers take a damaged gzip file for a shorter one, so nothing packed ever reaches
them.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import TYPE_CHECKING

import zstandard

from auditscan.readers.model import DamagedFile, TruncatedFile
from auditscan.readers.raw import CHUNK, ByteStream, HashedFile, Pull

if TYPE_CHECKING:
    from collections.abc import Callable

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
BZIP2_MAGIC = b"BZh"
_BZIP2_BLOCKS = (b"1A", b"\x17r")
"""What follows the magic and a digit: a block, or the end of an empty stream."""
XZ_MAGIC = b"\xfd7zXZ\x00"
SUFFIXES = {"gzip": ".gz", "zstd": ".zst", "bzip2": ".bz2", "xz": ".xz"}
"""By the names that `unpacked` gives."""

_ZSTD_SKIPPED = tuple(bytes((number, 0x2A, 0x4D, 0x18)) for number in range(0x50, 0x60))
"""Beginnings of zstd frames that hold no data; parallel packers write them."""

MAX_RATIO = 1100
"""How many times its size a packed log may hold; gzip can do no more than 1,032, and logs pack some twenty to one."""

RATIO_FROM = 100 << 20
"""Whatever the ratio, so much may always be unpacked."""

_XZ_MEMORY = 512 << 20
"""The most that xz takes to unpack what its own tools packed is 65 MB."""

_STREAM_BYTES = 1 << 16

_PACKED_BYTES = 1 << 12
"""zstd packs up to 30,000 to one and unpacks all it is given: little is given at once."""

_BEHIND = "what stands behind the end of its packed data is not {0}, and was not read"


def unpacked(source: HashedFile) -> tuple[ByteStream, str]:
    """The file's bytes without compression, and the compression's name ('' for none).

    The stream raises DamagedFile where it unpacks to too many times the file's size.
    """
    head = source.peek(len(XZ_MAGIC))
    if head[:2] == GZIP_MAGIC:
        return _Bounded(Gunzip(source), source), "gzip"
    if head[:4] == ZSTD_MAGIC or head[:4] in _ZSTD_SKIPPED:
        return _Bounded(Unzstd(source), source), "zstd"
    if head.startswith(BZIP2_MAGIC) and head[4:] in _BZIP2_BLOCKS:
        return _Bounded(Unstream(source, "bzip2", BZIP2_MAGIC, bz2.BZ2Decompressor), source), "bzip2"
    if head == XZ_MAGIC:
        return _Bounded(Unstream(source, "xz", XZ_MAGIC, _xz), source), "xz"
    return source, ""


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)


class _Bounded:
    """Unpacked bytes, as long as there are not too many of them for what was read of the file."""

    def __init__(self, stream: ByteStream, source: HashedFile) -> None:
        self._stream = stream
        self._source = source
        self._given = 0

    def readinto(self, view: memoryview) -> int:
        """Fill the buffer; 0 at the end."""
        count = self._stream.readinto(view)
        self._given += count
        if self._given > RATIO_FROM and self._given > self._source.size * MAX_RATIO:
            raise DamagedFile(
                f"{self._source.size:,} bytes of it unpack to more than {self._given:,}, over {MAX_RATIO:,} to one "
                f"beyond {RATIO_FROM >> 20} MB, as in a bomb: if it is none, unpack it first"
            )
        return count


class Gunzip(Pull):
    """The unpacked bytes of a gzip file of one or more members.

    Raises TruncatedFile where the file ends inside a member or goes on with something else: what
    was given out before is good, though the last member's checksum is missing in the first case.
    Raises DamagedFile where a checksum or the packed data is wrong: what was given out before is
    not to be trusted.
    """

    def __init__(self, source: HashedFile) -> None:
        super().__init__()
        self._source = source
        self._member = zlib.decompressobj(31)
        self._packed = b""

    def _piece(self) -> bytes:
        while True:
            if self._member.eof and not self._next_member():
                return b""
            if not self._packed:
                self._packed = self._source.read(CHUNK)
            if not self._packed:
                raise TruncatedFile("the gzip file is cut off: what stands before the cut was read")
            try:
                piece = self._member.decompress(self._packed, CHUNK)
            except zlib.error as error:
                raise DamagedFile("the gzip data are damaged: a checksum or a code in them is wrong") from error
            self._packed = self._member.unconsumed_tail
            if piece:
                return piece

    def _next_member(self) -> bool:
        """Begin the next member, if there is one; NUL bytes between members are padding."""
        packed = _next_part(self._source, self._member.unused_data, GZIP_MAGIC, "gzip")
        if packed:  # else the ended member stays, so that reading on at the end gives the end again
            self._packed = packed
            self._member = zlib.decompressobj(31)
        return bool(packed)


def _next_part(source: HashedFile, behind: bytes, magic: bytes, name: str) -> bytes:
    """The beginning of the next part of a packed file, NUL bytes before it left out; b'' where there is none.

    Raises TruncatedFile where something else follows.
    """
    packed = behind.lstrip(b"\x00")
    while len(packed) < len(magic):
        more = source.read(CHUNK)
        if not more:
            break
        packed = (packed + more).lstrip(b"\x00")
    if packed and not packed.startswith(magic):
        raise TruncatedFile(_BEHIND.format(name))
    return packed


class Unzstd(Pull):
    """The unpacked bytes of a zstd file of one or more frames; raises as Gunzip does."""

    def __init__(self, source: HashedFile) -> None:
        super().__init__()
        self._source = source
        self._context = zstandard.ZstdDecompressor()
        self._frame = self._context.decompressobj()
        self._ahead = b""

    def _piece(self) -> bytes:
        while True:
            if self._frame.eof and not self._next_frame():
                return b""
            packed = self._packed(_PACKED_BYTES)
            if not packed:
                raise TruncatedFile("the zstd file is cut off: what stands before the cut was read")
            try:
                piece = self._frame.decompress(packed)
            except zstandard.ZstdError as error:
                raise DamagedFile("the zstd data are damaged: a checksum or a code in them is wrong") from error
            if piece:
                return piece

    def _next_frame(self) -> bool:
        """Begin the next frame, if there is one."""
        self._ahead = self._frame.unused_data + self._ahead
        if len(self._ahead) < len(ZSTD_MAGIC):
            self._ahead += self._source.read(CHUNK)
        head = self._ahead[: len(ZSTD_MAGIC)]
        if head and head != ZSTD_MAGIC and head not in _ZSTD_SKIPPED:
            raise TruncatedFile(_BEHIND.format("zstd"))
        if head:
            self._frame = self._context.decompressobj()
        return bool(head)

    def _packed(self, size: int) -> bytes:
        if not self._ahead:
            self._ahead = self._source.read(CHUNK)
        packed, self._ahead = self._ahead[:size], self._ahead[size:]
        return packed


class Unstream(Pull):
    """The unpacked bytes of a bzip2 or xz file of one or more streams; raises as Gunzip does."""

    def __init__(
        self,
        source: HashedFile,
        name: str,
        magic: bytes,
        begin: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor],
    ) -> None:
        super().__init__()
        self._source = source
        self._name = name
        self._magic = magic
        self._begin = begin
        self._stream = begin()
        self._ahead = b""
        self._ended = False

    def _piece(self) -> bytes:
        while True:
            if self._stream.eof and not self._next_stream():
                return b""
            packed, self._ahead = self._ahead, b""
            if self._stream.needs_input and not packed:
                packed = self._source.read(_STREAM_BYTES)
            if self._stream.needs_input and not packed:
                raise TruncatedFile(f"the {self._name} file is cut off: what stands before the cut was read")
            piece = self._unpack(packed)
            if piece:
                return piece

    def _unpack(self, packed: bytes) -> bytes:
        try:
            return self._stream.decompress(packed, CHUNK)
        except lzma.LZMAError as error:
            if "memory" in str(error).lower():
                raise DamagedFile(f"unpacking it takes more than {_XZ_MEMORY >> 20} MB of memory") from error
            raise DamagedFile(f"the {self._name} data are damaged: a checksum or a code in them is wrong") from error
        except OSError as error:  # so bz2 says that data are wrong
            raise DamagedFile(f"the {self._name} data are damaged: a checksum or a code in them is wrong") from error

    def _next_stream(self) -> bool:
        """Begin the next stream, if there is one; NUL bytes behind one are padding."""
        if self._ended:
            return False
        packed = _next_part(self._source, self._stream.unused_data, self._magic, self._name)
        self._ended = not packed
        if packed:
            self._stream = self._begin()
            self._ahead = packed
        return bool(packed)
