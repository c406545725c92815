"""Packed logs unpacked as they are read, every checksum checked.

The engine's own readers take a damaged gzip file for a shorter one, so nothing packed ever reaches
them.
"""

from __future__ import annotations

import zlib

import zstandard

from auditscan.readers.model import DamagedFile, TruncatedFile
from auditscan.readers.raw import CHUNK, ByteStream, HashedFile, Pull

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPED = tuple(bytes((number, 0x2A, 0x4D, 0x18)) for number in range(0x50, 0x60))
"""Beginnings of zstd frames that hold no data; parallel packers write them."""

_PACKED_BYTES = 1 << 12
"""zstd packs up to 30,000 to one and unpacks all it is given: little is given at once."""

_BEHIND = "what stands behind the end of its packed data is not {0}, and was not read"


def unpacked(source: HashedFile) -> tuple[ByteStream, str]:
    """The file's bytes without compression, and the compression's name ('' for none)."""
    head = source.peek(4)
    if head[:2] == GZIP_MAGIC:
        return Gunzip(source), "gzip"
    if head == ZSTD_MAGIC or head in _ZSTD_SKIPPED:
        return Unzstd(source), "zstd"
    return source, ""


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
        packed = self._member.unused_data.lstrip(b"\x00")
        while len(packed) < len(GZIP_MAGIC):
            more = self._source.read(CHUNK)
            if not more:
                break
            packed = (packed + more).lstrip(b"\x00")
        if packed and not packed.startswith(GZIP_MAGIC):
            raise TruncatedFile(_BEHIND.format("gzip"))
        if packed:  # else the ended member stays, so that reading on at the end gives the end again
            self._packed = packed
            self._member = zlib.decompressobj(31)
        return bool(packed)


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
