"""What readers hand over: blocks of clean records, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditscan.errors import AuditscanError

FIELDS = (
    "transfer_id",
    "occurred_at",
    "sender",
    "recipient",
    "actor",
    "action",
    "system",
    "authority",
    "programs",
    "states",
    "elements",
    "populations",
    "record_count",
    "purpose",
    "outcome",
)
"""The canonical fields of a transfer, in the order of a canonical log."""

KEPT_BYTES = 1 << 16
"""How much of a record that cannot be read is kept with it; its place and length tell where the rest is."""


class TruncatedFile(AuditscanError):
    """A packed file ends early. What came before its end is good."""


class DamagedFile(AuditscanError):
    """A packed file's checksum or data are wrong. Nothing of it is to be trusted."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record for the quarantine."""

    source_record: int
    """1-based, in its file."""
    reason: str
    """What is wrong, in plain words."""
    byte_offset: int | None
    """Where it begins in the unpacked file, where that is known."""
    byte_length: int
    kept: bytes
    """Its first bytes, at most KEPT_BYTES."""


@dataclass(slots=True)
class FileReport:
    """The accounting of one file: records = transfers + not transfers + duplicates + quarantined."""

    path: str
    sha256: str | None = None
    size: int = 0
    format: str | None = None
    status: str = "read"
    """read | damaged | copy | empty | skipped | unrecognized | unreadable."""
    note: str = ""
    records: int = 0
    not_transfers: int = 0
    blank_lines: int = 0
    fields: set[str] = field(default_factory=set)
    unknown_fields: dict[str, int] = field(default_factory=dict)
    quarantined: list[Unreadable] = field(default_factory=list)
    quarantined_count: int = 0
    """How many, when the records themselves are in the database already."""
