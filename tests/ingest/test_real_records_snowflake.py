"""Real records of Snowflake: every one accounted for, and mapped as it says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from auditscan.scanning.scan import scan
from auditscan.store import open_store
from scans import LIBRARY, POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.store import Store

SAMPLES = Path(__file__).parent.parent / "samples" / "snowflake"

FORMATS = {
    "metaphor_query_plus_access_history.jsonl": ("snowflake_queries", 1, 0),
    "panther_datatransferhistory.jsonl": ("snowflake_others", 2, 2),
    "panther_grantstoroles.jsonl": ("snowflake_others", 2, 2),
    "panther_grantstousers.jsonl": ("snowflake_others", 2, 2),
    "panther_loginhistory.jsonl": ("snowflake_others", 18, 18),
    "panther_queryhistory.jsonl": ("snowflake_queries", 10, 7),
}
"""File -> what it is taken for, its records, and how many of them are no transfers."""


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_store(None, LIBRARY, threads=1) as opened:
        scan(opened, [SAMPLES], POLICY, date(2026, 3, 1))
        yield opened


def test_each_file_is_taken_for_what_it_is(store: Store) -> None:
    rows = store.rows("select path, format, records, not_transfers from sources")
    assert {Path(path).name: tuple(found) for path, *found in rows} == FORMATS


def test_every_record_is_accounted_for(store: Store) -> None:
    read, aside = store.rows("select sum(records), sum(not_transfers) from sources")[0]
    kept, repeated, bad = (
        store.one(f"select count(*) from {table}") for table in ("kept_records", "duplicates", "quarantine")
    )
    assert (read, kept, repeated, bad) == (35, 4, 0, 0)
    assert read == aside + kept


def test_a_load_that_is_typed_as_an_unload_is_none(store: Store) -> None:
    found = dict(store.rows("select reason, records from set_aside"))
    assert found["a load into the database"] == 1


def test_what_was_unloaded_and_fetched(store: Store) -> None:
    found = store.rows(
        "select source_record, recipient, action, elements, file_name from transfers "
        "left join traces using (record_key) where source_file like '%panther_queryhistory%' order by all"
    )
    stage = "@PANTHER_LOGS.PUBLIC.data_exfil/DATA.csv"
    assert found == [
        (1, "PUBLIC; CLARK_KENT", "download", [], "@~/worksheet_data/metadata"),
        (2, "PUBLIC; LEX_LUTHOR", "download", [], stage),
        (3, "LEX_LUTHOR", "push", ["PANTHER_LOGS.PUBLIC.AMAZON_EKS_AUDIT.*"], stage),
    ]


def test_a_text_that_is_no_query_leaves_what_was_looked_at(store: Store) -> None:
    count, elements, basis, note = store.rows(
        "select t.record_count, t.elements, d.element_basis, x.note from transfers t "
        "inner join disclosures d using (disclosure_id) inner join traces x using (record_key) "
        "where t.source_file like '%metaphor%'"
    )[0]
    assert (count, len(elements), basis) == (10, 10, "accessed")
    assert note == "it begins with short, which is no statement we know"


def test_a_text_of_any_length_costs_itself_only(tmp_path: Path) -> None:
    columns = ", ".join(f"c{number}" for number in range(20_000))
    records = [
        {"QUERY_ID": "long", "EXECUTION_STATUS": "SUCCESS", "QUERY_TEXT": f"select {columns} from tmsis_elgblty"},
        {"QUERY_ID": "short", "EXECUTION_STATUS": "SUCCESS", "QUERY_TEXT": "select ssn_num from tmsis_elgblty"},
    ]
    log = tmp_path / "queries.json"
    log.write_text(json.dumps(records))
    with open_store(None, LIBRARY, threads=1) as opened:
        scan(opened, [log], POLICY, date(2026, 3, 1))
        found = opened.rows(
            "select transfer_id, elements, length(query_text), note from transfers "
            "inner join traces using (record_key) order by all"
        )
    assert found[0][:3] == ("long", [], 65536)
    assert "long" in found[0][3]
    assert found[1] == ("short", ["ssn_num"], 33, None)
