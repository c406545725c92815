"""What a file is, judged by its content; what it is called makes no log of it."""

from __future__ import annotations

import json
import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.readers.csv_rows import cells_of
from auditscan.readers.json_text import NotJsonError, value_end
from auditscan.readers.model import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

HEAD_BYTES = 1 << 16
RECORD_BYTES = 1 << 20
"""How far is looked for the end of the first record of a JSON log."""

_OTHER_KINDS = {
    b"PK\x03\x04": "a ZIP archive: unpack it first",
    b"BZh": "packed twice, with bzip2 within: unpack it first",
    b"\xfd7zXZ\x00": "packed twice, with xz within: unpack it first",
    b"<!DOCTYPE html": "a web page under the name of something else: if it shows a table, save that as CSV",
    b"<html": "a web page under the name of something else: if it shows a table, save that as CSV",
    b"7z\xbc\xaf": "a 7z archive: unpack it first",
    b"SQLite format 3\x00": "an SQLite database",
}
_WHO = frozenset({"sender", "recipient"})
_WHAT = frozenset({"states", "elements"})
_OWN_WORDS = frozenset({"transfer_id", "occurred_at"})
_ENOUGH = 4
"""With so many of its fields, a log that has many more of its own is canonical still."""
_TAR_MARK = slice(257, 262)
_MEMBER = re.compile(r'\s*("(?:[^"\\]|\\.)*"\s*:|[}\]])')
_FIRST_RECORD = re.compile(rb'\s*\[?\s*\{(?!\s*"[^"\\]*"\s*:\s*\[)')
_SHOWN_LINES = 200
_BEFORE_TEXT = string.whitespace + "\ufeff"
"""Blanks, and the byte order mark of a file that something was put in front of."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A format, or None with the reason why the file is not recognized."""

    format: str | None
    """ndjson | json | csv | parquet."""
    why: str
    delimiter: str = ","


def recognize(head: bytes, name: str) -> Guess:
    """What the unpacked head of a file called `name` is taken for."""
    for mark, kind in _OTHER_KINDS.items():
        if head.startswith(mark):
            return Guess(None, kind)
    if head[_TAR_MARK] == b"ustar":
        return Guess(None, "a tar archive: unpack it first")
    text = head.decode("utf-8", "replace").lstrip(_BEFORE_TEXT)
    suffix = re.search(r"\.(ndjson|jsonl|json|csv|tsv)(\.\w+)?$", name.lower())
    named = suffix.group(1) if suffix else ""
    lines = [line for line in re.split(r"\r?\n", text) if line.strip()]
    # The last line of the sample may have been cut by it.
    whole = lines[:-1] or lines
    return _json_kind(text, lines) or (csv_kind(whole[0], named) if whole else None) or _none(named)


def is_canonical(names: Iterable[str]) -> bool:
    """Whether records with fields of these names are those of a canonical log.

    Words like action, actor and system stand in the logs of many systems, sender and recipient in those of mail: a
    canonical record names a party or what was sent, and something more that a transfer has.
    """
    keys = {normalize(name) for name in names}
    known = keys & set(FIELDS)
    if not known & (_WHO | _WHAT) and not known >= _OWN_WORDS:
        return keys == known and bool(known & (_OWN_WORDS | {"programs", "populations"}))
    if keys == known:
        return True
    return bool(known - _WHO) and len(known) >= 2 and (len(known) >= _ENOUGH or 2 * len(known) >= len(keys))


def ends_within_record(head: bytes) -> bool:
    """Whether the head of a JSON log ends before its first record does, as one that holds a long query text may."""
    start = _FIRST_RECORD.match(head)
    if start is None or (b"\n" in head and not head.lstrip().startswith(b"[")):
        return False
    try:
        value_end(head.decode("utf-8", "replace"), start.end() - 1)
    except NotJsonError as error:
        return error.cut
    return False


def csv_kind(line: str, named: str = "") -> Guess | None:
    """A line as the header of a canonical log in CSV; None where it is none."""
    columns, mark = max((_known_columns(line, mark), mark) for mark in ",;\t|")
    alone = columns == 1 and len(line.split(mark)) == 1 and named in ("csv", "tsv")
    if (columns >= 2 or alone) and is_canonical(cells_of(line, mark)):
        return Guess("csv", f"its first row names {columns} of the fields of a transfer", mark)
    return None


def _json_kind(text: str, lines: list[str]) -> Guess | None:
    if text.startswith("["):
        if _is(list, lines[0]) and any(_is(dict, line) for line in lines[1:_SHOWN_LINES]):
            return Guess("ndjson", "its lines are JSON values")
        if not re.match(r"\[\s*([{\[\]]|$)", text):
            return None  # "[2025-07-01 10:00] ..." is a line of some other log
        return Guess("json", "starts as a JSON array")
    if text.startswith("{"):
        if not _is(dict, lines[0]) and len(lines) > 1 and _MEMBER.match(lines[1]):
            return Guess("json", "starts as a JSON object over several lines")
        if all(_is_several(line) for line in lines[:2]):
            return Guess("json", "its JSON objects stand one behind the other")
        return Guess("ndjson", "its lines begin as JSON objects")
    if any(_is(dict, line) for line in lines[:_SHOWN_LINES]):
        return Guess("ndjson", "some of its lines are JSON objects")
    return None


def _none(named: str) -> Guess:
    hint = "its first row names none of the fields of a transfer"
    return Guess(None, hint if named in ("csv", "tsv") else f"no JSON, no Parquet, and {hint}")


def _is(kind: type, line: str) -> bool:
    try:
        return isinstance(json.loads(line), kind)
    except (ValueError, RecursionError):
        return False


def _is_several(line: str) -> bool:
    """Whether objects stand on a line without anything between them, as Firehose delivers them."""
    try:
        return line[value_end(line, 0) :].lstrip().startswith("{")
    except NotJsonError:
        return False


def _known_columns(line: str, delimiter: str) -> int:
    return len({normalize(cell) for cell in cells_of(line, delimiter)} & set(FIELDS))
