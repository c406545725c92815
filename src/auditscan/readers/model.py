"""What readers hand over: blocks of clean records, and what could not be read."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditscan.errors import AuditscanError

if TYPE_CHECKING:
    from collections.abc import Callable

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

LINE_END = "\x0b"
"""Stands for a line end inside a damaged item of an array: a blank in its place could make it JSON."""

KEPT_A_FILE = 1 << 26
"""How much of all unreadable records of a file is kept, of those that come first."""

MAX_RECORD_BYTES = 16 << 20
"""A longer record is not read: what its words mean would not fit in the memory of a scan."""

TOO_LONG = f"it is longer than {MAX_RECORD_BYTES >> 20} MiB, which no record of a log is"


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


class Quarantine(list[Unreadable]):
    """The unreadable records of one file: a list of the first of them, without their bytes.

    There may be millions, so all of them are handed on, some at a time. Several threads may add to it.
    """

    LISTED = 1_000
    AT_ONCE = 5_000
    AT_ONCE_BYTES = 4 << 20

    def __init__(
        self, hand_on: Callable[[list[Unreadable]], None] = lambda _: None, *, keep_bytes: bool = False
    ) -> None:
        super().__init__()
        self._hand_on = hand_on
        self._lock = threading.Lock()
        self._keep_bytes = keep_bytes
        self.shift: int | None = 0
        """What is added to an offset to get the place in the file; None where the file is another text."""
        self.clear()

    def clear(self) -> None:
        """Forget all of them that were not handed on."""
        super().clear()
        self._waiting: list[Unreadable] = []
        self._waiting_bytes = 0
        self._room = KEPT_A_FILE if self._keep_bytes else 0
        self.total = 0
        """How many there are."""
        self.left_out = 0
        """Of how many no byte is kept, for want of room."""

    def add(self, number: int, reason: str, offset: int | None, raw: bytes, length: int | None = None) -> None:
        """Take a record that begins with `raw`: all of it, or the beginning of one that is `length` bytes long."""
        with self._lock:
            length = len(raw) if length is None else length
            kept = raw[: min(KEPT_BYTES, self._room)]
            if self.shift is None:
                kept, offset = kept.replace(LINE_END.encode(), b"\n"), None
            elif offset is not None:
                offset += self.shift
            self.total += 1
            self.left_out += self._keep_bytes and bool(raw) and not kept
            self._room -= len(kept)
            self._waiting.append(Unreadable(number, reason, offset, length, kept))
            self._waiting_bytes += len(kept) + len(reason)
            if len(self) < self.LISTED:
                self.append(Unreadable(number, reason, offset, length, b""))
            if len(self._waiting) >= self.AT_ONCE or self._waiting_bytes >= self.AT_ONCE_BYTES:
                self._empty()

    def finish(self) -> None:
        """Hand on what is left; the list is in the order of the file then."""
        with self._lock:
            self._empty()
            self.sort(key=lambda bad: bad.source_record)

    def _empty(self) -> None:
        if self._waiting:
            self._hand_on(self._waiting)
            self._waiting, self._waiting_bytes = [], 0


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


def _short(name: str) -> str:
    return name if len(name) <= _NAME_CHARACTERS else name[:_NAME_CHARACTERS] + "..."


def _first(known: int | None, found: int | None, before: int) -> int | None:
    numbers = [number for number in (known, None if found is None else before + found) if number is not None]
    return min(numbers, default=None)


MOST_NAMES = 1_000
"""How many unknown fields, and reasons why records are no transfers, are listed of one file."""

_HELD_NAMES = 100 * MOST_NAMES
"""How many of them are held while it is read."""

_NAME_CHARACTERS = 200

OTHER_REASONS = "for other reasons: this file has more than are listed"


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
    quarantined: Quarantine = field(default_factory=Quarantine)
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
    """How many of its records could not be read, once all of it is read."""

    def count_unknown(self, key: str, records: int) -> None:
        """Count a field that nobody knows."""
        key = _short(key)
        if key in self.unknown_fields or len(self.unknown_fields) < _HELD_NAMES:
            self.unknown_fields[key] = self.unknown_fields.get(key, 0) + records

    def count_aside(self, reason: str, aside: SetAside, before: int = 0) -> None:
        """Count records of a block that are no transfers; `before` precede it."""
        reason = _short(reason)
        if reason not in self.set_aside and len(self.set_aside) >= _HELD_NAMES:
            reason = OTHER_REASONS
        self.set_aside[reason] = self.set_aside.get(reason, SetAside()).with_block(aside, before)

    def list_fewer(self) -> None:
        """Leave of fields and reasons as many as somebody can read."""
        unlisted = sorted(self.unknown_fields)[MOST_NAMES:]
        for key in unlisted:
            del self.unknown_fields[key]
        if unlisted:
            least = "" if len(self.unknown_fields) + len(unlisted) < _HELD_NAMES else "at least "
            told = f"{MOST_NAMES:,} of its unknown fields are listed, and there are {least}{len(unlisted):,} more"
            self.note_also(told)
        others = sorted(self.set_aside.keys() - {OTHER_REASONS})[MOST_NAMES:]
        for reason in others:
            self.count_aside(OTHER_REASONS, self.set_aside.pop(reason))

    def note_also(self, text: str) -> None:
        """Say one more thing of the file."""
        self.note = "; ".join(filter(None, (self.note, text)))
