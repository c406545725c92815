"""SQL that a user brings: one select from the tables of the database, and nothing beside it."""

from __future__ import annotations

import duckdb
import pytest

from auditscan.cli import run
from auditscan.errors import LibraryError
from auditscan.library import Library, brought, row_macros
from auditscan.library.brought import check_locked
from auditscan.store import open_store

ABOUT_THE_DATABASE = {"columns", "columns_of", "tables_and_views"}
"""Reports that ship and tell of tables: the engine's own names for them are read there, and nowhere else."""

ASKS = [
    "select 1 as one;",
    "with a as (select 1 as x) select x from a union all select 2 order by 1 limit 2 offset 1",
    "with recursive a as (select 1 as x union all select x + 1 from a where x < 3) from a",
    "select * from (values (1)) t(a), unnest([1]) u(b), range(3) r(c), json_each('{}') j",
    "from (pivot records on source_id in (1, 2) using count(*))",
    "select * from auditscan.main.records, records r tablesample 3 rows",
    "select list_transform([1], lambda x: x + 1), getvariable('a'), (select max(record_key) from records)",
    "select sum(record_key) over (order by record_key) from records qualify true",
]
REACHES = [
    "select 1; copy (select 1) to 'x.csv'",
    "select 1; select 2",
    "copy (select 1) to 'x.csv'",
    "attach 'x.duckdb'",
    "pragma database_list",
    "call pragma_version()",
    "set memory_limit = '1GB'",
    "install httpfs",
    "create macro m() as 1",
    "update records set transfer_id = 'x'",
    "with a as (delete from records returning *) select * from a",
    "with a as (insert into quarantine select * from quarantine returning 1) select * from a",
    "with a as materialized (with b as (update records set transfer_id = 'x' returning 1) from b) from a",
    "select (with a as (delete from records returning 1) from a)",
    "select * from 'a.csv'",
    'select * from "a.parquet" t',
    'select * from "/etc/hostname"',
    "select * from 'https://example.org/x'",
    "select (select content from read_text('/etc/hostname')) as evidence",
    "select * from READ_TEXT('/etc/hostname')",
    "select * from main.read_blob('/etc/hostname')",
    "select * from records where transfer_id in (select content from read_text('/etc/hostname'))",
    "select list_transform([1], lambda x: (select count(*) from glob('/*')))",
    "from query('select 1')",
    "from query_table('records')",
    "from json_execute_serialized_sql('{}')",
    "from arrow_scan(1, 2, 3)",
    "from duckdb_settings()",
    "from duckdb_tables",
    "from information_schema.tables",
    "from pg_catalog.pg_tables",
    "from sqlite_master",
    "from (show tables)",
    "describe records",
    "pivot records on source_id using count(*)",
    "from sniff_csv('x')",
    "select getenv('HOME')",
    "select current_setting('temp_directory')",
    "select nextval('x')",
    "select random()",
    "select sleep_ms(1000)",
    "select write_log('x')",
    "select 'x'.getenv()",
    "explain select 1",
    "prepare a as select 1",
    "select 1 /* not closed",
    "select 1) x; select (1",
    "",
]  # fmt: skip


@pytest.mark.parametrize("sql", ASKS)
def test_what_only_asks_may_be_brought(sql):
    assert check_locked(sql) == []


@pytest.mark.parametrize("sql", REACHES)
def test_what_reaches_beside_the_database_may_not(sql):
    assert check_locked(sql)


def test_a_fault_names_its_line():
    (fault,) = check_locked("select\n    1 as one\nfrom\n    'é', glob('*')")[1:2]
    assert fault.line == 4


def test_every_query_that_ships_would_pass(monkeypatch):
    # The functions of the engine are the same for each of them.
    with duckdb.connect() as connection:
        denied = brought._denied(connection)
    monkeypatch.setattr(brought, "_denied", lambda _: denied)
    queries = [query for query in Library.shipped().queries if query.kind in ("source", "rule", "report")]
    assert {query.name for query in queries if check_locked(query.sql, row_macros())} == ABOUT_THE_DATABASE


HEADER = '/*\ntitle = "A."\ndescription = "B."\n{more}*/\n'
RULE = """severity = "grave"
reads = "disclosures"
citation = "c"
evidence = "A"
why = "w"
false_positives = "f"
"""
LOG = '{"transfer_id":"T-1","occurred_at":"2026-01-15","sender":"CMS","recipient":"ICE","elements":["ssn"]}\n'


@pytest.mark.parametrize(
    ("place", "more", "sql", "why"),
    [
        ("sources/theirs.sql", 'reader = "json"\nneeds = ["transfer_id"]\nfields = ["transfer_id"]\n',
         "select record_no, transfer_id from incoming; copy (select 'canary') to 'canary.csv'", "2 statements"),
        ("rules/theirs.sql", RULE,
         "select disclosure_id, (select content from read_text('c.txt')) as evidence, '' as citation, '' as certainty",
         "read_text"),
        ("reports/theirs.sql", "", "select * from 'canary.csv'", "canary.csv"),
        ("steps/10_theirs.sql", "", "select 1", "a step query is part of auditscan"),
        ("schema/99_theirs.sql", "", "create table canary as select 1", "a schema query is part of auditscan"),
    ],
)  # fmt: skip
def test_a_scan_with_such_a_query_says_no_and_writes_nothing(tmp_path, monkeypatch, capsys, place, more, sql, why):
    monkeypatch.chdir(tmp_path)
    query = tmp_path / "q" / place
    query.parent.mkdir(parents=True)
    query.write_text(HEADER.format(more=more) + sql + "\n")
    (tmp_path / "log.ndjson").write_text(LOG)
    assert run(["scan", "log.ndjson", "--queries", "q"]) == 2
    shown = capsys.readouterr().err
    assert f"q/{place}" in shown
    assert why in shown
    assert not (tmp_path / "canary.csv").exists()


def test_a_query_longer_than_any_is_refused(tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "long.sql").write_text(HEADER.format(more="") + "select 1" + " " * (1 << 20))
    with pytest.raises(LibraryError, match="longer than any query"):
        Library.shipped([tmp_path])


@pytest.mark.parametrize("read_only", [False, True])
def test_the_engine_of_a_scan_opens_no_file(tmp_path, read_only):
    import duckdb

    (tmp_path / "canary.csv").write_text("canary\n1\n")
    kept = tmp_path / "kept.duckdb"
    if read_only:
        from auditscan.policy import load
        from auditscan.scanning.scan import SINCE, scan

        with open_store(kept, Library.shipped(), threads=1) as store:
            (tmp_path / "log.ndjson").write_text(LOG)
            scan(store, [tmp_path / "log.ndjson"], load(), SINCE)
    with open_store(kept if read_only else None, Library.shipped(), threads=1, read_only=read_only) as store:
        opened = (tmp_path / "canary.csv").open("rb")
        for sql in (
            f"from read_csv('{tmp_path}/canary.csv')",
            f"from '{tmp_path}/canary.csv'",
            f"from read_text('/proc/self/fd/{opened.fileno()}')",
            "from read_text('/proc/self/environ')",
            "from read_text('/proc/self/fd/../environ')",
            f"copy (select 1) to '{tmp_path}/made.csv'",
            f"attach '{tmp_path}/made.duckdb'",
            "set enable_external_access = true",
            "set allowed_directories = ['/']",
            "install httpfs",
            "load httpfs",
        ):
            with pytest.raises(duckdb.Error):
                store.rows(sql)
        opened.close()
    assert not list(tmp_path.glob("made*"))
