"""Lines of JSON looked at one by one: the careful way, for blocks the fast way could not account for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from auditscan.policy import normalize
from auditscan.readers.model import FIELDS, KEPT_BYTES, Unreadable

_KNOWN = frozenset(FIELDS)
_NO_SCALAR = {"transfer_id": "bad_id", "occurred_at": "bad_time", "record_count": "bad_count"}
"""Where the text of an object or list goes that stands in one of these fields."""


class _Object(dict[str, Any]):
    """A JSON object that knows whether a key was given twice with different values."""

    twice: str | None = None


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) != len(pairs):
        seen: dict[str, Any] = {}
        for key, value in pairs:
            if key in seen and not _same(seen[key], value):
                made.twice = key
            seen.setdefault(key, value)
    return made


def _same(one: object, other: object) -> bool:
    """Equal values of the same JSON type: in JSON, true is not 1 and 1 is not 1.0."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON value")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant)


@dataclass(slots=True)
class Repaired:
    """A block after the careful reading."""

    clean: bytes = b""
    """The readable records as NDJSON under canonical names, with `record_no`."""
    lines: int = 0
    """Lines in the block, blank ones included."""
    blank: int = 0
    unknown: dict[str, int] = field(default_factory=dict)
    """Unknown field names and how many records have them."""
    present: set[str] = field(default_factory=set)
    quarantined: list[Unreadable] = field(default_factory=list)
    """Their record numbers count from the block's first line."""

    def numbered(self, before: int) -> list[Unreadable]:
        """The quarantine under the numbers of the file, `before` lines of which precede the block."""
        return [replace(bad, source_record=before + bad.source_record) for bad in self.quarantined]


def repair(lines: Iterable[bytes], offset: int) -> Repaired:
    """Sort lines into readable records, blanks and the quarantine.

    `offset` is the byte offset of the first line in the unpacked file. Record numbers count from the first
    line given.
    """
    done = Repaired()
    clean: list[str] = []
    for line in lines:
        done.lines += 1
        if not line.strip():
            done.blank += 1
        else:
            try:
                clean.append(_canonical(line, done))
            except (ValueError, RecursionError) as error:
                done.quarantined.append(
                    Unreadable(
                        source_record=done.lines,
                        reason=_in_words(error, line),
                        byte_offset=offset,
                        byte_length=len(line),
                        kept=line[:KEPT_BYTES],
                    )
                )
        offset += len(line) + 1
    done.clean = "".join(clean).encode()
    return done


class _NoRecordError(ValueError):
    """JSON, but no record."""


def _canonical(line: bytes, done: Repaired) -> str:
    record = _DECODER.decode(line.decode("utf-8").strip())
    if not isinstance(record, _Object):
        raise _NoRecordError(f"the line is JSON, but {_kind(record)} and no object")
    if record.twice is not None:
        raise _NoRecordError(f"the key {record.twice!r} is given twice with different values")
    found: dict[str, Any] = {}
    unknown: list[str] = []
    for key, value in record.items():
        name = normalize(key)
        if name not in _KNOWN:
            unknown.append(key)
        elif name in found and not _same(found[name], value):
            raise _NoRecordError(f"the field {name} is given twice with different values")
        else:
            found[name] = value
    if not found:
        raise _NoRecordError("the object has none of the fields of a transfer")
    for name, bad in _NO_SCALAR.items():
        if isinstance(found.get(name), (dict, list)):
            found[bad] = json.dumps(found[name], ensure_ascii=False, separators=(",", ":"))
            found[name] = None
    written = json.dumps({"record_no": done.lines, **found}, ensure_ascii=False, allow_nan=False)
    written.encode("utf-8")  # lone surrogates are no text
    done.present |= _KNOWN & found.keys()
    for key in unknown:
        done.unknown[key] = done.unknown.get(key, 0) + 1
    return written + "\n"


def _kind(value: object) -> str:
    return {list: "a list", str: "a text", bool: "a truth value", type(None): "null"}.get(type(value), "a number")


def _in_words(error: Exception, line: bytes) -> str:
    if isinstance(error, _NoRecordError):
        return str(error)
    if isinstance(error, UnicodeDecodeError):
        return f"undecodable text: byte {error.start + 1} of the line is no UTF-8"
    if isinstance(error, UnicodeEncodeError):
        return "undecodable text: half of a surrogate pair"
    if isinstance(error, RecursionError):
        return "nested too deeply to be read"
    if b"\x00" in line:
        return f"not JSON: a NUL byte at byte {line.index(0) + 1}"
    if isinstance(error, json.JSONDecodeError):
        if error.pos >= len(error.doc):
            return "not JSON: the line is cut off"
        return f"not JSON at character {error.pos + 1}: {error.msg}"
    return f"not JSON: {error}"
