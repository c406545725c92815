"""What lies in an OLE compound file: Outlook messages, and Office files of before 2007, are told by their streams."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

WORKBOOK = frozenset({"Workbook", "Book", "EncryptedPackage"})
"""Streams of .xls, and of any office file with a password: whether that is a workbook nobody can see."""

_ENTRY = 128
_MOST_SECTORS = 256
"""How far a directory is followed: a message with many attachments has some hundred."""


def streams(path: Path) -> frozenset[str]:
    """Return the names in the directory of a compound file, as far as it can be followed; raises OSError."""
    names: set[str] = set()
    with path.open("rb") as file:
        header = file.read(512)
        if len(header) < 512 or not header.startswith(MAGIC):
            return frozenset()
        (shift,) = struct.unpack_from("<H", header, 30)
        if shift not in (9, 12):
            return frozenset()
        size = 1 << shift
        (sector,) = struct.unpack_from("<I", header, 48)
        # The header names the first 109 sectors of the table that says which sector follows which: files of some
        # 7 MB. Of larger ones the beginning of the directory has to do.
        tables = struct.unpack_from("<109I", header, 76)
        for _ in range(_MOST_SECTORS):
            file.seek((sector + 1) * size)
            block = file.read(size)
            for at in range(0, len(block) - _ENTRY + 1, _ENTRY):
                (length,) = struct.unpack_from("<H", block, at + 64)
                if 2 <= length <= 64:
                    names.add(block[at : at + length - 2].decode("utf-16-le", "replace"))
            table, place = divmod(sector, size // 4)
            if table >= len(tables) or tables[table] >= 0xFFFFFFFA:
                break
            file.seek((tables[table] + 1) * size + place * 4)
            following = file.read(4)
            if len(following) < 4:
                break
            (sector,) = struct.unpack("<I", following)
            if sector >= 0xFFFFFFFA:
                break
    return frozenset(names)
