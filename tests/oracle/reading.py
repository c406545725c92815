"""One raw record to its canonical content: what was said, before any table is asked."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from oracle.tables import normalize

TEXT_FIELDS = (
    "sender",
    "recipient",
    "actor",
    "action",
    "system",
    "authority",
    "purpose",
    "outcome",
)
LIST_FIELDS = ("programs", "states", "elements", "populations")
# Unicode's White_Space, and what parts the fields and records of tapes, which str.strip() takes, too.
BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
LARGEST_COUNT = 2**63 - 1
FIRST_INSTANT = datetime(1, 1, 2, tzinfo=UTC)
"""One whose day in any zone is one of the calendar's."""

TIME = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,9}))?)?"
    r"(?: *(?P<zone>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)
COUNT = re.compile(r"([0-9]+)(?:\.0+)?")


# How a person says where a record is, by the kind of file.
PLACES = {".ndjson": "line", ".jsonl": "line", ".csv": "line", ".json": "item", ".parquet": "row"}


class Record(NamedTuple):
    """One canonical record as a log holds it, and its place."""

    source_file: str
    source_record: int
    """The line it begins on, the item of an array or the row of a table, from 1."""
    fields: dict[str, Any]
    """Raw JSON values by field name, as `json.loads` gives them."""
    last_day: date | None = None
    """Of a record that spans days, the last one in the court's zone. No field of a canonical log says it."""


def place_text(source_file: str, source_record: int) -> str:
    """Return a place as a person says it, such as `line 13`."""
    return f"{PLACES[Path(source_file).suffix]} {source_record}"


def csv_records(source_file: str, text: str) -> list[Record]:
    """Return the rows of a CSV log, each under the line on which it begins."""
    records: list[Record] = []
    header: list[str] = []
    rows = csv.reader(io.StringIO(text, newline=""))
    begins = 1
    for cells in rows:
        if cells and not header:
            header = cells
        elif cells:
            fields = {
                name: cell.split(";") if normalize(name) in LIST_FIELDS else cell
                for name, cell in zip(header, cells, strict=True)
            }
            records.append(Record(source_file, begins, fields))
        begins = rows.line_num + 1
    return records


class When(NamedTuple):
    """A readable time: an instant in UTC, or a bare day as its midnight in UTC."""

    instant: datetime
    bare: bool

    def text(self) -> str:
        """Return the time as the answer shows it."""
        if self.bare:
            return self.instant.date().isoformat()
        seconds = self.instant.strftime("%H:%M:%S")
        fraction = f".{self.instant.microsecond:06d}".rstrip("0").rstrip(".")
        return f"{self.instant.date().isoformat()}T{seconds}{fraction}Z"

    def court_day(self, court_zone: str) -> date:
        """Return the calendar day in the court's zone; a bare day stays as it is.

        Before standard time (November 1883) noon was the sun's, at no quarter of an hour of another clock: there the
        day is that of the quarter of an hour in which something is said to have happened.
        """
        if self.bare:
            return self.instant.date()
        instant = self.instant
        if instant.year < 1884:
            instant = instant.replace(minute=instant.minute // 15 * 15, second=0, microsecond=0)
        return instant.astimezone(ZoneInfo(court_zone)).date()


@dataclass(frozen=True)
class Content:
    """The canonical content of a record: two records with equal content are one transfer."""

    transfer_id: str
    occurred_at: When | None
    texts: tuple[str | None, ...]
    """In the order of `TEXT_FIELDS`, as logged."""
    lists: tuple[tuple[str, ...], ...]
    """In the order of `LIST_FIELDS`: the items, trimmed, distinct and sorted."""
    record_count: int | None
    unreadable: tuple[tuple[str, str], ...]
    """(field, raw value) of whatever could not be read as its type."""
    last_day: date | None = None

    def text(self, field: str) -> str | None:
        """Return the text of one of `TEXT_FIELDS`."""
        return self.texts[TEXT_FIELDS.index(field)]

    def words(self, field: str) -> tuple[list[str], bool]:
        """Return the items of a list field, and whether an unknown entry stands beside them."""
        items = self.lists[LIST_FIELDS.index(field)]
        return list(items), not items or any(name == field for name, _ in self.unreadable)


def read(fields: dict[str, Any], zone: str, last_day: date | None = None) -> Content:
    """Return what a record says.

    Raises ValueError if it has no id, or gives a field twice: the engine hashes the first and
    quarantines the second, and neither is imitated here.
    """
    return _read(json.dumps(fields), zone, last_day)


@lru_cache(100_000)
def _read(text: str, zone: str, last_day: date | None) -> Content:
    # Of a JSON text, so that it can be kept: the same records are judged under one day after another.
    known = {"transfer_id", "occurred_at", "record_count", *TEXT_FIELDS, *LIST_FIELDS}
    raw: dict[str, Any] = {}
    for name, value in json.loads(text).items():
        field = normalize(name)
        if field in raw:
            raise ValueError(f"field {field} is given twice")
        if field in known and not _is_missing(value):
            raw[field] = value
    transfer_id = _scalar(raw.get("transfer_id"))
    if transfer_id is None:
        raise ValueError("a record needs a readable transfer_id")

    unreadable: set[tuple[str, str]] = set()
    when = count = None
    if "occurred_at" in raw:
        when = _time(raw["occurred_at"], zone)
        if when is None:
            unreadable.add(("occurred_at", _raw(raw["occurred_at"])))
    if "record_count" in raw:
        count = _count(raw["record_count"])
        if count is None:
            unreadable.add(("record_count", _raw(raw["record_count"])))
    texts = []
    for field in TEXT_FIELDS:
        texts.append(_scalar(raw.get(field)))
        if field in raw and texts[-1] is None:
            unreadable.add((field, _raw(raw[field])))
    lists = []
    for field in LIST_FIELDS:
        value = raw.get(field, [])
        items = set()
        for item in value if isinstance(value, list) else [value]:
            word = _scalar(item)
            if word is not None and word.strip(BLANKS):
                items.add(word.strip(BLANKS))
            elif word is None and item is not None:
                unreadable.add((field, _raw(item)))
        lists.append(tuple(sorted(items)))
    return Content(transfer_id, when, tuple(texts), tuple(lists), count, tuple(sorted(unreadable)), last_day)


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(BLANKS))


def _scalar(value: object) -> str | None:
    if value is None or isinstance(value, dict | list):
        return None
    return value if isinstance(value, str) else json.dumps(value)


def _raw(value: object) -> str:
    return _scalar(value) or json.dumps(value, sort_keys=True)


def _count(value: object) -> int | None:
    found = COUNT.fullmatch((_scalar(value) or "").strip(BLANKS))
    count = int(found[1]) if found else None
    return None if count is None or count > LARGEST_COUNT else count


def _time(value: object, zone: str) -> When | None:
    if not isinstance(value, str):
        return None
    found = TIME.fullmatch(value.strip(BLANKS))
    if found is None:
        return None
    try:
        day = date.fromisoformat(found["day"])
        clock = time(
            int(found["hour"] or 0),
            int(found["minute"] or 0),
            int(found["second"] or 0),
            int((found["fraction"] or "0").ljust(6, "0")[:6]),
        )
        local = datetime.combine(day, clock)
        if found["hour"] is None:
            return When(local.replace(tzinfo=UTC), bare=True)
        if found["zone"] is None:
            instant = _from_clock(local, zone)
        else:
            instant = local.replace(tzinfo=_offset(found["zone"])).astimezone(UTC)
        return When(instant, bare=False) if instant >= FIRST_INSTANT else None
    except (ValueError, OverflowError):
        # No such day, hour or offset, or an instant beyond the years 1 to 9999.
        return None


def _from_clock(local: datetime, zone: str) -> datetime:
    first, later = (local.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    shown_twice = later.astimezone(UTC) > first.astimezone(UTC)
    return (later if shown_twice else first).astimezone(UTC)


def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if text[0] == "-" else size)
