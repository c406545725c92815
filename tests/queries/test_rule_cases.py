"""Runs the cases of every rule through the doors a nightly scan uses.

Cases of rules that share their options lie in one log and are scanned once: a scan a case would
take minutes. Their records keep apart because their ids begin with the number of the case.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from auditscan.ingest import Reads
from auditscan.library import Library
from auditscan.policy import load
from auditscan.scanning.scan import SINCE, scan
from auditscan.store import open_store
from queries.case_files import AS_OF, FOLDER, PLAIN, RECORDS_A_FILE, Case, check_kinds, rule_cases

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from auditscan.store import Store

LIBRARY = Library.shipped()
RULES = {rule.name: rule for rule in LIBRARY.of("rule")}
RULE_CASES = rule_cases()
LOG_CASES = [case for case in RULE_CASES if RULES[case.of].reads == "sources"]
TRANSFER_CASES = [case for case in RULE_CASES if case not in LOG_CASES]

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
def test_rule_about_logs(case: Case, plain_store: Store) -> None:
    store = plain_store
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
    check_kinds(RULE_CASES)
    for case in RULE_CASES:
        assert all("evidence" in hit for hit in case.expect), case.id
        assert case.kind == "boundary" or bool(case.expect) == (case.kind == "hit"), case.id


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
