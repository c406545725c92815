"""Odd files through a scan and back: what was kept, what went to the quarantine, and why."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from auditscan.ingest import Reads
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from scans import LIBRARY, POLICY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

AS_OF = date(2026, 3, 1)
KNOWN = {
    "occurred_at": "2025-07-01T10:00:00Z",
    "sender": "CMS",
    "recipient": "ICE",
    "states": ["CA", "OR"],
    "elements": ["diagnosis code"],
    "record_count": 5,
}
GOOD = "good.ndjson"
"""A sound log that lies beside the odd ones in every scan of `read_folder`."""


@dataclass(frozen=True)
class Case:
    """One odd file and what must be said of it."""

    content: bytes
    kept: Mapping[int, str] = field(default_factory=dict)
    """Record number -> transfer_id."""
    bad: Mapping[int, str] = field(default_factory=dict)
    """Record number -> part of the reason."""
    status: str = "read"
    note: str = ""
    """Part of the note."""
    name: str = "log"
    """What the file is called, without its folder."""
    unknown: Sequence[str] = ()
    """Unknown fields that are named."""


@dataclass(frozen=True)
class Seen:
    """What a scan said of one file."""

    status: str
    note: str
    format: str | None
    records: int
    blank: int
    kept: dict[int, str]
    bad: dict[int, str]
    raw: dict[int, bytes]
    """Record number -> quarantined bytes."""
    offsets: dict[int, int | None]
    duplicates: int
    unknown: list[str]
    answers: dict[int, dict[str, Any]]
    """By record number; the duplicates have none."""
    content: list[Any]
    """Everything a record says, by record number, for comparisons."""
    others: list[tuple[str, int, int]]
    """Why records are no transfers, how many, and the first of them."""
    places: str | None = None
    """What the number of a record counts."""


NOTHING = Seen("read", "", None, 0, 0, {}, {}, {}, {}, 0, [], {}, [], [])


def record(transfer_id: object, **fields: object) -> dict[str, Any]:
    """A plain record."""
    return {"transfer_id": transfer_id, **KNOWN, **fields}


def line(transfer_id: object, **fields: object) -> bytes:
    """A plain record as a line of NDJSON, without blanks and with its line end."""
    made = record(transfer_id, **fields)
    return json.dumps(made, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def row(transfer_id: str, mark: str = ",", **cells: str) -> str:
    """A plain row of CSV under HEADER, without its line end."""
    made = {"transfer_id": transfer_id, "occurred_at": "2025-07-01", "states": "CA;OR"} | cells
    return mark.join(made.get(name, "x") for name in COLUMNS)


COLUMNS = ("transfer_id", "occurred_at", "sender", "recipient", "states", "purpose")
HEADER = ",".join(COLUMNS)


def table(*rows: str, end: str = "\n") -> bytes:
    """Rows below HEADER."""
    return "".join(text + end for text in (HEADER, *rows)).encode()


def write_cases(folder: Path, cases: Mapping[str, Case]) -> None:
    """Write each case into a folder of its name, beside one sound log."""
    for name, case in cases.items():
        (folder / name).mkdir()
        (folder / name / case.name).write_bytes(case.content)
    (folder / GOOD).write_bytes(line("good-1") + line("good-2"))


def read_folder(folder: Path, *, workers: int = 2, zone: str = "UTC") -> dict[str, Seen]:
    """Scan a folder; what was said of each file, by the path below it."""
    with open_store(None, LIBRARY, threads=workers) as store:
        result = scan(store, [folder], POLICY, AS_OF, zone=zone, reads=Reads(keep_bytes=True))
        seen = _seen(store, folder)
        for report in result.files:
            if report.status == "skipped":
                shown = report.path.removeprefix(folder.as_posix() + "/")
                seen[shown] = replace(NOTHING, status="skipped", note=report.note)
        counted = store.one("select count(*) from answers")
        assert counted == sum(len(file.answers) for file in seen.values())
    for path, file in seen.items():
        if file.status == "copy":
            continue
        kept = len(file.kept) - file.duplicates
        others = sum(count for _, count, _ in file.others)
        assert file.records == kept + file.duplicates + len(file.bad) + others, path
        assert not file.kept.keys() & file.bad.keys(), path
    if GOOD in seen:
        assert seen[GOOD].kept == {1: "good-1", 2: "good-2"}
        assert seen[GOOD].answers[1]["verdict_now"] == "enjoined"
    return seen


def _seen(store: Any, folder: Path) -> dict[str, Seen]:
    found: dict[str, Seen] = {}
    numbers: dict[int, str] = {}
    for source_id, path, status, note, kind, records, blank, unknown, places in store.rows(
        "select source_id, path, status, note, format, records, blank_lines, unknown_fields, places "
        "from sources order by source_id"
    ):
        shown = path.removeprefix(folder.as_posix() + "/")
        numbers[source_id] = shown
        found[shown] = Seen(status, note, kind, records, blank, {}, {}, {}, {}, 0, unknown, {}, [], [], places)
        assert status == "copy" or store.one(
            "select quarantined = (select count(*) from quarantine where source_id = $1) "
            "from sources where source_id = $1",
            [source_id],
        )
    for key, transfer_id, *content in store.rows(
        "select r.record_key, r.transfer_id, r.occurred_at::varchar, r.moment_id, r.record_count, "
        "content_of(l), c.content from records r join logged_disclosures l using (disclosure_id) "
        "join contexts c using (context_id) order by r.record_key"
    ):
        file = found[numbers[key // 2**36]]
        file.kept[key % 2**36] = transfer_id
        file.content.append((key % 2**36, transfer_id, *content))
    for source_id, number, reason, raw, offset in store.rows(
        "select source_id, source_record, reason, bytes, byte_offset from quarantine"
    ):
        file = found[numbers[source_id]]
        assert number not in file.bad
        file.bad[number], file.raw[number], file.offsets[number] = reason, raw, offset
    for source_id, *why in store.rows("select source_id, reason, records, first_record from set_aside order by all"):
        found[numbers[source_id]].others.append(tuple(why))
    for (key,) in store.rows("select record_key from duplicates"):
        name = numbers[key // 2**36]
        found[name] = replace(found[name], duplicates=found[name].duplicates + 1)
    columns = (
        "occurred_at",
        "states",
        "elements",
        "record_count",
        "verdict_now",
        "reasons",
        "source_file",
        "source_record",
    )
    for values in store.rows(f"select {', '.join(columns)} from answers"):
        answer = dict(zip(columns, values, strict=True))
        shown = answer["source_file"].removeprefix(folder.as_posix() + "/")
        found[shown].answers[answer["source_record"]] = answer
    return found


def check(case: Case, seen: Seen) -> None:
    """Hold what was said of a file against its case."""
    shown = (seen.status, seen.note, seen.kept, seen.bad)
    assert seen.kept == dict(case.kept), shown
    assert seen.bad.keys() == case.bad.keys(), shown
    for number, part in case.bad.items():
        assert part in seen.bad[number], shown
    assert seen.status == case.status, shown
    assert case.note in seen.note, shown
    assert seen.unknown == sorted(case.unknown)
    if seen.format == "csv":
        _stands_there(case.content, seen)


def _stands_there(content: bytes, seen: Seen) -> None:
    """Hold the line that is named of a record against the file, as an editor shows it."""
    try:
        text = content.decode("utf-8-sig").replace('""', '"')
    except UnicodeDecodeError:
        return
    lines = text.split("\n" if "\n" in text else "\r")
    for number, transfer_id in seen.kept.items():
        shown = transfer_id.split("\n")[0]
        assert shown == "content-" or shown in lines[number - 1], (number, transfer_id)
