"""Which columns a query put out, and which it only used."""

from __future__ import annotations

import pytest

from auditscan.readers.query_text import analyze

E = "tmsis_elgblty"


def names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


OUTPUTS = [
    ("a column", f"select ssn_num from {E} where birth_dt > '1990-01-01'", "ssn_num", "birth_dt"),
    ("four parts", f"select db.s.{E}.birth_dt from db.s.{E}", "birth_dt", ""),
    ("quoted as written", f'select "SSN_NUM", "Birth Dt" as x from {E}'.replace(" Dt", "_Dt"), "Birth_Dt SSN_NUM", ""),
    ("comments hide nothing", f"select a /* , b */ -- , c\n from {E} -- where d", "a", ""),
    ("part of a column", f"select substr(ssn_num, 6, 4) last4 from {E}", "ssn_num", ""),
    ("either of two", f"select coalesce(a, b) from {E}", "a b", ""),
    ("a case tells its condition", f"select case when imgrtn_stus_cd='3' then birth_dt end from {E}",
     "birth_dt imgrtn_stus_cd", ""),
    ("beside a column counts are nothing", f"select b, count(ssn_num) over (), sum(a) from {E}", "b", "a ssn_num"),
    ("other aggregates show values", f"select min(a), sum(b), any_value(c), array_agg(d) from {E}", "a c d", "b"),
    ("sorting within a list", f"select listagg(a, ',') within group (order by b) from {E}", "a", "b"),
    ("a percentile shows what it sorts", f"select percentile_cont(0.5) within group (order by a) from {E}", "a", ""),
    ("windows", f"select row_number() over (partition by a order by b), lag(c) over (order by d) from {E}",
     "c", "a b d"),
    ("qualify", f"select a from {E} qualify row_number() over (partition by b order by c) = 1", "a", "b c"),
    ("group and order", f"select a from {E} group by a, b having max(c) > 1 order by d", "a", "b c d"),
    ("subquery prunes", f"select x from (select a as x, b from {E} where c = 1)", "a", "b c"),
    ("exists", f"select a from {E} e where exists (select 1 from tmsis_o o where o.b = e.c)", "a", "b c"),
    ("in a query", f"select a from {E} where b in (select c from tmsis_o where d = 1)", "a", "b c d"),
    ("scalar query", f"select (select max(a) from tmsis_o o where o.b = e.b) from {E} e", "a", "b"),
    ("cte", f"with x as (select a, b from {E}), y as (select a as z from x) select z from y", "a", "b"),
    ("nested cte", f"with x as (with y as (select a p from {E}) select p q from y) select q r from x", "a", ""),
    ("cte with names", f"with x(p, q) as (select a, b from {E}) select q from x", "b", "a"),
    ("recursive", f"with recursive c(x, y) as (select a, b from {E} union all select y, x from c) select x from c",
     "a b", ""),
    ("union by place", f"select p from (select a p, b q from {E} union all select c, d from {E})", "a c", "b d"),
    ("using", f"select k, a from {E} e join tmsis_o o using (k, l)", "a k", "l"),
    ("lateral alias", f"select upper(a) x, x || b as y from {E}", "a b", ""),
    ("join in parentheses", f"select o.a from ({E} e join tmsis_o o on e.k = o.k)", "a", "k"),
    ("flatten", f"select f.value:ssn::string from {E} t, lateral flatten(input => t.arr) f", "arr ssn", ""),
    ("place in a file", "select $1, t.$2 from @stage/x.csv t", "$1 $2", ""),
    ("place in a query", f"select $1 from (select a, b from {E})", "a", "b"),
    ("name in a string", f"select identifier('ssn_num') from {E}", "ssn_num", ""),
    ("pivot", f"select * from (select a from {E}) pivot(sum(a) for y in ('p', 'q'))", "a", "y"),
    ("unpivot", f"select val from {E} unpivot(val for name in (a, b))", "a b", ""),
    ("values", "select a from (values (1, 2)) v(a, b)", "", ""),
    ("name of a table in a string", f"select a from identifier('db.{E}')", "a", ""),
    ("by all", f"select a, count(*) from {E} group by all order by all", "a", ""),
    ("nearest", f"select a from {E} e asof join tmsis_o o match_condition (e.t >= o.t) on e.k = o.k", "a", "k t"),
    ("no table", "select current_date, 1", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "outputs", "used"), [case[1:] for case in OUTPUTS], ids=[case[0] for case in OUTPUTS])
def test_what_is_put_out_is_told_from_what_is_used(text, outputs, used):
    found = analyze(text, "snowflake")
    assert (found.kind, found.direction, found.problem) == ("select", "out", "")
    assert (found.outputs, found.used) == (names(outputs), names(used))
    assert found.open_tables == ()


GROUPS = "select submtg_state_cd, sex_cd, count(*)"
AGGREGATES = [
    (f"select count(*) from {E}", ""),
    (f"select count(distinct ssn_num), hll(b), count_if(c > 1), avg(d) * 2 from {E} where e = 1", "b c d ssn_num"),
    (f"select coalesce(sum(pay), 0), current_date, 'x' from {E}", "pay"),
    (f"{GROUPS} from {E} group by 1, 2", "sex_cd submtg_state_cd"),
    (f"select upper(submtg_state_cd) as s, count(*) n from {E} group by s having n > 10", "submtg_state_cd"),
    (f"select year(birth_dt), stddev(pay) from {E} group by all", "birth_dt pay"),
    (f"select f(race_cd), count(*) from {E} group by f(race_cd)", "race_cd"),
    (f"{GROUPS} from {E} group by grouping sets ((submtg_state_cd, sex_cd), ())", "sex_cd submtg_state_cd"),
    (f"{GROUPS}, rank() over (order by count(*)) r from {E} group by cube(1, 2) qualify r < 3",
     "sex_cd submtg_state_cd"),
    (f"select * from (select race_cd s, count(*) n from {E} group by 1) where s = '1' order by n", "race_cd"),
    (f"with x as (select race_cd, sum(pay) p from {E} group by 1) select max(p) from x", "pay"),
    (f"select (select count(*) from {E}), (select sum(pay) from tmsis_o)", "pay"),
    (f"copy into @db.s.st/n.csv from ({GROUPS} from {E} group by 1, 2)", "sex_cd submtg_state_cd"),
]  # fmt: skip
NO_AGGREGATES = [
    (f"select distinct submtg_state_cd from {E}", "submtg_state_cd"),
    (f"select submtg_state_cd from {E} group by 1 having count(*) > 10", "submtg_state_cd"),
    (f"select max(load_dt) from {E}", "load_dt"),
    (f"select race_cd, count(*), max(birth_dt) from {E} group by 1", "birth_dt race_cd"),
    (f"select race_cd, count(*), own_function(ssn_num) from {E} group by 1", "race_cd ssn_num"),
    (f"select race_cd, sum(pay) over (partition by race_cd) from {E}", "pay race_cd"),
    (f"select count(*) from {E} union all select a from {E}", "a"),
    (f"select * from (select count(*) from {E}) c, tmsis_o o where o.a = 1", ""),
    # A group of one person, and a person named: what is counted is that person's.
    (f"select ssn_num, count(*) from {E} group by 1", "ssn_num"),
    (f"select birth_dt, count(*) from {E} group by 1", "birth_dt"),
    (f"select sum(pay) from {E} group by msis_ident_num", "pay"),
    (f"select sum(pay) from {E} where ssn_num in ('1', '2')", "pay"),
    (f"select count(*) from {E} where ssn_num = ?", ""),
    (f"select e.race_cd, (select sum(o.pay) from tmsis_o o where o.k = e.k) from {E} e", "pay race_cd"),
    (f"select e.race_cd, o.p from {E} e, lateral (select sum(o.pay) p from tmsis_o o where o.k = e.k) o",
     "pay race_cd"),
    # What a part put out is not known.
    (f"get @st/x.csv file:///tmp/; select count(*) from {E}", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "outputs"), AGGREGATES)
def test_counts_and_their_groups_are_an_aggregate(text, outputs):
    found = analyze(text, "snowflake")
    assert (found.problem, found.aggregate, found.outputs, found.open_tables) == ("", True, names(outputs), ())
    assert not set(found.outputs) & set(found.used)


@pytest.mark.parametrize(("text", "outputs"), NO_AGGREGATES)
def test_what_shows_a_value_or_a_person_is_no_aggregate(text, outputs):
    found = analyze(text, "snowflake")
    assert (found.problem, found.aggregate, found.outputs) == ("", False, names(outputs))


OPEN = [
    (f"select * from db.s.{E}", f"DB.S.{E.upper()}", "", ""),
    (f"select e.*, o.a from {E} e join tmsis_o o on e.k = o.k", E.upper(), "a", ""),
    (f"select * exclude (a, b) from {E}", E.upper(), "", f"{E}.A {E}.B".upper()),
    (f"select * replace (substr(a, 1) as a) from {E}", E.upper(), "a", ""),
    (f"select * rename (a as b) from {E}", E.upper(), "a", ""),
    (f"select * ilike '%x%' from {E}", E.upper(), "", ""),
    (f"select object_construct(*) as j from {E}", E.upper(), "", ""),
    (f"select j from (select object_construct(*) as j from {E})", E.upper(), "", ""),
    (f"with x as (select * from {E}) select x.* from x", E.upper(), "", ""),
    (f"select * from (select * exclude (a) from {E}) union all select * from {E}", E.upper(), "", ""),
    (f"select count(*) from (select * from {E})", "", "", ""),
    (f"select a from (select * from {E})", "", "a", ""),
]


@pytest.mark.parametrize(("text", "tables", "outputs", "excluded"), OPEN)
def test_a_star_opens_its_tables(text, tables, outputs, excluded):
    found = analyze(text, "snowflake")
    assert found.problem == ""
    assert (found.open_tables, found.outputs, found.excluded) == (names(tables), names(outputs), names(excluded))


def test_databricks_has_its_own_words():
    assert analyze(f"select * except (a) from {E}", "databricks").excluded == (f"{E.upper()}.A",)
    assert analyze(f"select q, w from {E} lateral view explode(z) v as w", "databricks").outputs == ("q", "z")
    assert analyze(f"select transform(arr, x -> x + 1) from {E}", "databricks").outputs == ("arr",)
    assert analyze(f"select rec.ssn from {E}", "databricks").outputs == ("rec", "ssn")


STATEMENTS = [
    ("snowflake", f"copy into @db.s.st/x.csv from (select a from {E})", "unload", "out", "@db.s.st/x.csv", "a"),
    ("snowflake", f"copy into '@st/x y.csv' from (select a from {E}) header=true", "unload", "out", "@st/x y.csv", "a"),
    ("snowflake", f"copy into 's3://b/x' from (select a from {E})", "unload", "out", "s3://b/x", "a"),
    ("snowflake", "copy into mytable\nfrom @st/x/data_ file_format = (type=csv);", "load", "in", "@st/x/data_", ""),
    ("snowflake", "get @st/data.csv 'file:///tmp/'", "get", "out", "@st/data.csv", ""),
    ("snowflake", "GET '@~/a b' file:///tmp/", "get", "out", "@~/a b", ""),
    ("snowflake", "put file:///tmp/x.csv @~/in", "put", "in", "@~/in", ""),
    ("redshift", f"unload ('select a from {E} where b=''1''') to 's3://b/x/' iam_role 'r'", "unload", "out",
     "s3://b/x/", "a"),
    ("redshift", f"unload ('select a from {E} where b=\\'1\\'') to 's3://b/x/'", "unload", "out", "s3://b/x/", "a"),
    ("redshift", f"unload ($$select a from {E} where b='1'$$) to 's3://b/x/'", "unload", "out", "s3://b/x/", "a"),
    ("redshift", "copy t from 's3://b/x' iam_role 'r'", "load", "in", "s3://b/x", ""),
    ("redshift", f"select a into x from {E}", "create", "stay", None, "a"),
    ("databricks", "copy into t from 's3://b/x' fileformat = csv", "load", "in", "s3://b/x", ""),
    ("databricks", f"insert overwrite directory 's3://b/o' using csv select a from {E}", "unload", "out",
     "s3://b/o", "a"),
    ("databricks", f"create table x using csv location 's3://b/x' as select a from {E}", "create", "out",
     "s3://b/x", "a"),
    ("snowflake", f"create or replace temp table x as select a from {E}", "create", "stay", None, "a"),
    ("snowflake", f"create view x as select a from {E}", "create", "none", None, "a"),
    ("snowflake", f"insert into x (b) select a from {E}", "insert", "stay", None, "a"),
    ("snowflake", "insert into x values (1)", "insert", "in", None, ""),
    ("databricks", f"with y as (select a from {E}) insert into x select * from y", "insert", "stay", None, "a"),
    ("snowflake", f"merge into t using (select a from {E}) s on t.k = s.a when matched then delete", "insert",
     "stay", None, "a"),
    ("snowflake", "create share s", "share", "none", None, ""),
    ("snowflake", "grant usage on database d to share s", "share", "out", None, ""),
    ("snowflake", "grant select on x to role r", "ddl", "none", None, ""),
    ("snowflake", "create temp stage st", "ddl", "none", None, ""),
    ("snowflake", "show tables", "other", "none", None, ""),
    ("snowflake", f"execute immediate 'select a from {E}'", "select", "out", None, "a"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "kind", "direction", "file", "outputs"), STATEMENTS)
def test_what_a_statement_does(dialect, text, kind, direction, file, outputs):
    found = analyze(text, dialect)
    assert (found.problem, found.kind, found.direction, found.file) == ("", kind, direction, file)
    assert found.outputs == names(outputs)


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("snowflake", f"copy into @st/x from {E} file_format=(type=csv)"),
        ("snowflake", f"create table x clone {E}"),
        ("databricks", f"table {E}"),
        ("databricks", f"insert into table x table {E}"),
        ("snowflake", f"grant select on table {E} to share s"),
        ("redshift", f"alter datashare s add table {E}"),
    ],
)
def test_a_whole_table(dialect, text):
    assert analyze(text, dialect).open_tables == (E.upper(),)


def test_the_statement_that_lets_most_out_counts():
    found = analyze(f"use x; create temp table y as select a from {E}; select * from y; put file:///a @b", "snowflake")
    assert (found.kind, found.direction, found.outputs) == ("select", "out", ("a",))


@pytest.mark.parametrize("text", ["call p(1)", "begin select a from t; end", "execute immediate $x"])
def test_what_runs_elsewhere_is_unknown(text):
    found = analyze(text, "snowflake")
    assert (found.direction, found.states, found.populations) == ("unknown", None, ())
    assert "not in the text" in found.problem


UNPARSED = [
    ("", "empty", "unknown", None),
    ("-- nothing", "empty", "unknown", None),
    ("frobnicate x", "no statement we know", "unknown", None),
    ("short query text less than 40 chars", "no statement we know", "unknown", None),
    (f"select a from {E} where b in ('1', '2'", "cut off", "out", None),
    (f"select a from {E} where b = 'x", "cut off", "out", None),
    (f"select a from {E} where", "cut off", "out", None),
    (f"select a, b from {E} where c = 1 ...", "cut off", "out", None),
    (f"select a, b from {E} where c = 1 [TRUNCATED]", "cut off", "out", None),
    (f"copy into @st/x.csv from (select a from {E} where b = 'x", "cut off", "out", "@st/x.csv"),
    (f"select a) from {E}", "parentheses", "out", None),
    (f"select a from {E} where where", "cut off", "out", None),
    (f"select a b c d from {E}", "parser", "out", None),
    ("select * from table(result_scan('01b'))", "another query", "out", None),
    ("select " + "(" * 1000 + "1" + ")" * 1000, "deeper than", "out", None),
    ("select " + "case when a then " * 1000 + "1" + " end" * 1000, "deeper than", "out", None),
    ("select " + "not " * 5000 + "a from t", "too deeply", "out", None),
    ("select '" + "x" * 100_000 + "'", "longer than 64 KiB", "out", None),
    ("select * from t0 " + " ".join(f"join t{n} using (k)" for n in range(1, 500)), "more than", "out", None),
]


@pytest.mark.parametrize(("text", "problem", "direction", "file"), UNPARSED, ids=range(len(UNPARSED)))
def test_what_cannot_be_followed_says_why(text, problem, direction, file):
    found = analyze(text, "snowflake")
    assert problem in found.problem
    assert (found.kind, found.direction, found.file) == ("unparsed", direction, file)
    assert (found.outputs, found.open_tables, found.states, found.populations) == ((), (), None, ())


@pytest.mark.parametrize(
    "text",
    [
        "select a from t where x in (" + ",".join(f"'{n}'" for n in range(6000)) + ")",
        "select a from tmsis_t where " + " or ".join(f"submtg_state_cd='{n % 60}'" for n in range(1500)),
        " union all ".join(["select a from tmsis_t"] * 1000),
        "select a from t where " + "a in (select b from t where " * 31 + "1=1" + ")" * 31,
    ],
    ids=["list", "or", "union", "queries in queries"],
)
def test_long_texts_are_read(text):
    assert analyze(text, "snowflake").outputs == ("a",)


def test_another_dialect_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="cobol"):
        analyze("select 1", "cobol")


def test_nothing_is_logged(caplog):
    for text in ("get @a file:///b", "call p()", "grant select on x to share y", "create share s"):
        analyze(text, "snowflake")
    assert caplog.records == []
