"""What somebody changes in a ledger between two nights: the next refuses to write, or `verify` goes on to tell."""

from __future__ import annotations

import shutil

import pytest

from auditscan.cli import run
from auditscan.errors import ChangedError, ExitCode
from auditscan.ledger.nightly import Told
from auditscan.ledger.receipts.untouched import hold
from auditscan.store import open_store
from auditscan.version import __version__
from ledger_evidence import differing, night, opened, sealed_anew, shelf
from scans import LIBRARY

REFUSED = {
    "update judgments set verdict = 'outside', content = 'outside'": "tables: judgments: other content",
    "update logged_disclosures set elements = ['address']": "tables: logged_disclosures: other content",
    "update settings set as_of = '2025-07-01'": "facts: scan 2, as_of: 2026-03-01 by the receipt",
    "update file_versions set hashed_at = hashed_at + to_days(100)": "tables: file_versions",
    "update rule_runs set hits = 0": "tables: rule_runs",
    "delete from policy_elements where true": "tables: policy_elements",
    "update scans set exit_code = 10 where scan_id = 1": "history: scan 1, scans: other content",
    "update sources set zone = 'x' where source_id = 1": "history: scan 1, sources",
    "delete from scans where scan_id = 2": "receipts: the last scan is 1, and has no receipt",
    "delete from receipts": "there is no receipt",
    "update receipts set body = replace(body, 'T-1', 'T-2') || ' ' where scan_id = 1": "no receipt",
    "create or replace view findings as select 1 as a": "tables: definitions",
    "create or replace macro finding_id(rule, about) as 'f'": "tables: definitions",
    "create table more as select 1 as a": "tables: definitions: 1",
    "create schema more; create table more.records as select 1 as a": "more.records: 1 rows that no receipt names",
    "create type more as enum ('a')": "tables: definitions",
    "create sequence more": "tables: definitions",
    "create index more on records (record_key)": "tables: definitions",
    "comment on table records is 'more'": "tables: definitions",
    "comment on view answers is 'more'": "tables: definitions",
    "comment on column answers.verdict_now is 'more'": "tables: definitions",
    "comment on macro finding_id is 'more'": "tables: definitions",
    "alter table records add column more varchar": "tables: definitions",
    "drop table tallies": "tables: tallies",
}
"""What is done -> what the night says."""


def test_a_night_writes_nothing_to_a_ledger_that_was_changed(mine):
    missed = {}
    with open_store(mine / "ledger.duckdb", LIBRARY, publish=False) as store:
        assert hold(store, mine, 2) == []
        for sql, said in REFUSED.items():
            store.rows("begin transaction")
            store.execute(sql)
            last = store.one("select max(scan_id) from scans")
            with pytest.raises(ChangedError) as refused:
                hold(store, mine, last)
            store.rows("rollback")
            if said not in refused.value.why:
                missed[sql] = refused.value.why
        assert hold(store, mine, 2) == []
    assert missed == {}


def test_the_refusal_names_what_differs_and_ends_with_21(kept, mine, capsys):
    with opened(mine) as connection:
        connection.execute("update judgments set verdict = 'outside', content = 'outside'")
    changed = (mine / "ledger.duckdb").read_bytes()
    asked = ["--no-config", "nightly", "--logs", str(kept / "logs"), "--ledger", str(mine), "--as-of", "2026-03-01"]
    assert run(asked) == run([*asked, "--dry-run"]) == run([*asked, "--exit-zero"]) == ExitCode.DIFFERS
    said = capsys.readouterr().err
    assert "the ledger is not as the last scan left it" in said
    assert "tables: judgments: other content in" in said
    assert f"auditscan verify --ledger {mine}" in said
    assert (mine / "ledger.duckdb").read_bytes() == changed
    assert len(shelf(mine)) == 2


def test_what_a_record_said_is_held_whatever_was_sealed_since(kept, mine):
    """Whoever gets past the nights' own look, as with another program, is told by what the first receipts say."""
    first = shelf(mine)[0].read_bytes()
    for column, value in (("elements", "['address']"), ("sender", "'ICE'"), ("states", "['TX']"), ("purpose", "'x'")):
        shutil.copy(kept / "ledger" / "ledger.duckdb", mine)
        with opened(mine) as connection:
            connection.execute(f"update logged_disclosures set {column} = {value}")
        assert "a.ndjson: other content in 3 rows" in differing(mine)["records"]
    with opened(mine) as connection:
        connection.execute("update contexts set actor = 'somebody'")
        connection.execute("insert into trace_rows (record_key, note) select min(record_key), 'mine' from records")
    assert "a.ndjson: other content in 3 rows" in differing(mine)["records"]
    assert shelf(mine)[0].read_bytes() == first


def test_a_ledger_of_another_version_is_told_and_goes_on(kept, mine):
    with opened(mine) as connection:
        connection.execute("update scans set auditscan_version = '0.0.9'")
    sealed_anew(mine, lambda told: told["environment"].update(auditscan="0.0.9"))
    with open_store(mine / "ledger.duckdb", LIBRARY, read_only=True) as store:
        # What comes out as it was needs no word.
        assert hold(store, mine, 2) == []
    with opened(mine) as connection:
        connection.execute("update judgments set verdict = 'outside', content = 'outside'")
    assert set(differing(mine)) == {"answers"}
    with open_store(mine / "ledger.duckdb", LIBRARY, read_only=True) as store:
        tables, facts = hold(store, mine, 2)
    assert tables.startswith("not held against the receipt of scan 2: tables are not as scan 2 left them")
    assert f"auditscan is {__version__} here, and was 0.0.9" in tables
    assert "verdicts_now" in facts


def test_receipts_of_the_first_shape_are_held_by_it(mine):
    """Their lines of records hold the numbers of what was said, and not what it was."""
    sealed_anew(mine, shape=1)
    assert differing(mine) == {}
    with open_store(mine / "ledger.duckdb", LIBRARY, read_only=True) as store:
        assert hold(store, mine, 2) == []
    with opened(mine) as connection:
        connection.execute("update logged_disclosures set elements = ['address']")
    assert set(differing(mine)) == {"tables"}
    with opened(mine) as connection:
        connection.execute("update records set record_count = 9 where transfer_id = 'T-2'")
    assert "a.ndjson: other content in 3 rows" in differing(mine)["records"]


def test_an_upgrade_that_nobody_can_look_through_ends_with_20_once(begun):
    with opened(begun.ledger) as connection:
        connection.execute("update scans set engine_version = 'v1.5.0'")
    sealed_anew(begun.ledger, lambda told: told["environment"].update(duckdb="1.5.0"))
    with opened(begun.ledger) as connection:
        connection.execute("update rule_runs set message = 'as an engine of before wrote it'")
    upgraded = begun.night()
    assert upgraded.exit_code == ExitCode.INCOMPLETE
    assert upgraded.incomplete_because[0].startswith("not held against the receipt of scan 1")
    assert begun.night().complete


def test_a_record_that_was_changed_is_named_however_many_nights_later(kept, mine):
    with opened(mine) as connection:
        connection.execute("update records set record_count = 9 where transfer_id = 'T-2'")
        connection.execute("delete from finding_spans where reads = 'transfers' and first_scan = 1")
    night(mine, kept / "logs", 3)
    night(mine, kept / "logs", 4)
    assert {"records", "history"} <= set(differing(mine))


def test_receipts_that_the_ledger_does_not_know_are_refused(kept, mine):
    shutil.copy(kept / "older" / "ledger.duckdb", mine)
    with pytest.raises(ChangedError, match="not as the last scan left it") as refused:
        night(mine, kept / "logs", 3)
    assert "000002.json is a receipt of which the ledger knows nothing" in refused.value.why
    (mine / "ledger.duckdb").unlink()
    with pytest.raises(ChangedError, match="there is no ledger here, but receipts of one"):
        night(mine, kept / "logs", 3)


def test_everybody_is_told_that_the_ledger_was_changed_and_nothing_looks_like_a_scan(posts, begun, tmp_path):
    with opened(begun.ledger) as connection:
        connection.execute("update rule_runs set hits = 99")
    told = Told(addresses=(posts.url,), metrics=tmp_path / "metrics.prom", run_log=tmp_path / "run.log")
    with pytest.raises(ChangedError):
        begun.done(told)
    (post,) = posts.got
    assert post["title"] == "auditscan 3 March 2099: THE LEDGER WAS CHANGED, nothing was scanned"
    assert "tables: rule_runs: other content in" in " ".join(post["message"].split())
    assert not (tmp_path / "metrics.prom").exists()
    assert not (tmp_path / "run.log").exists()


FACTS = {
    "as_of": lambda told: told.update(as_of="2025-07-01"),
    "started_at": lambda told: told["clock"].update(started_at="2026-03-02T01:00:00Z"),
    "exit_code": lambda told: told["byproducts"].update(exit_code=10),
    "verdicts_now": lambda told: told["byproducts"]["verdicts_now"].update(enjoined=40),
    "totals": lambda told: told["byproducts"]["totals"].update(transfers=40),
}


def test_a_chain_made_anew_must_say_what_the_ledger_says(mine):
    sealed_anew(mine)
    assert differing(mine) == {}

    def say_otherwise(told):
        if told["scan_id"] == 2:
            for change in FACTS.values():
                change(told)
        else:
            log = next(log for name, log in told["materials"].items() if name.endswith("b.ndjson"))
            log["records"] += 1
            log["transfers"] += 1

    sealed_anew(mine, say_otherwise)
    wrong = differing(mine)
    assert set(wrong) == {"facts"}
    for name in FACTS:
        assert f"scan 2, {name}: " in wrong["facts"]
    assert "b.ndjson, records: 4 by the receipt, 3 in the ledger" in wrong["facts"]
