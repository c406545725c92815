"""Made-up records, days of all years among them, in NDJSON, spaced JSON, arrays and CSV: judged as by the oracle."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import oracle
import strategies
from attacks.counted import Counted
from auditscan.scanning.scan import SINCE, scan
from auditscan.store import open_store
from oracle import Record, csv_records, normalize
from scans import LIBRARY, POLICY, answers, place
from strategies.files import csv_log, texts
from strategies.values import AS_OF_DAYS, written

if TYPE_CHECKING:
    from pathlib import Path

FULL = 20_000
STEP = 2_500

ZONES = ("UTC", "America/New_York", "Asia/Kolkata")


def any_day(drawn: random.Random) -> str:
    """A day of the years 1 to 9999, or a time on one, in one of the forms that can be read."""
    if drawn.random() < 0.5:
        return date.fromordinal(drawn.randint(1, date.max.toordinal())).isoformat()
    day = date.fromordinal(drawn.randint(5, date.max.toordinal() - 5))
    if drawn.random() < 0.5:
        # Where the clock of the court changes, and the orders do.
        day = drawn.choice([date(2025, 11, 2), date(2026, 3, 8), date(1970, 1, 1), *AS_OF_DAYS])
    quarters = timedelta(minutes=15 * drawn.randrange(96), microseconds=drawn.choice((-1, 0, 0, 1, 500_000)))
    return drawn.choice(written(datetime.combine(day, time(), UTC) + quarters))


def write(folder: Path, records: list[Record], drawn: random.Random) -> list[Record]:
    """Write a fourth of the records in each form, and return them as the files hold them, with their places."""
    folder.mkdir()
    plain, spaced, array, cells = ([record.fields for record in records[start::4]] for start in range(4))
    (folder / "a.ndjson").write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in plain), "utf-8")
    lines = [json.dumps(one, separators=(" , ", " :  ")) for one in spaced]
    (folder / "b.ndjson").write_text("".join(f" {line}\t\n" for line in lines), "utf-8")
    (folder / "c.json").write_text(json.dumps(array, indent=drawn.choice((None, 1)), ensure_ascii=False), "utf-8")
    table = csv_log(strategies.Seeded(drawn.randrange(1 << 30)), [texts(one) for one in cells])
    (folder / "d.csv").write_bytes(table.encode())
    return [
        *(Record("a.ndjson", number, one) for number, one in enumerate(plain, 1)),
        *(Record("b.ndjson", number, one) for number, one in enumerate(spaced, 1)),
        *(Record("c.json", number, one) for number, one in enumerate(array, 1)),
        *csv_records("d.csv", table),
    ]


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Judge `count` records, a fourth of them with days of all years, and hold each answer against the oracle's."""
    drawn = random.Random(seed)
    counted = Counted()
    records = strategies.many(count, seed)
    for record in records[::4]:
        name = next((name for name in record.fields if normalize(name) == "occurred_at"), "occurred_at")
        record.fields[name] = any_day(drawn)
    drawn.shuffle(records)
    written_records = write(folder / "logs", records, drawn)
    zone, as_of = drawn.choice(ZONES), drawn.choice(AS_OF_DAYS)
    with open_store(None, LIBRARY, threads=2) as store:
        scan(store, [folder / "logs"], POLICY, as_of, since=SINCE, zone=zone)
        found = {place(answer): answer for answer in answers(store)}
        duplicates = int(store.one("select count(*) from duplicates"))
        told = store.rows("select path, status, quarantined from sources where status <> 'read' or quarantined > 0")
    rows, reasons = oracle.evaluate_with_reasons(written_records, as_of, since=SINCE, zone=zone)
    wanted: dict[tuple[str, int], dict[str, Any]] = {place(answer): answer for answer in rows}
    said = {(record.source_file, record.source_record): record.fields for record in written_records}
    if told or len(found) + duplicates != len(written_records):
        counted.broke(
            f"not all are answered: {told}, {len(found)} and {duplicates} of {len(written_records)}, seed {seed}"
        )
    for where in sorted(wanted.keys() | found.keys()):
        want, have = wanted.get(where), found.get(where)
        if want is None or have is None:
            counted.broke(f"{where} is answered by one alone, seed {seed}: {said.get(where)}")
            continue
        different = {column: (want[column], have[column]) for column in want if have[column] != want[column]}
        must, may = reasons[where]
        given = oracle.NAMED & set(have["reasons"])
        if not must <= given <= may:
            different["reasons"] = sorted(must - given), sorted(given - may)
        if different:
            counted.broke(f"{where}, as of {as_of}, zone {zone}, seed {seed}: {different} of {said[where]}")
        else:
            counted.held("same answer")
    counted.held("one with an earlier one, as both say", duplicates)
    return counted
