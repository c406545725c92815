"""What many records of a query history say alike stands once, and everybody who asks finds it with each of them."""

from __future__ import annotations

import json

import duckdb
import pytest

from auditscan.cli import run
from auditscan.ingest import mapped
from auditscan.library import Library
from auditscan.policy import load
from auditscan.scanning.scan import SINCE
from auditscan.store import open_store, prepare

TEXTS = (
    "select bene_first_name, ssn from IDRC_PRD.CMS_VDM_VIEW_MDCD.BENE where submtg_state_cd in ('06', '17')",
    "copy into @out.ice/x.csv from (select * from IDRC_PRD.CMS_VDM_VIEW_MDCD.T_1 where state_cd = 'CA')",
    "select dob from IDRC_PRD.CMS_VDM_VIEW_MDCD.T_2",
    "select this is no sql",
    "create table X.Y.Z as select ssn from IDRC_PRD.CMS_VDM_VIEW_MDCD.BENE",
)
TRACES = "select * from traces order by all"
ASTRAY = "select count(*) from trace_rows where said_key // 68719476736 <> record_key // 68719476736"
TRANSFERS = """
    select record_key, transfer_id, occurred_at, record_count, content_of(l), l.deduced, c.content
    from records join logged_disclosures l using (disclosure_id) join contexts c using (context_id)
    order by record_key
"""


@pytest.fixture
def log(tmp_path):
    """A history in which few texts ran often, some of them in two databases, and with one row or many."""
    path = tmp_path / "history.ndjson"
    path.write_text("".join(
        json.dumps({
            "QUERY_ID": f"01b-{number}", "QUERY_TEXT": TEXTS[number % len(TEXTS)], "USER_NAME": "ICE_USER",
            "DATABASE_NAME": "IDRC_PRD" if number % 3 else "OTHER", "ROLE_NAME": "ICE_ROLE", "WAREHOUSE_NAME": "W",
            "EXECUTION_STATUS": "FAIL" if number % 11 == 7 else "SUCCESS", "ROWS_PRODUCED": (1, 20, 70_000)[number % 3],
            "START_TIME": f"2025-08-{number % 28 + 1:02}T13:00:04Z", "QUERY_TYPE": "SELECT", "SESSION_ID": number % 4,
        }) + "\n"
        for number in range(120)
    ))  # fmt: skip
    return path


def scanned(folder, log, *options):
    """The database of a scan."""
    folder.mkdir(exist_ok=True)
    assert run(["scan", str(log), *options, "--db", str(folder / "kept.duckdb"), "--as-of", "2026-03-01"]) in (10, 12)
    return duckdb.connect(folder / "kept.duckdb", read_only=True)


@pytest.fixture
def shared(monkeypatch, tmp_path, log, capsys):
    """The database of a scan that wrote each block at once, as it does where they are large."""
    with monkeypatch.context() as patched:
        patched.setattr(mapped, "FEW_BYTES", 0)
        return scanned(tmp_path / "shared", log)


def test_each_record_tells_what_it_would_tell_by_itself(shared, tmp_path, log, capsys):
    alone = scanned(tmp_path / "alone", log)
    assert alone.execute("select count(said_key) from trace_rows").fetchone() == (0,)
    rows, sayings = shared.execute("select count(said_key), count(distinct said_key) from trace_rows").fetchone()
    assert rows > 60
    assert sayings < 20
    assert shared.execute("select count(*) from trace_sayings").fetchone() == (sayings,)
    for asked in (TRACES, TRANSFERS):
        assert shared.execute(asked).fetchall() == alone.execute(asked).fetchall()


def test_what_another_scan_read_comes_with_what_its_records_share(shared, tmp_path, log, capsys):
    other = tmp_path / "a.ndjson"
    other.write_text(log.read_text().replace("01b-", "01a-"))
    together = scanned(tmp_path / "together", other, "--part", str(tmp_path / "shared" / "kept.duckdb"))
    told = (
        "select * replace (record_key % 68719476736 as record_key) from traces "
        "where link_key like 'query:01b%' order by all"
    )
    assert together.execute(told).fetchall() == shared.execute(told).fetchall()
    assert together.execute("select count(said_key) > 0 from trace_rows").fetchone() == (True,)
    assert together.execute(ASTRAY).fetchone() == (0,)


def test_logs_that_are_read_together_share_nothing_with_each_other(tmp_path, capsys):
    logs = tmp_path / "logs"
    logs.mkdir()
    for name in ("a", "b", "c", "d"):
        path = (tmp_path if name == "d" else logs) / f"{name}.ndjson"
        records = [
            {
                "QUERY_ID": f"{name}-{number}", "SQL_TEXT": TEXTS[number % 2 * 2], "USER": "ICE_USER", "WAREHOUSE": "W",
                "STATUS": "SUCCESS", "START_TIME": f"2025-08-0{number + 1}T13:00:04Z", "ROWS_PRODUCED": 7,
            }
            for number in range(4)
        ]  # fmt: skip
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
    read = scanned(tmp_path / "part", logs)
    assert read.execute("select count(said_key), count(distinct said_key) from trace_rows").fetchone() == (12, 6)
    assert read.execute(ASTRAY).fetchone() == (0,)
    told = "select link_key, query_text, used_elements from traces where link_key not like 'query:d%' order by all"
    before = read.execute(told).fetchall()
    assert all(text for _, text, _ in before)
    whole = scanned(tmp_path / "whole", tmp_path / "d.ndjson", "--part", str(tmp_path / "part" / "kept.duckdb"))
    assert whole.execute(told).fetchall() == before


def test_nothing_stays_of_a_log_that_turned_out_to_be_damaged(shared, tmp_path, capsys):
    with open_store(tmp_path / "shared" / "kept.duckdb", Library.shipped(), publish=False) as store:
        from auditscan.ingest.load import forget

        store.run("begin")
        forget(store, [source_id for (source_id,) in store.rows("select source_id from sources")])
        assert store.rows("select (select count(*) from trace_rows), (select count(*) from trace_sayings)") == [(0, 0)]


def test_a_database_of_an_earlier_version_keeps_its_traces(tmp_path, log, capsys):
    before = scanned(tmp_path / "kept", log)
    told = before.execute(TRACES).fetchall()
    before.close()
    with duckdb.connect(tmp_path / "kept" / "kept.duckdb") as earlier:
        earlier.execute("drop view traces; drop table trace_sayings; alter table trace_rows drop column said_key")
        earlier.execute("alter table trace_rows rename to traces; update settings set queries_sha256 = 'another'")
    with open_store(tmp_path / "kept" / "kept.duckdb", Library.shipped(), publish=False) as store:
        prepare(store, load(), store.one("select as_of from settings"), SINCE)
        assert store.rows(TRACES) == told
