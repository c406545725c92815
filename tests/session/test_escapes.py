"""Every way out of a session that anybody thought of, tried at both doors.

The first door is `Session.run`, which must refuse with a sentence. The second is the engine's own connection,
where no filter stands in front: there the engine's lock alone must hold.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys

import duckdb
import polars
import pytest

from auditscan.errors import AuditscanError, StoreError
from auditscan.library import Library
from auditscan.session.locked import open_session

LIBRARY = Library.shipped()

SECRET = "the canary sings at midnight"

READ = [
    "select * from read_csv('{secret}')",
    "select * from read_csv_auto('{secret}')",
    "select * from read_text('{secret}')",
    "select * from read_blob('{secret}')",
    "select * from read_json('{secret}')",
    "select * from read_json_auto('{secret}')",
    "select * from read_json_objects('{secret}')",
    "select * from read_ndjson('{secret}')",
    "select * from read_ndjson_objects('{secret}')",
    "select * from read_parquet('{secret}')",
    "select * from parquet_scan('{secret}')",
    "select * from parquet_metadata('{secret}')",
    "select * from parquet_schema('{secret}')",
    "select * from parquet_kv_metadata('{secret}')",
    "select * from read_duckdb('{other}')",
    "select * from read_duckdb('{other}', table_name = 't')",
    "select * from sniff_csv('{secret}')",
    "select * from glob('{folder}/*')",
    "select * from glob('*')",
    "select * from read_text('{link}')",
    "select * from read_text('{linked_folder}/secret.csv')",
    "select * from read_text(['{secret}'])",
    "select * from read_text(getvariable('x'))",
    "select * from '{secret}'",
    "from '{secret}'",
    "from 'secret.csv'",
    'from "secret.csv"',
    "table 'secret.csv'",
    "summarize 'secret.csv'",
    "describe 'secret.csv'",
    "select * from read_text('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from read_blob('/proc/self/environ')",
    "select * from read_text('/proc/self/cmdline')",
    "select * from read_text('~/.bashrc')",
    "select * from glob('~/*')",
    "select * from read_text('file://{secret}')",
    "select * from read_csv('file:{secret}')",
    "select * from read_text('/dev/stdin')",
    "select * from read_csv('https://example.com/x.csv')",
    "select * from 'https://example.com/x.csv'",
    "select * from read_parquet('s3://bucket/x.parquet')",
    "select * from read_text('hf://datasets/x')",
    "select getenv('HOME')",
    "select * from query('select * from read_text(''{secret}'')')",
    "select * from query_table(['{secret}'])",
    "select * from query_table('secret.csv')",
    "select * from json_execute_serialized_sql(json_serialize_sql('select * from read_text(''{secret}'')'))",
    "with a as materialized (select * from read_text('{secret}')) select * from a",
    "select (select content from read_text('{secret}'))",
    "set variable x = (select content from read_text('{secret}'))",
    "explain analyze select * from read_text('{secret}')",
    "pivot (select * from read_text('{secret}')) on size using count(*)",
    "create temp table t as select * from read_text('{secret}')",
    "create table memory.t as select * from read_text('{secret}')",
    "insert into memory.t select * from read_text('{secret}')",
    "copy t from '{secret}'",
    "copy answers from '{secret}'",
    "import database '{folder}'",
    "call pragma_version(); from '{secret}'",
    # Tables of the program that runs the session.
    "select * from AS_PYTHON_TABLE",
    "select * from pandas_scan(1)",
    "select * from arrow_scan(1, 2, 3)",
    "select * from python_arrow_scan(1, 2, 3)",
]

WRITE = [
    "copy answers to '{target}'",
    "copy answers to '{target}' (format parquet)",
    "copy (select 1) to '{target}'",
    "copy (select 1) to '{target}' (format json)",
    "copy (select 1) to '{folder}/parts' (format csv, partition_by (a))",
    "copy (select 1) to '/dev/null'",
    "copy (select 1) to '/dev/stdout'",
    "copy (select 1) to '/dev/fd/1'",
    "copy (select 1) to 'file://{target}'",
    "copy (select 1) to '{link}'",
    "copy (select 1) to '{database}'",
    "export database '{folder}/export'",
    "explain analyze copy answers to '{target}'",
    "explain (analyze) copy answers to '{target}'",
    "explain copy answers to '{target}'",
    "EXPLAIN /* */ ANALYZE -- x\n COPY answers to '{target}'",
    "select 1; copy (select 1) to '{target}'",
    "set variable a = 1; select getvariable('a'); copy (select 1) to '{target}'",
    "/* x */ -- y\n COPY/**/(select 1) TO '{target}'",
    "\ufeff copy (select 1) to '{target}'",
    "select * from (copy (select 1) to '{target}')",
    "with a as (copy (select 1) to '{target}') select * from a",
    "select * from query('copy (select 1) to ''{target}''')",
    "prepare p as copy (select 1) to '{target}'",
    "attach '{target}'",
    "attach '{target}' as other (read_only)",
    "attach '{database}' as again",
    "attach '{database}' as again (read_write)",
    "attach if not exists '{target}'",
    "attach 'sqlite:{target}' as s (type sqlite)",
    "delete from records",
    "truncate records",
    "insert into records select * from records",
    "update records set record_count = 0",
    "with a as (delete from records returning *) select * from a",
    "with a as (insert into records select * from records returning *) select count(*) from a",
    "with a as (update records set record_count = 0 returning *) select count(*) from a",
    "merge into records using (select 1 as k) s on records.record_key = s.k when matched then delete",
    "drop table records",
    "drop view answers",
    "alter table records add column x integer",
    "alter table records rename to others",
    "comment on table records is 'mine'",
    "create table t (a integer)",
    "create table auditscan.main.t as select 1 as a",
    "create view v as select 1 as a",
    "create or replace view answers as select 1 as a",
    "create macro m() as 1",
    "create schema s",
    "create sequence s",
    "create type mood as enum ('a')",
    "create index i on records (record_key)",
    "create persistent secret s (type s3, key_id 'a', secret 'b')",
    "call force_checkpoint('auditscan')",
]

ENGINE = [
    "install httpfs",
    "force install httpfs",
    "install 'https://example.com/x.duckdb_extension'",
    "load httpfs",
    "load '{secret}'",
    "load '{folder}/x.duckdb_extension'",
    "update extensions",
    "set enable_external_access = true",
    "reset enable_external_access",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set memory_limit = '100GB'",
    "set global threads = 64",
    "set max_execution_time = 0",
    "reset max_execution_time",
    "set allowed_directories = ['/']",
    "set allowed_paths = ['{secret}']",
    "set temp_directory = '{folder}'",
    "set log_query_path = '{target}'",
    "set file_search_path = '{folder}'",
    "set home_directory = '{folder}'",
    "set secret_directory = '{folder}'",
    "set extension_directory = '{folder}'",
    "set profiling_output = '{target}'",
    "set python_enable_replacements = true",
    "set TimeZone = 'America/New_York'",
    "set time zone 'America/New_York'",
    "pragma enable_profiling = 'json'",
    "pragma enable_profiling",
    "pragma profiling_output = '{target}'",
    "pragma memory_limit = '100GB'",
    "pragma threads = 64",
    "pragma disable_optimizer",
    "pragma disable_checkpoint_on_shutdown",
    "pragma enable_checkpoint_on_shutdown",
    "call enable_profiling(format = 'json', save_location = '{target}')",
    "call enable_logging()",
    "call enable_logging(storage = 'file', storage_config = {{'path': '{folder}'}})",
    "call enable_logging(storage = 'stdout')",
    "from enable_logging(storage = 'file', storage_config = {{'path': '{folder}'}})",
    "select * from enable_logging(storage = 'stdout')",
    "call add_parquet_key('k', 'AAAAAAAAAAAAAAAAAAAAAA==')",
]

ONLY_FILTERED = [
    # The engine runs these: they change nothing but the session's own memory.
    "attach ':memory:' as other",
    "pragma add_parquet_key('k', 'AAAAAAAAAAAAAAAAAAAAAA==')",
    "pragma enable_verification",
    "pragma enable_object_cache",
    "checkpoint auditscan",
    "force checkpoint",
    "checkpoint",
    "copy from database auditscan to memory",
    "detach auditscan",
    "create temp table t as select 1 as a",
    "create table memory.main.t as select 1 as a",
    "create temp view v as select 1 as a",
    "create temp macro m() as 1",
    "create secret s (type s3, key_id 'a', secret 'b')",
    "pivot answers on outcome using count(*); create temp table q as select 1 as a",
    "create temp table p as pivot answers on outcome using count(*)",
    "prepare p as select 1",
    "begin",
    "begin transaction",
    "use memory",
    "set schema = 'main'",
    "set search_path = 'main'",
    "reset search_path",
    "call pragma_version()",
    "call duckdb_tables()",
    "pragma version",
    "pragma database_list",
    "pragma table_info('records')",
    "pragma storage_info('records')",
    "vacuum",
    "analyze",
    "explain create temp table t as select 1 as a",
    "explain analyze create temp table t as select 1 as a",
    "drop table if exists nothing",
    "execute nothing",
    "deallocate nothing",
    "rollback",
    "commit",
]

OWN = [
    # The file that the session had open, and what the engine keeps beside such a file.
    "attach '{database}' as mine",
    "attach '{database}' as mine (read_write)",
    "attach '{database}' as mine (read_only)",
    "attach '{hard}' as mine",
    "attach '{soft}' as mine",
    "attach 'file://{database}' as mine",
    "attach 'duckdb:{database}' as mine",
    "attach '/proc/self/cwd/case.duckdb' as mine",
    "attach 'case.duckdb' as mine",
    "attach './../{name}/case.duckdb' as mine",
    "attach '{database}.wal' as mine",
    "attach '{database}.wal.checkpoint' as mine",
    "attach '{database}.wal.recovery' as mine",
    "copy (select 1) to '{database}' (use_tmp_file false)",
    "copy (select 1) to '{database}'",
    "copy (select 1) to '{database}' (format parquet, use_tmp_file false)",
    "copy (select 1) to '{database}.wal' (use_tmp_file false)",
    "copy (select 1) to '{database}.wal.checkpoint' (use_tmp_file false)",
    "copy (select 1) to '{database}.wal.recovery' (use_tmp_file false)",
    "copy (select 1) to '{soft}' (use_tmp_file false)",
    "copy (select 1) to '{hard}' (use_tmp_file false)",
    "copy (select 1) to '/proc/self/fd/3' (use_tmp_file false)",
    "export database '{database}'",
    "export database '{database}.wal'",
    "import database '{database}'",
    "copy from database memory to mine",
    "delete from mine.records",
    "select * from read_blob('{database}')",
    "select * from read_duckdb('{database}', table_name = 'records')",
    "checkpoint",
    "force checkpoint",
    "vacuum",
]

AS_PYTHON_TABLE = polars.DataFrame({"a": [SECRET]})


@pytest.fixture(scope="session")
def other(tmp_path_factory):
    """A database that no session was opened on."""
    file = tmp_path_factory.mktemp("other") / "other.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table t as select $1 as a", [SECRET])
    return file


@pytest.fixture
def place(tmp_path, database, other, monkeypatch):
    """A folder with something to steal, as the working directory; what stands in braces in an attempt."""
    folder = tmp_path / "there"
    folder.mkdir()
    secret = folder / "secret.csv"
    secret.write_text(f"a\n{SECRET}\n")
    link = tmp_path / "there" / "link.csv"
    link.symlink_to(secret)
    linked = tmp_path / "there" / "linked"
    linked.symlink_to(folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CANARY", SECRET)
    return {
        "folder": folder,
        "secret": secret,
        "link": link,
        "linked_folder": linked,
        "target": folder / "written",
        "database": database,
        "other": other,
    }


@pytest.fixture(scope="module")
def shared(database):
    """One session for all attempts that must fail: nothing that fails may change it."""
    with open_session(database, LIBRARY) as session:
        yield session


def everything(folder):
    return {path: path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


def filled(attempt, place):
    return attempt.format(**place)


@pytest.mark.parametrize("attempt", [*READ, *WRITE, *ENGINE, *ONLY_FILTERED])
def test_a_session_refuses_with_a_sentence(shared, place, capfd, attempt):
    shared.run("set variable x = $path", {"path": str(place["secret"])})
    before = everything(place["folder"])
    with pytest.raises(AuditscanError) as caught:
        shared.run(filled(attempt, place)).frame()
    assert SECRET not in str(vars(caught.value))
    assert not re.search(r"Error:|configuration", caught.value.message), caught.value.message
    assert everything(place["folder"]) == before
    assert capfd.readouterr().out == ""
    assert shared.run("select count(*) as n from records").frame().rows() == [(6,)], "the session goes on"


@pytest.mark.parametrize("attempt", [*READ, *WRITE, *ENGINE])
def test_the_lock_of_the_engine_holds_alone(shared, place, capfd, attempt):
    shared.run("set variable x = $path", {"path": str(place["secret"])})
    before = everything(place["folder"])
    with pytest.raises((duckdb.Error, ValueError)):
        shared.connection.execute(filled(attempt, place)).fetchall()
    assert everything(place["folder"]) == before
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("attempt", ONLY_FILTERED)
def test_what_the_engine_runs_stays_in_the_memory_of_the_session(session, place, capfd, attempt):
    before = everything(place["folder"])
    try:
        rows = session.connection.execute(filled(attempt, place)).fetchall()
    except duckdb.Error:
        rows = []
    assert SECRET not in str(rows)
    assert everything(place["folder"]) == before
    assert capfd.readouterr().out == ""


LETTING_GO = {
    "into memory": ["use memory", "detach auditscan"],
    "into another": ["attach ':memory:' as m", "use m", "detach auditscan", "detach memory"],
    "not at all": [],
}


@pytest.mark.parametrize("way", LETTING_GO)
def test_a_file_that_the_session_let_go_of_cannot_be_reached_either(tmp_path, place, database, way):
    folder = tmp_path / "case"
    folder.mkdir()
    case = folder / "case.duckdb"
    shutil.copyfile(database, case)
    (folder / "hard.duckdb").hardlink_to(case)
    (folder / "soft.duckdb").symlink_to(case)
    os.chdir(folder)
    place |= {"database": case, "hard": folder / "hard.duckdb", "soft": folder / "soft.duckdb", "name": folder.name}
    before = everything(tmp_path)
    with open_session(case, LIBRARY) as session:
        for connection in (session.connection, session.spare):
            for attempt in LETTING_GO[way]:
                # The second connection finds it done.
                with contextlib.suppress(duckdb.Error):
                    connection.execute(attempt)
            for attempt in [*OWN, *READ, *WRITE, *ENGINE]:
                try:
                    rows = connection.execute(filled(attempt, place)).fetchall()
                except (duckdb.Error, ValueError):
                    continue
                assert SECRET not in str(rows), attempt
                assert everything(tmp_path) == before, attempt
    assert everything(tmp_path) == before


def test_what_another_program_left_beside_the_database_is_not_read_as_part_of_it(tmp_path, database):
    case = tmp_path / "case.duckdb"
    shutil.copyfile(database, case)
    other = "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('delete from records'); os._exit(0)"
    subprocess.run([sys.executable, "-c", other, str(case)], check=True)
    assert case.with_name("case.duckdb.wal").exists()
    with pytest.raises(StoreError) as caught, open_session(case, LIBRARY):
        pass
    assert caught.value.where == f"{case}.wal"
    case.with_name("case.duckdb.wal").unlink()
    with open_session(case, LIBRARY) as session:
        assert session.run("select count(*) as n from records").frame().rows() == [(6,)]


def test_no_setting_can_be_changed(session):
    forms = (
        "set {} = 1",
        "set {} = 'x'",
        "set {} = true",
        "set {} = default",
        "set global {} = 'x'",
        "set session {} = 'x'",
        "reset {}",
        "reset global {}",
        "pragma {} = 'x'",
    )
    # Which schema a bare name means: the session's own affair.
    own = {"schema", "search_path"}
    names = [row[0] for row in session.connection.execute("select name from duckdb_settings()").fetchall()]
    assert len(names) > 100
    values = "select name, value from duckdb_settings() where name not in ('schema', 'search_path')"
    before = session.connection.execute(values).fetchall()
    changed = []
    for name in names:
        for form in forms:
            with pytest.raises(AuditscanError):
                session.run(form.format(name))
            try:
                session.connection.execute(form.format(name)).fetchall()
            except duckdb.Error:
                continue
            if name not in own:
                changed.append(form.format(name))
    assert changed == []
    assert session.connection.execute(values).fetchall() == before


@pytest.mark.parametrize("method", ["install_extension", "load_extension", "read_csv", "read_json", "read_parquet"])
def test_the_other_doors_of_the_connection_are_locked_too(session, place, method):
    def attempt():
        return getattr(session.connection, method)(str(place["secret"])).fetchall()

    with pytest.raises(duckdb.Error):
        attempt()


def test_a_result_cannot_be_written_by_the_engine(session, place):
    relation = session.connection.sql("select 1 as a")
    for method in ("write_csv", "write_parquet"):
        with pytest.raises(duckdb.Error):
            getattr(relation, method)(str(place["target"]))
    assert not place["target"].exists()


def test_a_second_connection_is_under_the_same_lock(session, place):
    other = session.connection.cursor()
    with pytest.raises(duckdb.Error):
        other.execute(f"select * from read_text('{place['secret']}')").fetchall()
    with pytest.raises(duckdb.Error):
        other.execute("set enable_external_access = true")


def test_a_session_leaves_no_files(session, place, monkeypatch):
    before = everything(place["folder"]), sorted(place["database"].parent.iterdir())
    session.run("select * from answers order by transfer_id").frame()
    session.run("pivot answers on outcome using count(*)").frame()
    assert (everything(place["folder"]), sorted(place["database"].parent.iterdir())) == before
