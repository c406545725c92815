"""Runs the cases of every source: many logs are read at once, and each says what it would say alone."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

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
def source_store(plain_store: Store) -> Store:
    """A database with every view, emptied before logs are read: to make one a case would take minutes."""
    plain_store.rows(f"create temp macro source_of(record_key) as record_key // {RECORDS_A_FILE}")
    return plain_store


@pytest.fixture(scope="module")
def source_of(source_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Case], int]:
    """Have the log of a case read, with others unless it was read with them, and return its number."""
    logs: dict[Case, Path] = {}

    def find(case: Case) -> int:
        if case not in logs:
            logs.clear()
            for other in near(case):
                logs[other] = tmp_path_factory.mktemp("case") / other.options.get("file", "log.txt")
                logs[other].write_bytes(other.given.encode(other.options.get("encoding", "utf-8")))
            read_logs(source_store, [*logs.values()], *reads_of(case))
        return int(source_store.one("select source_id from sources where path = $1", [str(logs[case])]))

    return find


def read_logs(store: Store, logs: list[Path], zone: str, reads: Reads) -> None:
    """Read logs into an emptied database as if each were the only one, and look their words up."""
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
    for table, query in SHOWN.items():
        store.rows(f"create or replace temp table {table} as {query}")


READ_TABLES = (
    "sources", "records", "trace_rows", "trace_sayings", "set_aside", "quarantine", "logged_disclosures", "contexts",
    "duplicates", "conflicts",
)  # fmt: skip


SHOWN = {
    "shown_transfers": (
        "select *, source_of(record_key) as source_id from transfers left join traces using (record_key) "
        "inner join (select disclosure_id, element_basis, list_transform(deduced, lambda d: d.item || ': ' || d.why) "
        "as deduced from logged_disclosures) using (disclosure_id)"
    ),
    "shown_unreadable": "select *, source_of(record_key) as source_id from rule_unreadable_field",
    "shown_kept": "select source_of(record_key) as source_id from kept_records",
    "shown_duplicates": "select source_of(record_key) as source_id from duplicates",
}
"""What views say of all the logs that are read at once: to plan them a case would take longer than to read it."""


@pytest.mark.parametrize("case", SOURCE_CASES, ids=lambda case: case.id)
def test_source(case: Case, source_store: Store, source_of: Callable[[Case], int]) -> None:
    source_id = source_of(case)
    compare_transfers(source_store, source_id, case)
    compare_accounting(source_store, source_id, case)


def compare_transfers(store: Store, source_id: int, case: Case) -> None:
    transfers = case.expect.get("transfers", [])
    columns = sorted({column for transfer in transfers for column in transfer} - {"record"})
    assert all(re.fullmatch("[a-z_]+", column) for column in columns)
    rows = store.rows(
        f"select {', '.join(['source_record', *columns])} from shown_transfers where source_id = $1 "
        "order by source_record",
        [source_id],
    )
    shown = [dict(zip(["record", *columns], row, strict=True)) for row in rows]
    # Not every transfer of a case has to name what another one does.
    picked = [{column: row[column] for column in want} for row, want in zip(shown, transfers, strict=False)]
    assert [*picked, *shown[len(transfers) :]] == transfers, case.because
    unreadable = store.rows(
        "select evidence from shown_unreadable where source_id = $1 order by record_key", [source_id]
    )
    assert [text for (text,) in unreadable] == case.expect.get("unreadable", []), case.because


def compare_accounting(store: Store, source_id: int, case: Case) -> None:
    found = store.rows("select source_record, reason from quarantine where source_id = $1 order by all", [source_id])
    wanted = case.expect.get("quarantine", [])
    assert [record for record, _ in found] == [bad["record"] for bad in wanted], case.because
    for (_, reason), bad in zip(found, wanted, strict=True):
        assert bad["reason"] in reason, case.because
    ((status, log_format, records, blank_lines, unknown_fields),) = store.rows(
        "select status, format, records, blank_lines, unknown_fields from sources where source_id = $1", [source_id]
    )
    assert status == case.expect.get("status", "read"), case.because
    assert blank_lines == case.expect.get("blank_lines", 0)
    assert unknown_fields == case.expect.get("unknown_fields", [])
    others = dict(store.rows("select reason, records from set_aside where source_id = $1", [source_id]))
    assert others == case.expect.get("not_transfers", {}), case.because
    if "taken_for" in case.expect:
        assert log_format == case.expect["taken_for"], case.because
    kept, duplicates = (
        store.one(f"select count(*) from {table} where source_id = $1", [source_id])
        for table in ("shown_kept", "shown_duplicates")
    )
    assert records == kept + duplicates + len(wanted) + sum(others.values())


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
