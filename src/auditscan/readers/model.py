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
"""How much of an unreadable record is kept; its place and length tell where the rest is."""

MAX_RECORD_BYTES = 1 << 28
"""A file with a longer record than this is no log, and would not fit in memory."""


class TruncatedFile(AuditscanError):
    """A packed file ends early, or goes on with something else. What came before is good."""


class DamagedFile(AuditscanError):
    """A file's data are wrong, or no log at all. Nothing of it is to be trusted."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record for the quarantine."""

    source_record: int
    """Its number in its file, 1-based: of text the line on which it begins."""
    reason: str
    """What is wrong, in plain words."""
    byte_offset: int | None
    """Where it begins in the unpacked file; None where the file had to be rewritten."""
    byte_length: int
    kept: bytes
    """Its first bytes in UTF-8, at most KEPT_BYTES; 0xff stands for what could not be decoded."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """Records that are no transfers for one reason."""

    records: int = 0
    first_record: int | None = None
    """The number of the first of them."""
    naming: int = 0
    """Those that name a part of DHS all the same."""
    first_naming: int | None = None

    def with_block(self, block: SetAside, before: int) -> SetAside:
        """These and those of a block that so many records precede."""
        return SetAside(
            self.records + block.records,
            _first(self.first_record, block.first_record, before),
            self.naming + block.naming,
            _first(self.first_naming, block.first_naming, before),
        )


def _first(known: int | None, found: int | None, before: int) -> int | None:
    numbers = [number for number in (known, None if found is None else before + found) if number is not None]
    return min(numbers, default=None)


@dataclass(slots=True)
class FileReport:
    """One file: records = transfers + not transfers + duplicates + quarantined."""

    path: str
    sha256: str | None = None
    size: int = 0
    format: str | None = None
    status: str = "read"
    """read | damaged | copy | empty | skipped | no_log | unrecognized | unreadable."""
    note: str = ""
    records: int = 0
    not_transfers: int = 0
    blank_lines: int = 0
    fields: set[str] = field(default_factory=set)
    unknown_fields: dict[str, int] = field(default_factory=dict)
    quarantined: list[Unreadable] = field(default_factory=list)
    counts: str | None = None
    """What its counts of records count: people or rows; None where that is not known."""
    set_aside: dict[str, SetAside] = field(default_factory=dict)
    """Why records are no transfers -> how many."""
    places: str | None = None
    """What the number of a record counts: line | row | item | item of <key> | sheet; None where none was read."""
    sheets: list[str] = field(default_factory=list)
    """The sheets of a workbook, in their order."""
    lines_before: int = 0
    """Of a file that grew, the lines of the part that was read before."""
    content_sha256: str | None = None
    """Of a file that a CloudTrail digest may list: the SHA-256 of its unpacked content."""
    quarantined_count: int = 0
    """How many, when the records themselves are in the database already."""
