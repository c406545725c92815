"""Real records of cloud services: every one accounted for, and mapped as it says."""

from __future__ import annotations

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

SAMPLES = Path(__file__).parent.parent / "samples"
FOLDERS = ("aws_transfer_family", "box_gsuite_salesforce", "cloudtrail", "m365_unified_audit", "s3_server_access")

FORMATS = {
    "awsdocs_as2_transfer_results.jsonl": ("transfer_as2", 4, 2),
    "awsdocs_workflow_cloudwatch.jsonl": ("", 0, 0),
    "panther_box.jsonl": ("box", 26, 20),
    "panther_gsuite.jsonl": ("google_drive", 7, 1),
    "panther_salesforce.jsonl": ("salesforce_bulk", 5, 3),
    "aws_cloudtrail.jsonl": ("cloudtrail_s3", 6, 5),
    "ec2_proxy_s3_exfiltration_2020-09-14011940.json": ("cloudtrail_s3", 15, 13),
    "s3_userguide_examples.jsonl": ("cloudtrail_s3", 4, 4),
    "panther_microsoft365.jsonl": ("m365_audit", 19, 5),
    "awsdocs_LogFormat.log": ("s3_access", 5, 5),
    "panther_s3serveraccess.jsonl": ("s3_access_parsed", 16, 6),
}
"""File -> what it is taken for, its records, and how many of them are no transfers."""


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_store(None, LIBRARY, threads=1) as opened:
        scan(opened, [SAMPLES / folder for folder in FOLDERS], POLICY, date(2026, 3, 1))
        yield opened


def test_each_file_is_taken_for_what_it_is(store: Store) -> None:
    rows = store.rows("select path, coalesce(format, ''), records, not_transfers from sources")
    assert {Path(path).name: tuple(found) for path, *found in rows} == FORMATS


def test_every_record_is_accounted_for(store: Store) -> None:
    read, aside = store.rows("select sum(records), sum(not_transfers) from sources")[0]
    kept, repeated, bad = (
        store.one(f"select count(*) from {table}") for table in ("kept_records", "duplicates", "quarantine")
    )
    assert read == aside + kept + repeated + bad
    assert store.rows("select distinct reason from quarantine") == [("names no operation",)]


@pytest.mark.parametrize(
    ("log", "record", "wanted"),
    [
        ("ec2_proxy%", 15, ("download", "success", "1.2.3.4", 89, "%/ring.txt")),
        ("panther_microsoft365%", 3, ("share", "success", "1.2.3.4", None, "%/Documents/importantsecrets.docx")),
        ("panther_s3serveraccess%", 2, ("download", "failure", "10.106.38.245", None, "s3://panther-auditlogs")),
        ("awsdocs_as2%", 2, ("push", "failure", None, 3198, "%necco-3VYn5n8wE.dat")),
        ("panther_gsuite%", 1, ("download", "success", "1.1.1.1", None, "My Sensitive Document")),
        ("panther_box%", 6, ("view", "success", "1.2.3.4", None, None)),
    ],
)
def test_what_a_record_says(
    store: Store, log: str, record: int, wanted: tuple[str, str, str | None, int | None, str | None]
) -> None:
    *plain, name = wanted
    found = store.rows(
        "select action, outcome, peer, bytes, file_name is not distinct from $3 or file_name like $3 "
        "from transfers t left join traces using (record_key) "
        "where t.source_file like '%/' || $1 and source_record = $2",
        [log, record, name],
    )
    assert found == [(*plain, True)]


def test_who_got_it(store: Store) -> None:
    found = store.rows("select recipient, record_count from transfers where system = 'Salesforce' order by all")
    assert found == [("data.analyst@company.com", 25000), ("suspicious.user@company.com", 150000)]
    share = store.rows("select sender, recipient from transfers where recipient = 'OUTSIDER@ALLOWEDDOMAIN.COM'")
    assert share == [("my.user@yourorg.onmicrosoft.com", "OUTSIDER@ALLOWEDDOMAIN.COM")]
