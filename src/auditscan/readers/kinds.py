"""What a file is by its bytes: an archive, a document that is packed as one, or what is read as it lies."""

from __future__ import annotations

import re
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING

from auditscan.readers import no_logs, ole
from auditscan.readers.archive import TAR_BLOCK, BrokenArchive
from auditscan.readers.model import DamagedFile, TruncatedFile
from auditscan.readers.raw import HashedFile, read_up_to
from auditscan.readers.unpack import unpacked
from auditscan.readers.zip_members import open_zip

if TYPE_CHECKING:
    from pathlib import Path

_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_LOG_IN_ZIP = re.compile(r"\.(ndjson|jsonl|csv|tsv|log|parquet)(\.(gz|zst|bz2|xz))?$", re.IGNORECASE)
DOCUMENTS = {
    "binary workbook": "a binary Excel workbook: save it as .xlsx",
    "office document": "a document of an office program: save it as .xlsx or CSV",
}
"""By the kinds of `kind_of` that are packed as ZIP, are no archives, and may hold a table: what to do."""


def kind_of(path: Path) -> str:
    """What a file is: zip | tar | workbook | a key of DOCUMENTS | a kind of `no_logs`; '' for what is read as it lies.

    A packed tar is a tar. Raises OSError where the file cannot be read.
    """
    file = HashedFile(path)
    try:
        head = file.peek(len(ole.MAGIC))
        if head[: len(_ZIP_MARKS[0])] in _ZIP_MARKS:
            return _zip_kind(path)
        if head == ole.MAGIC:
            return no_logs.by_streams(path)
        stream, _ = unpacked(file)
        head = read_up_to(stream, no_logs.HEAD_BYTES)
        return "tar" if _is_tar(head[:TAR_BLOCK]) else no_logs.by_bytes(head, path.name)
    except (DamagedFile, TruncatedFile):
        return ""  # Loading it meets the same damage, and says so.
    finally:
        file.close()


def _is_tar(block: bytes) -> bool:
    """Whether the first block of a file is that of a tar archive."""
    if block[257:262] == b"ustar":
        return True
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _zip_kind(path: Path) -> str:
    try:
        with open_zip(path) as file:
            names = file.namelist()
            media = _media_type(file) if "mimetype" in names else ""
    except (BrokenArchive, zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error):
        return "zip"  # Opening it as an archive meets the same fault, and says so.
    if any(map(_LOG_IN_ZIP.search, names)):
        return "zip"  # No office program packs logs into its documents: whoever did may have made it look like one.
    if media.startswith("application/vnd.oasis.opendocument."):
        return no_logs.by_members([media]) or ("workbook" if media.endswith(".spreadsheet") else "office document")
    if "[Content_Types].xml" not in names:
        return "zip"
    if "xl/workbook.xml" in names:
        return "workbook"
    return "binary workbook" if "xl/workbook.bin" in names else no_logs.by_members(names) or "office document"


def _media_type(file: zipfile.ZipFile) -> str:
    with file.open("mimetype") as text:
        return text.read(200).decode("ascii", "replace").strip()
