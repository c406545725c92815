"""Runs the cases of every rule and source through the doors a nightly scan uses.

Cases of rules that share their options lie in one log and are scanned once: a scan a case would
take minutes. Their records keep apart because their ids begin with the number of the case.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from auditscan.ingest import Reads
from auditscan.library import Library
from auditscan.policy import load
from auditscan.readers.files import find_files
from auditscan.scanning.reading import Reading
from auditscan.scanning.scan import SINCE, scan
from auditscan.store import open_store
from queries.case_files import FOLDER, KINDS, PLAIN, Case, rule_cases, source_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from auditscan.store import Store

LIBRARY = Library.shipped()
AS_OF = "2026-03-01"
READ_OPTIONS = ("zone", "format", "held_by")
RULES = {rule.name: rule for rule in LIBRARY.of("rule")}
RULE_CASES = rule_cases()
LOG_CASES = [case for case in RULE_CASES if RULES[case.of].reads == "sources"]
TRANSFER_CASES = [case for case in RULE_CASES if case not in LOG_CASES]
# Those with the same options stand together: they are read together.
SOURCE_CASES = sorted(source_cases(), key=lambda case: [case.options.get(name, "") for name in READ_OPTIONS])
RECORDS_A_FILE = 2**36

Findings = dict[tuple[str, int], list[dict[str, Any]]]
"""By rule and number of the record in its log."""


@dataclass
class Group:
    """Cases with the same options, scanned together."""

    before: dict[Case, int] = field(default_factory=dict)
    """How many records of the log come before those of a case."""
    findings: Findings = field(default_factory=dict)
    outcomes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """How each rule ended, and the message of one that did not run."""


def options_of(case: Case) -> str:
    """Cases for which this is the same text can be scanned together."""
    return json.dumps(case.options, sort_keys=True)


def prefix(case: Case) -> str:
    """What the ids of a case begin with, so that no other case repeats them."""
    return f"case{RULE_CASES.index(case)}-"


def canonical(case: Case) -> list[dict[str, Any]]:
    """The records of a case: each given row laid over the plain transfer, with an id."""
    records = []
    for place, row in enumerate(case.given, start=1):
        record = PLAIN | {"transfer_id": f"t{place}"} | row
        if isinstance(record["transfer_id"], str):
            record["transfer_id"] = prefix(case) + record["transfer_id"]
        records.append({name: value for name, value in record.items() if value is not None})
    return records


def write_register(folder: Path, records: list[dict[str, Any]]) -> Path:
    """Write records as a register, its columns called as the fields are, and a mapping that says so."""
    columns = [*dict.fromkeys(name for record in records for name in record)]
    log = folder / "log.csv"
    with log.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, columns)
        rows.writeheader()
        rows.writerows(
            {name: "; ".join(value) if isinstance(value, list) else value for name, value in record.items()}
            for record in records
        )
    mapped = "".join(f"\n[[tables.columns]]\ncolumn = {name!r}\nfield = {name!r}\n" for name in columns)
    mapping = f'version = 1\nkind = "register"\n\n[[tables]]\nheader_row = 1\n{mapped}'
    (folder / "log.csv.mapping.toml").write_text(mapping, encoding="utf-8")
    return log


def write_history(folder: Path, case: Case, texts: list[str], log: Path) -> None:
    """Add query texts to a history of queries."""
    with log.open("a", encoding="utf-8") as file:
        for place, text in enumerate(texts, start=1):
            record = {
                "QUERY_ID": f"{prefix(case)}q{place}",
                "QUERY_TEXT": text,
                "QUERY_TYPE": "SELECT",
                "DATABASE_NAME": "CMS_IDR",
                "ROLE_NAME": "ICE_READER",
                "START_TIME": "2026-02-10T15:08:00Z",
                "EXECUTION_STATUS": "SUCCESS",
                "ROWS_PRODUCED": 40,
            }
            file.write(json.dumps(record) + "\n")


def scan_group(folder: Path, cases: list[Case]) -> Group:
    """Scan the records of all these cases as one log."""
    group = Group()
    records: list[dict[str, Any]] = []
    overlays: list[Path] = []
    options = cases[0].options
    for case in cases:
        # In a register the header counts as a row.
        group.before[case] = len(records) + ("register" in options)
        if "history" in options:
            write_history(folder, case, case.given, folder / "log.ndjson")
            records += [{}] * len(case.given)
        else:
            records += canonical(case)
    log = write_register(folder, records) if "register" in options else folder / "log.ndjson"
    if not {"register", "history"} & options.keys():
        log.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    if "overlay" in options:
        overlays.append(folder / "overlay")
        overlays[0].mkdir()
        for name, text in options["overlay"].items():
            (overlays[0] / name).write_text(text, encoding="utf-8")
    with open_store(None, LIBRARY, threads=1) as store:
        scan(
            store,
            [log],
            load(overlays),
            date.fromisoformat(options.get("as_of", AS_OF)),
            since=date.fromisoformat(options.get("since", str(SINCE))),
            zone=options.get("zone", "UTC"),
            reads=Reads(trust=True),
        )
        assert store.one("select count(*) from quarantine") == 0, "a given row is no record"
        for rule, record, *found in store.rows(
            "select rule, record_key % $1, evidence, citation, certainty, severity from findings",
            [RECORDS_A_FILE],
        ):
            shown = dict(zip(("evidence", "citation", "certainty", "severity"), found, strict=True))
            group.findings.setdefault((rule, record), []).append(shown)
        for rule, outcome, message in store.rows("select rule, outcome, message from rule_runs"):
            group.outcomes[rule] = outcome, message
    return group


@pytest.fixture(scope="module")
def group_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Case], Group]:
    """Give the group of a case, scanned when the first of its cases asks for it."""
    groups: dict[str, Group] = {}

    def find(case: Case) -> Group:
        options = options_of(case)
        if options not in groups:
            together = [other for other in TRANSFER_CASES if options_of(other) == options]
            groups[options] = scan_group(tmp_path_factory.mktemp("group"), together)
        return groups[options]

    return find


# --- rules --------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", TRANSFER_CASES, ids=lambda case: case.id)
def test_rule(case: Case, group_of: Callable[[Case], Group]) -> None:
    group = group_of(case)
    assert group.outcomes[case.of] == ("ran", "")
    found = [
        {"row": row} | finding | {"evidence": finding["evidence"].replace(prefix(case), "")}
        for row in range(1, len(case.given) + 1)
        for finding in group.findings.get((case.of, group.before[case] + row), [])
    ]
    expected = [{"row": 1} | hit for hit in case.expect]
    # A case may leave out the citation and how sure it is; the evidence it always states.
    shown = [
        {key: value for key, value in hit.items() if key in want} for hit, want in zip(found, expected, strict=False)
    ]
    assert [*shown, *found[len(expected) :]] == expected, case.because
    for finding in found:
        assert finding["severity"] == RULES[case.of].severity
        assert finding["certainty"] in ("A", "B", "C", "D")
        assert finding["citation"]


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A judged database with the views of the rules, whose tables a case may fill as it likes."""
    log = tmp_path_factory.mktemp("empty") / "log.ndjson"
    log.write_text(json.dumps(PLAIN | {"transfer_id": "T-1"}) + "\n", encoding="utf-8")
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [log], load(), date.fromisoformat(AS_OF))
        yield store


def rows_of(given: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that a line of a case stands for."""
    for name, value in given.items():
        if isinstance(value, list):
            return [given | {name: one} for one in value]
    return [given]


_LOG_TABLES = (
    "sources", "scans", "file_versions", "source_days", "source_order", "id_runs", "records", "duplicates",
)  # fmt: skip


@pytest.mark.parametrize("case", LOG_CASES, ids=lambda case: case.id)
def test_rule_about_logs(case: Case, empty_store: Store) -> None:
    store = empty_store
    for table in _LOG_TABLES:
        store.rows(f"delete from {table}")
    for table, lines in case.given.items():
        for row in (row for line in lines for row in rows_of(line)):
            places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
            store.rows(f"insert into {table} ({', '.join(row)}) values ({places})", list(row.values()))
    found = store.rows(f"select subject, evidence, citation, certainty from rule_{case.of} order by subject")
    assert [{"subject": row[0], "evidence": row[1]} for row in found] == case.expect, case.because
    assert all(row[2] and row[3] in ("A", "B", "C", "D") for row in found)


def test_every_rule_has_its_cases() -> None:
    files = {path.stem for path in (FOLDER / "rules").iterdir()}
    assert files == set(RULES)
    _check_kinds(RULE_CASES)
    for case in RULE_CASES:
        assert all("evidence" in hit for hit in case.expect), case.id
        assert case.kind == "boundary" or bool(case.expect) == (case.kind == "hit"), case.id


def test_names_of_cases_are_unique() -> None:
    counted = Counter(case.id for case in (*RULE_CASES, *SOURCE_CASES))
    assert [name for name, count in counted.items() if count > 1] == []


def _check_kinds(cases: list[Case]) -> None:
    for name in {case.of for case in cases}:
        kinds = Counter(case.kind for case in cases if case.of == name)
        assert kinds["hit"] >= 2, name
        assert kinds["miss"] >= 2, name
        assert kinds["boundary"] >= 1, name
        assert set(kinds) <= set(KINDS)


def test_a_rule_whose_field_no_log_has_does_not_apply(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("sender,recipient\nCMS,ICE\n")
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [log], load(), date.fromisoformat(AS_OF))
        outcomes = {
            rule: (outcome, message)
            for rule, outcome, message in store.rows("select rule, outcome, message from rule_runs")
        }
    for name, rule in RULES.items():
        if rule.requires:
            assert outcomes[name] == (
                "not applicable",
                f"no log has the field {', '.join(rule.requires)}",
            )
        else:
            assert outcomes[name] == ("ran", "")


# --- sources ------------------------------------------------------------------------------------


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
def source_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A database with every view, emptied before logs are read: to make one a case would take minutes."""
    log = tmp_path_factory.mktemp("plain") / "log.ndjson"
    log.write_text(json.dumps(PLAIN | {"transfer_id": "T-1"}) + "\n", encoding="utf-8")
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [log], load(), date.fromisoformat(AS_OF))
        store.rows(f"create temp macro source_of(record_key) as record_key // {RECORDS_A_FILE}")
        yield store


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
    "sources", "records", "traces", "set_aside", "quarantine", "logged_disclosures", "contexts", "duplicates",
    "conflicts",
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
    _check_kinds([case for case in SOURCE_CASES if case.of not in silent])
    for case in SOURCE_CASES:
        left_out = any(case.expect.get(key) for key in ("quarantine", "not_transfers"))
        left_out = left_out or case.expect.get("status", "read") != "read"
        assert case.kind != "hit" or case.expect.get("transfers"), case.id
        assert case.kind != "miss" or left_out, case.id
