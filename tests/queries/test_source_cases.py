"""Runs the cases of every source: many logs are read at once, and each says what it would say alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from auditscan.ingest import Reads
from auditscan.library import Library
from auditscan.readers.files import find_files
from auditscan.scanning.reading import Reading
from queries.case_files import FOLDER, RECORDS_A_FILE, Case, check_kinds, rule_cases, source_cases

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from auditscan.store import Store

LIBRARY = Library.shipped()
READ_OPTIONS = ("zone", "format", "held_by")
# Those with the same options stand together: they are read together.
SOURCE_CASES = sorted(source_cases(), key=lambda case: [case.options.get(name, "") for name in READ_OPTIONS])
TOGETHER = 60
"""How many cases are read at once: most of what reading costs is the same for one log and for many."""


Said = dict[str, list[dict[str, Any]]]
"""Of one log: name of what is asked -> rows, by column."""


def near(case: Case) -> list[Case]:
    """The cases that are read with one: of those around it the ones with its options, each text once."""
    place = SOURCE_CASES.index(case) // TOGETHER * TOGETHER
    alike = [other for other in SOURCE_CASES[place : place + TOGETHER] if reads_of(other) == reads_of(case)]
    return [*({other.given: other for other in alike} | {case.given: case}).values()]


def reads_of(case: Case) -> tuple[str, Reads]:
    """The zone of the times in a log, and what is known of it besides."""
    zone, log_format, held_by = (case.options.get(name) for name in READ_OPTIONS)
    return zone or "UTC", Reads(log_format=log_format, held_by=held_by)


@pytest.fixture(scope="module")
def said_of(plain_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Case], Said]:
    """Have the log of a case read, with others unless it was read with them, and give what the database says of it.

    The database has every view, and is emptied before logs are read: to make one a case would take minutes.
    """
    plain_store.rows(f"create temp macro source_of(record_key) as record_key // {RECORDS_A_FILE}")
    said: dict[Case, Said] = {}

    def find(case: Case) -> Said:
        if case not in said:
            logs: dict[Case, Path] = {}
            for other in near(case):
                logs[other] = tmp_path_factory.mktemp("case") / other.options.get("file", "log.txt")
                logs[other].write_bytes(other.given.encode(other.options.get("encoding", "utf-8")))
            by_path = read_logs(plain_store, [*logs.values()], *reads_of(case))
            said.update({other: by_path[str(log)] for other, log in logs.items()})
        return said[case]

    return find


def read_logs(store: Store, logs: list[Path], zone: str, reads: Reads) -> dict[str, Said]:
    """Read logs into an emptied database as if each were the only one, and look their words up; by path what is said.

    Of all at once: to ask a case takes longer than to read it.
    """
    for table in READ_TABLES:
        store.rows(f"delete from {table}")
    store.run("begin")
    Reading(store, zone, reads=reads).take_all(find_files(logs))
    # An id of one log is none of another's.
    store.rows("update records set transfer_id = source_of(record_key) || ' ' || transfer_id")
    for step in ("repeats", "settle"):
        store.run(step)
    store.rows("update records set transfer_id = substr(transfer_id, strpos(transfer_id, ' ') + 1)")
    for step in ("find_parties", "look_up", "spans", "date"):
        store.run(step)
    store.rows("drop table repeated_records")
    told: dict[int, Said] = defaultdict(lambda: {name: [] for name in SHOWN})
    for name, query in SHOWN.items():
        cursor = store.connection.execute(query)
        columns = [column for column, *_ in cursor.description]
        for values in cursor.fetchall():
            row = dict(zip(columns, values, strict=True))
            told[row["source_id"]][name].append(row)
    return {said["sources"][0]["path"]: said for said in told.values()}


READ_TABLES = (
    "sources", "records", "trace_rows", "trace_sayings", "set_aside", "quarantine", "logged_disclosures", "contexts",
    "duplicates", "conflicts",
)  # fmt: skip


SHOWN = {
    "sources": "select * from sources",
    "transfers": (
        "select *, source_of(record_key) as source_id from transfers left join traces using (record_key) "
        "inner join (select disclosure_id, element_basis, list_transform(deduced, lambda d: d.item || ': ' || d.why) "
        "as deduced from logged_disclosures) using (disclosure_id) order by source_record"
    ),
    "unreadable": (
        "select evidence, source_of(record_key) as source_id from rule_unreadable_field order by record_key"
    ),
    "quarantine": "select source_record, reason, source_id from quarantine order by all",
    "set_aside": "select reason, records, source_id from set_aside",
    "kept": "select source_of(record_key) as source_id from kept_records",
    "duplicates": "select source_of(record_key) as source_id from duplicates",
}
"""What a case is held against: each row is of one log."""


@pytest.mark.parametrize("case", SOURCE_CASES, ids=lambda case: case.id)
def test_source(case: Case, said_of: Callable[[Case], Said]) -> None:
    said = said_of(case)
    compare_transfers(said, case)
    compare_accounting(said, case)


def compare_transfers(said: Said, case: Case) -> None:
    transfers = case.expect.get("transfers", [])
    columns = {column for transfer in transfers for column in transfer} - {"record"}
    shown = [
        {"record": row["source_record"]} | {column: row[column] for column in columns} for row in said["transfers"]
    ]
    # Not every transfer of a case has to name what another one does.
    picked = [{column: row[column] for column in want} for row, want in zip(shown, transfers, strict=False)]
    assert [*picked, *shown[len(transfers) :]] == transfers, case.because
    assert [row["evidence"] for row in said["unreadable"]] == case.expect.get("unreadable", []), case.because


def compare_accounting(said: Said, case: Case) -> None:
    wanted = case.expect.get("quarantine", [])
    assert [row["source_record"] for row in said["quarantine"]] == [bad["record"] for bad in wanted], case.because
    for row, bad in zip(said["quarantine"], wanted, strict=True):
        assert bad["reason"] in row["reason"], case.because
    (source,) = said["sources"]
    assert source["status"] == case.expect.get("status", "read"), case.because
    assert source["blank_lines"] == case.expect.get("blank_lines", 0)
    assert source["unknown_fields"] == case.expect.get("unknown_fields", [])
    others = {row["reason"]: row["records"] for row in said["set_aside"]}
    assert others == case.expect.get("not_transfers", {}), case.because
    if "taken_for" in case.expect:
        assert source["format"] == case.expect["taken_for"], case.because
    kept, duplicates = len(said["kept"]), len(said["duplicates"])
    assert source["records"] == kept + duplicates + len(wanted) + sum(others.values())


def test_every_source_has_its_cases() -> None:
    files = {path.stem for path in (FOLDER / "sources").iterdir()}
    assert files == {source.name for source in LIBRARY.of("source")}
    # A source that sets everything aside has nothing to hit.
    silent = {
        source.name for source in LIBRARY.of("source") if "reader" in source.header and "occurred_at" not in source.sql
    }
    check_kinds([case for case in SOURCE_CASES if case.of not in silent])
    for case in SOURCE_CASES:
        left_out = any(case.expect.get(key) for key in ("quarantine", "not_transfers"))
        left_out = left_out or case.expect.get("status", "read") != "read"
        assert case.kind != "hit" or case.expect.get("transfers"), case.id
        assert case.kind != "miss" or left_out, case.id


def test_names_of_cases_are_unique() -> None:
    counted = Counter(case.id for case in (*rule_cases(), *SOURCE_CASES))
    assert [name for name, count in counted.items() if count > 1] == []
