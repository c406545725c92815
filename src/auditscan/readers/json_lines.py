"""Lines of JSON looked at one by one, in blocks that the fast way could not account for."""

from __future__ import annotations

import codecs
import contextlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.readers.encodings import undecodable
from auditscan.readers.json_text import Member, NoObjectError, NotJsonError, members
from auditscan.readers.model import FIELDS, LINE_END, Quarantine

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from auditscan.readers.odd_lines import Line

_KNOWN = frozenset(FIELDS)
_NO_SCALAR = {"transfer_id": "bad_id", "occurred_at": "bad_time", "record_count": "bad_count"}
"""Where the text of an object or list goes that stands in one of these fields."""
_SHOWN_CHARACTERS = 60
_HALF = "undecodable text: half of a surrogate pair, which is no character"
_PAIRED = re.compile(r"(?:[^\\]|\\[^u]|\\u(?![dD][89a-fA-F])....|\\u[dD][89abAB]..\\u[dD][c-fC-F]..)*+", re.DOTALL)
"""Raw JSON in which each half of a surrogate pair has its other half beside it."""


@dataclass(slots=True)
class Repaired:
    """Lines after the careful reading."""

    clean: bytearray = field(default_factory=bytearray)
    """The readable records as NDJSON under canonical names, with `record_no`."""
    lines: int = 0
    """How many there were, blank ones included."""
    blank: int = 0
    unknown: dict[str, int] = field(default_factory=dict)
    """Unknown field names and how many records have them."""
    present: set[str] = field(default_factory=set)
    quarantined: Quarantine = field(default_factory=Quarantine)
    """Where unreadable records went, those of other blocks too."""
    unreadable: int = 0
    """How many of this block went there."""

    @property
    def readable(self) -> int:
        """How many records are clean."""
        return self.lines - self.blank - self.unreadable


def repair(lines: Iterable[Line], before: int = 0, quarantine: Quarantine | None = None) -> Repaired:
    """Sort lines of a block into readable records, blanks and the quarantine.

    `before` is the number of lines in front of the block. Readable records have the numbers of their lines in it.
    """
    return _sorted(lines, before, quarantine, _canonical)


def _sorted(
    lines: Iterable[Line],
    before: int,
    quarantine: Quarantine | None,
    written: Callable[[Line, Repaired], str],
) -> Repaired:
    done = Repaired(quarantined=Quarantine() if quarantine is None else quarantine)
    for line in lines:
        done.lines += 1
        if not line.raw.removeprefix(codecs.BOM_UTF8).strip():
            done.blank += 1
            continue
        try:
            done.clean += written(line, done).encode()
        except ValueError as error:
            raw = line.raw.removesuffix(b"\r")
            done.unreadable += 1
            done.quarantined.add(before + line.number, _in_words(error, raw), line.offset, raw)
    return done


def check(
    lines: Iterable[Line], before: int = 0, quarantine: Quarantine | None = None, wrapped: Collection[str] = ()
) -> Repaired:
    """Sort lines as `repair` does, but keep each readable record whole: `{"record_no": 1, "record": {...}}`.

    `wrapped` are fields, as look-up words, whose text may be a record itself.
    """
    return _sorted(lines, before, quarantine, lambda line, _: _whole(line, wrapped))


class _NoRecordError(ValueError):
    """An object, but no record."""


def _members(line: bytes) -> list[Member]:
    # A byte order mark inside a file: files that had one were put together.
    text = line.decode("utf-8").removeprefix("\ufeff").strip(" \t\r\n\v\f")
    found = members(text.replace(LINE_END, "\n"))
    if LINE_END in text:
        raise NotJsonError("a vertical tab stands where only blanks may", text.index(LINE_END))
    return found


def _once(found: Iterable[Member]) -> dict[str, Member]:
    seen: dict[str, Member] = {}
    for member in found:
        if member.key in seen and not _same(seen[member.key], member):
            raise _NoRecordError(f"the field {_short(member.key)} is given twice with different values")
        seen[member.key] = member
    return seen


def _whole(line: Line, wrapped: Collection[str]) -> str:
    seen = _once(_members(line.raw))
    for member in seen.values():
        member.key.encode("utf-8")
        if wrapped and normalize(member.key) in wrapped:
            text = json.loads(member.raw) if member.raw[0] == '"' else member.raw
            # Anything else is no record, but a field of this one.
            with contextlib.suppress(NotJsonError, NoObjectError):
                _once(members(text))
        if "\\u" in member.raw and not _PAIRED.fullmatch(member.raw):
            raise _NoRecordError(_HALF)
    written = ",".join(f"{json.dumps(key)}:{member.raw}" for key, member in seen.items())
    # Line ends stand between tokens only: inside of a text JSON has none.
    return f'{{"record_no":{line.number},"record":{{{written}}}}}'.replace("\r", " ").replace("\n", " ") + "\n"


def _canonical(line: Line, done: Repaired) -> str:
    seen = _once(_members(line.raw))
    known: dict[str, Member] = {}
    for member in seen.values():
        name = normalize(member.key)
        if name not in _KNOWN:
            member.key.encode("utf-8")
            continue
        if name in known and not _same(known[name], member):
            raise _NoRecordError(f"the field {name} is given twice with different values")
        known[name] = member
        if "\\u" in member.raw and not _PAIRED.fullmatch(member.raw):
            raise _NoRecordError(_HALF)
    if not known:
        raise _NoRecordError("it has none of the fields of a transfer")
    written = [f'{{"record_no":{line.number}']
    for name, member in known.items():
        nested = name in _NO_SCALAR and member.raw[0] in "{["
        written.append(f'"{_NO_SCALAR[name] if nested else name}":{member.raw}')
    if "transfer_id" not in known and len(known) < len(seen):
        others = ",".join(
            # Half of a surrogate pair is no text for the engine: what was written stands for it.
            f"{json.dumps(key)}:{member.raw if _PAIRED.fullmatch(member.raw) else json.dumps(member.raw)}"
            for key, member in seen.items()
            if normalize(key) not in _KNOWN
        )
        written.append(f'"unread":{{{others}}}')
    done.present |= known.keys()
    for key in seen:
        if normalize(key) not in _KNOWN:
            done.unknown[key] = done.unknown.get(key, 0) + 1
    # Line ends stand between tokens only: inside of a text JSON has none.
    return ",".join(written).replace("\r", " ").replace("\n", " ") + "}\n"


def _same(one: Member, other: Member) -> bool:
    """Equal values of the same JSON type: in JSON, true is not 1 and 1 is not 1.0."""
    if one.raw == other.raw:
        return True
    try:
        return json.dumps(one.value, sort_keys=True) == json.dumps(other.value, sort_keys=True)
    except RecursionError:
        return False


def _short(key: str) -> str:
    shown = key if len(key) <= _SHOWN_CHARACTERS else key[:_SHOWN_CHARACTERS] + "..."
    return ascii(shown) if not shown.isprintable() else f'"{shown}"'


def _in_words(error: ValueError, line: bytes) -> str:
    if isinstance(error, UnicodeDecodeError):
        return undecodable(line, error.start)
    if isinstance(error, UnicodeEncodeError):
        return _HALF
    if b"\x00" in line:
        return f"not JSON: a NUL byte at byte {line.index(0) + 1}"
    if isinstance(error, NotJsonError):
        return f"not JSON: {error}"
    return str(error)
