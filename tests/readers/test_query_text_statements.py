"""What kinds of statements do: those that let data out, or somebody in, in the words of each database."""

from __future__ import annotations

import pytest

from auditscan.readers.query_text import analyze

E = "tmsis_elgblty"
Q = f"select ssn_num from {E} where submtg_state_cd = '06'"

OUT = [
    ("databricks", f"insert into delta.`s3://ice/x` {Q}", "unload", "s3://ice/x"),
    ("databricks", f"create table delta.`abfss://c@ice.example/x` as {Q}", "create", "abfss://c@ice.example/x"),
    ("databricks", f"create table x using parquet options (path 's3://ice/y') as {Q}", "create", "s3://ice/y"),
    ("databricks", f"create table x using parquet options ('path' = 's3://ice/y') as {Q}", "create", "s3://ice/y"),
    ("databricks", f"create table t location 's3://ice/z' as {Q}", "create", "s3://ice/z"),
    ("athena", f"create table x with (external_location = 's3://ice/x') as {Q}", "create", "s3://ice/x"),
    ("athena", f"unload ({Q}) to 's3://ice/x' with (format = 'parquet')", "unload", "s3://ice/x"),
    ("bigquery", f"export data options(uri='gs://ice/x-*.csv', format='CSV') as {Q}", "unload", "gs://ice/x-*.csv"),
    ("postgres", f"copy ({Q}) to stdout with csv", "unload", "stdout"),
    ("tsql", f"insert into openrowset('a', 'b', 'c') {Q}", "unload", "openrowset"),
    ("snowflake", f"copy into identifier($dest) from ({Q})", "unload", "identifier($dest)"),
    ("snowflake", f"{Q} ->> select * from $1", "select", None),
    ("snowflake", Q.replace(" from", "\\nfrom").replace(" where", " -- don't\\nwhere"), "select", None),
    ("tsql", "select [ssn_num] from [db].[dbo].[tmsis_elgblty] where [submtg_state_cd] = N'06'", "select", None),
    ("tsql", f"{Q.replace(' from', ' into #x from')}; select * from #x", "select", None),
    ("oracle", f"{Q} and rownum < 10", "select", None),
    ("teradata", f"locking row for access {Q}", "select", None),
    ("teradata", Q.replace("select", "sel"), "select", None),
    ("trino", Q.replace("tmsis", "hive.s.tmsis"), "select", None),
    ("presto", Q, "select", None),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "kind", "file"), OUT)
def test_what_lets_data_out(dialect, text, kind, file):
    found = analyze(text, dialect)
    assert (found.problem, found.kind, found.direction, found.file) == ("", kind, "out", file)
    assert (found.outputs, found.states) == (("ssn_num",), ("06",))


WHOLE = [
    ("databricks", f"create table t shallow clone {E} location '/mnt/x'", "create", "/mnt/x", None),
    ("postgres", f"copy {E} to '/tmp/x.csv'", "unload", "/tmp/x.csv", None),
    ("snowflake", f"grant select on table {E} to role ICE_READ", "share", None, "ICE_READ"),
    ("snowflake", f"grant ownership on table {E} to role ICE_READ", "share", None, "ICE_READ"),
    ("databricks", f"grant select on table {E} to `u@ice.dhs.gov`", "share", None, "u@ice.dhs.gov"),
    ("bigquery", f'grant `roles/bigquery.dataViewer` on table {E} to "user:u@ice.dhs.gov"', "share", None,
     "user:u@ice.dhs.gov"),
    ("redshift", f"alter table {E} owner to ice", "share", None, "ice"),
    ("postgres", f"grant select on {E} to public", "share", None, "public"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "kind", "file", "let_in"), WHOLE)
def test_what_lets_out_a_whole_table(dialect, text, kind, file, let_in):
    found = analyze(text, dialect)
    assert (found.problem, found.kind, found.direction) == ("", kind, "out")
    assert (found.open_tables, found.file, found.let_in) == ((E.upper(),), file, let_in)


LET_IN = [
    ("snowflake", "alter database IDRC_PRD enable replication to accounts dhs.ice_prod", "dhs.ice_prod"),
    ("snowflake", ("create replication group rg object_types = databases allowed_databases = a"
     " allowed_accounts = dhs.ice_prod"), "dhs.ice_prod"),
    ("snowflake", ("create failover group fg object_types = databases allowed_databases = a allowed_accounts = dhs.x"
     " replication_schedule = '10 minute'"), "dhs.x"),
    ("snowflake", "alter share s add accounts = dhs.ice", "dhs.ice"),
    ("snowflake", "grant select on all tables in schema s to role ICE_READ", "ICE_READ"),
    ("snowflake", "grant all privileges on schema s to role ICE_READ with grant option", "ICE_READ"),
    ("redshift", "grant usage on datashare s to account '123456789012'", "123456789012"),
    ("snowflake", "create listing l in data exchange x as $$ ... $$", None),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "let_in"), LET_IN)
def test_who_is_let_in(dialect, text, let_in):
    found = analyze(text, dialect)
    assert (found.problem, found.kind, found.direction, found.let_in) == ("", "share", "out", let_in)


QUIET = [
    ("snowflake", "copy into t from (select $1, $2 from @st/x)", "load", "in"),
    ("snowflake", "copy into t (a, b) from 's3://b/x'", "load", "in"),
    ("snowflake", "copy into identifier($t) from @st", "load", "in"),
    ("postgres", "copy t from '/tmp/x.csv'", "load", "in"),
    ("snowflake", "create database d as replica of cms.d", "load", "in"),
    ("snowflake", "grant usage on database d to role r", "ddl", "none"),
    ("snowflake", "grant operate on warehouse w to role r", "ddl", "none"),
    ("snowflake", "grant select on t to role ANALYST", "ddl", "none"),
    ("snowflake", "grant operate on warehouse w to role ICE_READ", "ddl", "none"),
    ("snowflake", "grant role ANALYST to user bob", "ddl", "none"),
    ("snowflake", "revoke select on t from role r", "ddl", "none"),
    ("snowflake", "alter table t add column a varchar", "ddl", "none"),
    ("snowflake", "update t set a = 1", "other", "none"),
    ("tsql", "with x as (select a from t) update x set a = 1", "other", "none"),
    ("snowflake", "put 'file://C:\\tmp\\x\\' @~", "put", "in"),
    ("snowflake", f"{Q} ->> insert into x select * from $1", "insert", "stay"),
]


@pytest.mark.parametrize(("dialect", "text", "kind", "direction"), QUIET)
def test_what_lets_nothing_out(dialect, text, kind, direction):
    found = analyze(text, dialect)
    assert (found.problem, found.kind, found.direction) == ("", kind, direction)


@pytest.mark.parametrize(
    ("dialect", "text", "problem"),
    [
        ("snowflake", "grant role ICE_READ to user bob", "gives a role"),
        ("postgres", f"delete from {E} where a = 1 returning ssn_num", "rows that it changes"),
        ("tsql", f"update {E} set a = 1 output inserted.ssn_num", "rows that it changes"),
        ("databricks", "copy into delta.`s3://ice/x` from 's3://cms/y' fileformat = parquet", "copies files"),
        ("tsql", "insert into x exec p", "procedure or script"),
    ],
)
def test_what_may_let_data_out_is_unknown(dialect, text, problem):
    found = analyze(text, dialect)
    assert found.direction == "unknown"
    assert problem in found.problem


def test_a_path_of_windows_ends_in_a_backslash():
    found = analyze("GET @~/elg.csv 'file://C:\\tmp\\'", "snowflake")
    assert (found.problem, found.kind, found.file) == ("", "get", "@~/elg.csv")


def test_a_path_without_quotes_keeps_its_letters():
    found = analyze("put file://C:\\temp\\new.csv @~/in", "snowflake")
    assert (found.problem, found.kind, found.file) == ("", "put", "@~/in")


def test_only_what_the_last_stage_finds_is_shown():
    found = analyze(f"{Q} ->> select count(*) from $1", "snowflake")
    assert (found.direction, found.aggregate, found.outputs, found.states) == ("out", True, (), ("06",))


SSNS = [str(900_000_000 + n) for n in range(7000)]
DOUBLED = [f"''{n}''" for n in SSNS]
LISTS = {
    "in": f"select a from {E} where ssn_num in ({','.join(map(repr, SSNS))})",
    "numbers": f"select a from {E} where ssn_num in ({', '.join(SSNS)})",
    "rows": f"select a from {E} where (last_name, birth_dt) in ({','.join(str((n, '1990-01-01')) for n in SSNS)})",
    "values": f"select e.a from {E} e join (values {','.join(f'({n!r})' for n in SSNS)}) f(ssn) on f.ssn = e.ssn_num",
    "insert": f"create temp table f (ssn varchar); insert into f values {','.join(f'({n!r})' for n in SSNS)};"
    f"select e.a from {E} e join f on f.ssn = e.ssn_num",
    "array": f"select a from {E} where ssn_num = any(array[{','.join(map(repr, SSNS))}])",
    "in a text": f"execute immediate $$select a from {E} where ssn_num in ({','.join(map(repr, SSNS))})$$",
    "in an unload": f"unload ('select a from {E} where ssn_num in ({','.join(DOUBLED)})') to 'x'",
}


@pytest.mark.parametrize("name", LISTS)
def test_long_lists_of_people_are_read(name):
    found = analyze(LISTS[name], "redshift" if name == "in an unload" else "snowflake")
    assert (found.problem, found.outputs, found.picks_persons, found.states) == ("", ("a",), True, None)


def test_of_a_list_cut_short_nobody_knows_the_rest():
    listed = ", ".join(f"'{n}'" for n in range(300))
    assert analyze(f"select a from {E} where submtg_state_cd not in ({listed})", "snowflake").states is None
    repeated = ", ".join(f"'{n:02}'" for n in (6, 17) * 200)
    assert analyze(f"select a from {E} where submtg_state_cd in ({repeated})", "snowflake").states == ("06", "17")
