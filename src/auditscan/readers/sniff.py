"""What a file is, judged by its content; its name decides only where the content leaves it open."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass

from auditscan.policy import normalize
from auditscan.readers.model import FIELDS

HEAD_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Guess:
    """A format, or None with the reason why the file is not recognized."""

    format: str | None
    """ndjson | json | csv | parquet."""
    why: str
    delimiter: str = ","


def recognize(head: bytes, name: str) -> Guess:
    """What the unpacked head of a file called `name` is taken for."""
    if head.startswith(b"PAR1"):
        return Guess("parquet", "starts with PAR1")
    text = head.decode("utf-8", "replace").lstrip()
    if not text:
        return Guess(None, "nothing but blanks")
    suffix = re.search(r"\.(ndjson|jsonl|json|csv|tsv)(\.\w+)?$", name.lower())
    named = suffix.group(1) if suffix else ""
    if text.startswith("["):
        return Guess("json", "starts as a JSON array")
    lines = text.splitlines()
    whole = lines[:-1] or lines
    if any(_is_object(line) for line in whole[:200]):
        return Guess("ndjson", "its lines are JSON objects")
    if text.startswith("{"):
        if len(lines) > 1 and lines[0].strip() == "{":
            return Guess("json", "starts as a JSON object over several lines")
        return Guess("ndjson", "its lines begin as JSON objects")
    best = max(((_known_columns(whole[0], mark), mark) for mark in ",;\t|"), default=(0, ","))
    if best[0] >= 2 or (best[0] == 1 and len(whole[0].split(best[1])) == 1 and named in ("csv", "tsv")):
        return Guess("csv", f"its first row names {best[0]} of the fields of a transfer", best[1])
    if named in ("ndjson", "jsonl", "json"):
        return Guess("ndjson", f"its name ends in .{named}")
    hint = "its first row names none of the fields of a transfer" if named in ("csv", "tsv") else (
        "no JSON, no Parquet, and its first row names none of the fields of a transfer"
    )
    return Guess(None, hint)


def _is_object(line: str) -> bool:
    if not line.lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _known_columns(line: str, delimiter: str) -> int:
    try:
        cells = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:
        cells = line.split(delimiter)
    return len({normalize(cell) for cell in cells} & set(FIELDS))
