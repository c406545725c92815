"""The members of a ZIP archive.

The standard library opens and unpacks them. What it leaves open is settled here before it is asked: how long the
table of contents is, which it reads whole, and whether entries share their bytes, as in the bombs that unpack to
millions of times their size.
"""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from contextlib import closing, contextmanager
from io import BufferedReader
from typing import IO, TYPE_CHECKING

from auditscan.readers.archive import MAX_MEMBERS, BrokenArchive, Member, Names, climbs
from auditscan.readers.model import DamagedFile
from auditscan.readers.raw import Pull, open_log

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES"}
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_LOCAL_HEADER = 30
_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_END64 = struct.Struct("<4sQ2H2L4Q")
_END64_MARK = b"PK\x06\x06"
_LOCATOR_BYTES = 20
_ENTRY_MARK = b"PK\x01\x02"
_LONGEST_COMMENT = 0xFFFF
_MAX_TABLE = 64 << 20
"""Of the table of contents, in bytes."""
_PIECE = 1 << 16
_SMALL_PIECE = 1 << 12
"""Less at once where the unpacker gives all that its input holds: 4 kB of bzip2 may be 80 MB."""

_FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, ValueError)


def zip_members(path: Path, advance: Callable[[int], None]) -> Generator[Member, None, None]:
    """Yield the members of a ZIP file, sorted by name; `advance` is told how many packed bytes each took.

    Raises BrokenArchive where its table of contents is missing, damaged, too long, or gives the same bytes to
    several members, and OSError where the file cannot be read.
    """
    with open_zip(path) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_MEMBERS:
            raise BrokenArchive(_too_many(len(entries)))
        _check_overlaps(entries, archive.start_dir)
        names = Names()
        for entry in sorted(entries, key=lambda entry: (entry.orig_filename, entry.header_offset)):
            if not entry.is_dir():
                with closing(_Unzip(archive, entry)) as content:
                    yield _member(entry, names, content)
            advance(entry.compress_size)


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP file, its table of contents read; raises BrokenArchive or OSError where that cannot be done."""
    # What was looked at and what is read are one file, whatever takes its name in between.
    with open_log(path) as raw, BufferedReader(raw) as file:
        _check_table(file)
        try:
            archive = zipfile.ZipFile(file)
        except _FAULTS as error:
            raise BrokenArchive(f"the ZIP archive is damaged: {_plain(error)}") from error
        with archive:
            yield archive


def _member(entry: zipfile.ZipInfo, names: Names, content: _Unzip) -> Member:
    name = names.shown(entry.orig_filename)
    if stat.S_ISLNK(entry.external_attr >> 16):
        return Member(name, skip="a link, not a regular file")
    if fault := climbs(entry.orig_filename):
        return Member(name, fault=fault)
    if entry.flag_bits & _ENCRYPTED:
        return Member(name, fault="it is encrypted: unpack the archive with its password and scan the folder")
    if entry.compress_type not in _READABLE:
        method = _METHODS.get(entry.compress_type, f"method {entry.compress_type}")
        return Member(name, fault=f"it is packed with {method}, which cannot be read: unpack it first")
    return Member(name, open=lambda: content)


class _Unzip(Pull):
    """The bytes of a member; raises DamagedFile where they are not what the archive says of them."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        super().__init__()
        self._archive = archive
        self._entry = entry
        self._file: IO[bytes] | None = None
        self._given = 0
        self._piece_bytes = (
            _PIECE if entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) else _SMALL_PIECE
        )

    def _piece(self) -> bytes:
        try:
            if self._file is None:
                self._file = self._archive.open(self._entry)
            piece = self._file.read(self._piece_bytes)
        except _FAULTS as error:
            raise DamagedFile(f"it is damaged in the archive: {_plain(error)}") from error
        except OSError as error:
            # bz2 says of wrong data what a disk says of a fault of its own.
            if error.errno is not None:
                raise
            raise DamagedFile("it is damaged in the archive: a code in it is wrong") from error
        self._given += len(piece)
        if not piece and self._given != self._entry.file_size:
            said = f"{self._given:,} bytes came out of it, and the table of the archive says {self._entry.file_size:,}"
            raise DamagedFile(f"it is damaged in the archive: {said}")
        return piece

    def close(self) -> None:
        """Let go of the archive."""
        if self._file is not None:
            self._file.close()


def _plain(error: BaseException) -> str:
    """What is wrong, in words that do not change with the library."""
    said = str(error)
    if "CRC" in said:
        return "its checksum is wrong"
    if isinstance(error, EOFError):
        return "it is cut off"
    if isinstance(error, zlib.error | lzma.LZMAError):
        return "a code in it is wrong"
    return "its table of contents and what stands at its place do not agree"


def _too_many(count: int) -> str:
    return (
        f"it holds {count:,} files, and {MAX_MEMBERS:,} are the most that are read of one archive: "
        "unpack it and scan the folder"
    )


def _check_table(file: IO[bytes]) -> None:
    """Look at the table of contents before anybody reads it whole."""
    total = file.seek(0, 2)
    file.seek(max(0, total - _END.size - _LONGEST_COMMENT - _LOCATOR_BYTES - _END64.size))
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise BrokenArchive(
            "the ZIP archive is cut off: the table of contents at its end is missing, and nothing of it was read"
        )
    *_, size, _, _ = _END.unpack_from(tail, at)
    at64 = tail.rfind(_END64_MARK, 0, at)
    end = total - len(tail) + at
    if at64 >= 0 and at - at64 >= _END64.size:
        *_, size, _ = _END64.unpack_from(tail, at64)
        end = total - len(tail) + at64
    if size > _MAX_TABLE:
        raise BrokenArchive(
            f"its table of contents has {size:,} bytes, and {_MAX_TABLE:,} are the most that are read: "
            "unpack it and scan the folder"
        )
    file.seek(max(0, end - size))
    count = file.read(size).count(_ENTRY_MARK)
    if count > MAX_MEMBERS:
        raise BrokenArchive(_too_many(count))


def _check_overlaps(entries: list[zipfile.ZipInfo], table: int) -> None:
    """Refuse an archive in which two members share bytes."""
    spans = sorted(
        (entry.header_offset, entry.header_offset + _LOCAL_HEADER + entry.compress_size, entry.orig_filename)
        for entry in entries
    )
    starts = [start for start, _, _ in [*spans, (table, 0, "")][1:]]
    for (_, end, name), following in zip(spans, starts, strict=True):
        if end > following:
            shown = Names().shown(name)
            raise BrokenArchive(
                f"its members overlap, as in a zip bomb or a damaged archive: {shown} runs into the next; "
                "nothing of it was read"
            )
