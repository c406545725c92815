"""Gaps in the logs: what is counted of records, at once or night by night, and what the rules make of it."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditscan.scanning.rules import RHYTHM
from auditscan.scanning.scan import SINCE
from auditscan.store import open_store, prepare
from oracle import rhythm
from oracle.rhythm import Entry
from scans import LIBRARY, POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.store import Store

MONDAY = date(2025, 10, 6)  # The clocks at the court change in the weeks after.
FILE = 2**36
TABLES = ("source_days", "source_order", "id_runs")
RULES = ("silent_day", "silent_week", "source_stopped", "id_holes")


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """A database that no log was read into, with the views that the rules look at."""
    with open_store(None, LIBRARY, threads=2) as opened:
        prepare(opened, POLICY, date(2026, 3, 1), SINCE)
        yield opened


def put(store: Store, entries: list[Entry]) -> dict[str, int]:
    """Put entries into the tables that reading fills, in the order given; return the number of each file."""
    for table in ("records", "sources", *TABLES):
        store.rows(f"delete from {table}")
    files = {path: number for number, path in enumerate(sorted({entry.path for entry in entries}), start=1)}
    store.insert("sources", {"source_id": "integer", "path": "varchar"}, [(n, path) for path, n in files.items()])
    rows = []
    for entry in entries:
        instant = isinstance(entry.when, datetime)
        rows.append(
            (
                files[entry.path] * FILE + entry.number,
                entry.transfer_id,
                entry.when if instant or entry.when is None else datetime.combine(entry.when, datetime.min.time()),
                instant,
            )
        )
    store.rows("create or replace temp table given (record_key bigint, id varchar, moment timestamp, instant boolean)")
    store.insert("given", {"record_key": "bigint", "id": "varchar", "moment": "timestamp", "instant": "boolean"}, rows)
    store.rows(
        "insert into records (record_key, transfer_id, occurred_at, moment_id) select record_key, id, moment, "
        "case when moment is null then moment_unknown() when instant then moment_of_instant(moment) "
        "else moment_of_day(moment::date) end from given"
    )
    store.run("date")
    return files


def count_rhythm(store: Store, first_new_key: int | None) -> None:
    for step in RHYTHM:
        store.run(step, first_new_key=first_new_key)


def counted(store: Store) -> dict[str, list[tuple[object, ...]]]:
    return {table: store.rows(f"select * from {table} order by all") for table in TABLES}


def found(store: Store, rule: str) -> list[tuple[str, str]]:
    return [row[:2] for row in store.rows(LIBRARY.get(rule).body.rstrip(";"))]


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    """A few logs over some weeks, each with a rhythm, days left out, and records that are odd."""
    chance = random.Random(draw(st.integers(0, 10**9)))
    entries: list[Entry] = []
    number = chance.choice([0, 95, 9_990])
    for name in ("idr", "eft", "a-b")[: chance.randint(1, 3)]:
        weekdays = chance.sample(range(7), chance.randint(1, 7))
        weeks, lost, each = chance.randint(6, 16), chance.choice([0.02, 0.02, 0.03, 0.3]), chance.randint(1, 4)
        weeks_lost = chance.choice([set(), {chance.randint(4, weeks)}])
        days = [MONDAY + timedelta(days=n) for n in range(7 * weeks) if n % 7 in weekdays]
        for day in days:
            if chance.random() < lost or (day - MONDAY).days // 7 in weeks_lost:
                continue
            path = f"{day:%Y-%m}/{name}-{day.day}.csv{chance.choice(['', '.gz'])}" if len(name) > 2 else f"{name}.csv"
            count = sum(entry.path == path for entry in entries)
            for place in range(1, each + 1):
                number += chance.choices([1, 2, 12, 0], [94, 3, 1, 2])[0]
                when: datetime | date | None = datetime(day.year, day.month, day.day, 13, tzinfo=UTC).replace(
                    tzinfo=None
                ) + timedelta(minutes=chance.choice([7 * place, 7 * place, -90, 120]))
                when = chance.choices([when, day, None], [90, 5, 5])[0]
                entries.append(
                    Entry(path, 2 * count + place, when, f"{chance.choices(['T-', ''], [9, 1])[0]}{number:04d}")
                )
    return entries


few = settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(logs(), st.randoms(use_true_random=False))
def test_the_oracle_finds_the_same(store: Store, entries: list[Entry], chance: random.Random) -> None:
    # Blocks of a file are written in the order in which they are done.
    blocks = [entries[start : start + 40] for start in range(0, len(entries), 40)]
    chance.shuffle(blocks)
    files = put(store, [entry for block in blocks for entry in block])
    count_rhythm(store, None)
    once = counted(store)
    assert {subject for subject, _ in found(store, "silent_day")} == rhythm.silent_days(entries)
    assert {subject for subject, _ in found(store, "silent_week")} == rhythm.silent_weeks(entries)
    assert {subject for subject, _ in found(store, "source_stopped")} == rhythm.stopped(entries)
    holes = sum(int(evidence.split()[0]) for _, evidence in found(store, "id_holes"))
    assert holes == rhythm.missing_numbers(entries).total()
    paths = {number: path for path, number in files.items()}
    order = {paths[source]: (steps, key % FILE) for source, _, steps, _, key in once["source_order"]}
    assert order == rhythm.backward(entries)

    night_by_night(store, sorted(files.values()), chance)
    assert counted(store) == once


def night_by_night(store: Store, files: list[int], chance: random.Random) -> None:
    """Count the same files again, some each night."""
    store.rows("create or replace temp table all_records as select * from records")
    for table in ("records", *TABLES):
        store.rows(f"delete from {table}")
    if not files:
        return
    nights = sorted({files[0], *chance.sample(files, min(3, len(files)))})
    for night, first in enumerate(nights):
        until = nights[night + 1] if night + 1 < len(nights) else files[-1] + 1
        store.rows(
            "insert into records select * from all_records where record_key // $1 >= $2 and record_key // $1 < $3",
            [FILE, first, until],
        )
        count_rhythm(store, None if night == 0 else first * FILE)
    store.set(first_new_key=None)


def test_the_made_up_logs_have_what_is_looked_for(store: Store) -> None:
    """A test of the test: logs in which nothing is ever found would agree with any oracle."""
    rules: set[str] = set()

    @few
    @given(logs())
    def look(entries: list[Entry]) -> None:
        for name, subjects in (
            ("silent_day", rhythm.silent_days(entries)),
            ("silent_week", rhythm.silent_weeks(entries)),
            ("source_stopped", rhythm.stopped(entries)),
            ("id_holes", rhythm.missing_numbers(entries)),
            ("order", rhythm.backward(entries)),
        ):
            if subjects:
                rules.add(name)

    look()
    assert rules == {*RULES, "order"}


@pytest.mark.parametrize(
    ("path", "stream"),
    [
        ("2026-01-03/idr-001.ndjson", "#/idr-#.ndjson"),
        ("logs/idr-2026-01-03T120000Z.csv.gz", "logs/idr-#.csv"),
        ("idr_7.parquet", "idr_#.parquet"),
        ("idr.ndjson.1.GZ", "idr.ndjson"),
        ("idr.ndjson-20260103.zst", "idr.ndjson"),
        ("part-00001-3fa85f64-5717-4562-b3fc-2c963f66afa6-c000.csv", "part-#-c#.csv"),
        ("idr-3fa85f6457174562.csv", "idr-#.csv"),
        ("defaced-1.csv", "defaced-#.csv"),
    ],
)
def test_files_of_one_log(store: Store, path: str, stream: str) -> None:
    assert store.one("select stream_of($1)", [path]) == stream


@pytest.mark.parametrize(
    ("ids", "runs"),
    [
        (["T-1", "T-3", "T-2", "T-2", "T-0005"], [("T-", 1, 3, 1), ("T-", 5, 5, 1)]),
        (["a1b09", "a1b10", "9", "10", "8", "x"], [("", 8, 10, 1), ("a1b", 9, 10, 2)]),
        (["content-0001", "none", "n-18446744073709551615"], []),
        ([f"{n:03d}" for n in range(62, 130)], [("", 62, 129, 3)]),
    ],
)
def test_numbers_of_ids(store: Store, ids: list[str], runs: list[tuple[object, ...]]) -> None:
    put(store, [Entry("log.csv", place, None, transfer_id) for place, transfer_id in enumerate(ids, start=1)])
    count_rhythm(store, None)
    assert counted(store)["id_runs"] == runs


def test_ids_that_are_no_sequence_take_no_room(store: Store) -> None:
    chance = random.Random(1)
    ids = [f"{chance.getrandbits(128):032x}" for _ in range(20_000)] + [
        str(chance.randrange(10**14)) for _ in range(20_000)
    ]
    put(store, [Entry("log.csv", place, None, transfer_id) for place, transfer_id in enumerate(ids, start=1)])
    count_rhythm(store, None)
    assert counted(store)["id_runs"] == []
