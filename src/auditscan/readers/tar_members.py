"""The members of a tar archive, one after the other from a stream.

The standard library parses the headers. It does not walk the archive: it takes an archive that ends between two
members for a whole one, and holds headers of any length in memory.
"""

from __future__ import annotations

import re
import tarfile
from typing import TYPE_CHECKING

from auditscan.readers.archive import TAR_BLOCK, BrokenArchive, Budget, Member, Names, climbs, text_of
from auditscan.readers.model import DamagedFile, TruncatedFile
from auditscan.readers.raw import CHUNK, Pull, read_up_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.readers.raw import ByteStream

_MAX_HEADER = 1 << 20
"""Of a long name, or of what a member is said to have beside its name."""
_LONG = {tarfile.GNUTYPE_LONGNAME: "name", tarfile.GNUTYPE_LONGLINK: "link"}
_PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_REGULAR = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
_ODD = {
    tarfile.SYMTYPE: "a link, not a regular file",
    tarfile.LNKTYPE: "another name of a file that the archive holds",
    tarfile.CHRTYPE: "a device, not a regular file",
    tarfile.BLKTYPE: "a device, not a regular file",
    tarfile.FIFOTYPE: "a pipe, not a regular file",
}
_RECORD = re.compile(rb"(\d{1,7}) ")
_CUT = "the tar archive is cut off: nothing behind the cut was read"


def tar_members(stream: ByteStream, budget: Budget) -> Iterator[Member]:
    """Yield the members of a tar archive as they come; what is not read of one is passed over.

    Everything taken from the stream is counted by the budget. Raises BrokenArchive where the archive is cut off,
    damaged or too large, and OSError where it cannot be read.
    """
    blocks = _Blocks(stream, budget)
    names = Names()
    said: dict[str, str] = {}
    while (header := _header(blocks)) is not None:
        if header.type in _LONG:
            said[_LONG[header.type]] = text_of(blocks.whole(header.size).rstrip(b"\0"))
            continue
        if header.type in _PAX:
            said |= _pax(blocks.whole(header.size))
            continue
        size = int(said["size"]) if said.get("size", "").isdigit() else header.size
        if header.type in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE):
            size = 0
        name = said.get("name", header.name)
        content = _Content(blocks, size)
        if header.type not in (tarfile.DIRTYPE, tarfile.XGLTYPE):
            yield _member(header, name, content, names, sparse="sparse" in said)
        content.pass_over()
        if header.type != tarfile.XGLTYPE:
            said = {}
    blocks.rest()


def _member(header: tarfile.TarInfo, name: str, content: _Content, names: Names, *, sparse: bool) -> Member:
    shown = names.shown(name)
    if header.type in _ODD:
        return Member(shown, skip=_ODD[header.type])
    if fault := climbs(name):
        return Member(shown, fault=fault)
    if sparse or header.type not in _REGULAR:
        return Member(shown, fault="it is kept in the archive with holes, or in parts: unpack it first")
    return Member(shown, open=lambda: content)


def _header(blocks: _Blocks) -> tarfile.TarInfo | None:
    """The next header; None at the mark of the end."""
    block = blocks.read(TAR_BLOCK)
    if len(block) < TAR_BLOCK:
        raise BrokenArchive(_CUT)
    if not any(block):
        return None
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        raise BrokenArchive("the tar archive is damaged: nothing behind the damage was read") from error


def _pax(raw: bytes) -> dict[str, str]:
    """Name and size out of an extended header, and whether the member has holes."""
    found: dict[str, str] = {}
    at = 0
    while length := _RECORD.match(raw, at):
        end = at + int(length[1])
        key, _, value = raw[length.end() : end - 1].partition(b"=")
        if end <= at:
            break
        at = end
        if key in (b"path", b"size"):
            found["name" if key == b"path" else "size"] = text_of(value)
        elif key.startswith(b"GNU.sparse."):
            found["sparse"] = "yes"
            if key == b"GNU.sparse.name":
                found["name"] = text_of(value)
    return found


class _Blocks:
    """The archive's bytes, counted, in the library's or the unpacker's own words no more."""

    def __init__(self, stream: ByteStream, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, size: int) -> bytes:
        """As many bytes as asked for, fewer only at the end of the archive."""
        try:
            piece = read_up_to(self._stream, size)
        except TruncatedFile as error:
            raise BrokenArchive(error.message) from error
        except DamagedFile as error:
            raise BrokenArchive(f"{error.message}; nothing behind the damage was read") from error
        self._budget.take(len(piece))
        return piece

    def whole(self, size: int) -> bytes:
        """The content of a header that tells of the next one."""
        if not 0 <= size <= _MAX_HEADER:
            raise BrokenArchive(f"a header of the tar archive has {size:,} bytes, and {_MAX_HEADER:,} are the most")
        raw = self.read(-(-size // TAR_BLOCK) * TAR_BLOCK)
        if len(raw) < size:
            raise BrokenArchive(_CUT)
        return raw[:size]

    def rest(self) -> None:
        """Read what stands behind the mark of the end: padding, and the checksum of the whole."""
        while piece := self.read(CHUNK):
            if piece.strip(b"\0"):
                raise BrokenArchive("what stands behind the end of the tar archive was not read")


class _Content(Pull):
    """The bytes of one member; raises BrokenArchive where they end too early."""

    def __init__(self, blocks: _Blocks, size: int) -> None:
        super().__init__()
        self._blocks = blocks
        self._to_come = max(0, size)
        self._padding = -self._to_come % TAR_BLOCK

    def _piece(self) -> bytes:
        size = min(CHUNK, self._to_come)
        piece = self._blocks.read(size) if size else b""
        if len(piece) < size:
            raise BrokenArchive(_CUT)
        self._to_come -= len(piece)
        return piece

    def pass_over(self) -> None:
        """Go on to where the next header begins."""
        while self._piece():
            pass
        if len(self._blocks.read(self._padding)) < self._padding:
            raise BrokenArchive(_CUT)
