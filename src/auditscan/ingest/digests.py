"""Digests of CloudTrail: lists of log files with the SHA-256 of each, which AWS writes beside the logs and signs.

What a digest lists is kept, and the view `digest_checks` holds it against the logs that were read. The hashes are those
of the unpacked content, as `aws cloudtrail validate-logs` takes them. A digest's signature stands in the properties
of its object in S3, and not in the file: it is not checked.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from auditscan.readers.model import DamagedFile, TruncatedFile
from auditscan.readers.raw import HashedFile, read_up_to
from auditscan.readers.unpack import unpacked

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.readers.raw import ByteStream
    from auditscan.store import Store

DIGEST = "CloudTrail digest"
"""How the kind of such a file begins in `no_logs.csv`."""

MOST_BYTES = 64 << 20
"""A longer file is no digest of an hour."""

_LISTED = ("_CloudTrail_", "_CloudTrail-Digest_")


def is_listed(name: str) -> bool:
    """Whether a digest may list a file of this name."""
    return any(part in name.replace("\\", "/").rpartition("/")[2] for part in _LISTED)


class HashedContent:
    """A stream, its SHA-256 growing with every read."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._sha256 = hashlib.sha256()
        self._ended = False

    def readinto(self, view: memoryview) -> int:
        """Fill the buffer; 0 at the end."""
        count = self._stream.readinto(view)
        self._ended = count == 0
        self._sha256.update(view[:count])
        return count

    @property
    def sha256(self) -> str | None:
        """The hash of all of it; None where it was not read to its end."""
        return self._sha256.hexdigest() if self._ended else None


def content_of(path: Path) -> bytes:
    """The unpacked content of a small file; b'' where it is damaged or too long. Raises OSError."""
    source = HashedFile(path)
    try:
        content = read_up_to(unpacked(source)[0], MOST_BYTES)
        return content if len(content) < MOST_BYTES else b""
    except (DamagedFile, TruncatedFile):
        return b""
    finally:
        source.close()


def write_entries(store: Store, source_id: int, content: bytes) -> None:
    """Keep what a digest lists: logs, and the digest before it."""
    try:
        held = json.loads(content)
    except (ValueError, RecursionError):
        return
    columns = {"source_id": "integer", "object": "varchar", "sha256": "varchar"}
    store.insert("digest_entries", columns, [(source_id, *entry) for entry in _entries(held)])


def _entries(held: object) -> list[tuple[str, str]]:
    if not isinstance(held, dict):
        return []
    found: list[tuple[object, object, object]] = [
        (held.get("previousDigestS3Object"), held.get("previousDigestHashValue"), "SHA-256")
    ]
    logs = held.get("logFiles")
    found += [
        (one.get("s3Object"), one.get("hashValue"), one.get("hashAlgorithm"))
        for one in (logs if isinstance(logs, list) else [])
        if isinstance(one, dict)
    ]
    return [
        (name, value.lower())
        for name, value, how in found
        if isinstance(name, str) and isinstance(value, str) and how == "SHA-256"
    ]
