"""Whatever names a text gives on the way, what it puts out is told by the names of the tables' own columns."""

from __future__ import annotations

import pytest

from auditscan.readers.query_text import analyze

E = "tmsis_elgblty"
B = "IDRC_PRD.CMS_VDM_VIEW_MDCD_PRD.V2_MDCD_BENE"
S = "submtg_mdcd_lcl_state_cd"
CA = f"where {S} = '06'"
UNNAMED = "columns that the text does not name"

NAMES = [
    ("snowflake", f"create temp table v (birth_dt, x) as select ssn_num, a from {B} {CA}; select birth_dt from v",
     "ssn_num"),
    ("snowflake", f"create view v (a comment 'x', b) as select ssn_num, birth_dt from {B} {CA}; select a from v",
     "ssn_num"),
    ("teradata", f"create volatile table v (a) as (select ssn_num from {B} {CA}) with data; select a from v",
     "ssn_num"),
    ("snowflake", (f"create table x (a varchar, b date); insert into x (b, a) select birth_dt, ssn_num from {B} {CA};"
     "select a from x"), "ssn_num"),
    ("snowflake", f"select t.val from {B} unpivot(val for nm in (ssn_num, zip_cd)) t where t.{S} = '06'",
     "ssn_num zip_cd"),
    ("databricks", f"select u.v from {B} unpivot(val for nm in (ssn_num as 'a')) as u(x, n, v) where u.{S} = '06'", ""),
    ("snowflake", (f"select p.x1 from (select k, ssn_num, {S} from {B}) pivot(max(ssn_num) for k in ('x', 'y'))"
     f" as p (st, x1, y1) where p.st = '06'"), "ssn_num"),
    ("snowflake", f"select p.* from (select k, ssn_num from {B} {CA}) pivot(max(ssn_num) for k in (any)) p", "ssn_num"),
    ("snowflake", (f"select s from {B} match_recognize (partition by k order by dt measures last(ssn_num) as s"
     f" one row per match pattern (a+) define a as true) {CA}"), "ssn_num"),
    ("snowflake", (f"select m.s from {B} match_recognize (order by dt measures last(a.ssn_num) as s"
     f" pattern (a+) define a as true) m {CA}"), "ssn_num"),
    ("postgres", f"select v.a from (values ((select max(ssn_num) from {B} {CA}))) v(a)", "ssn_num"),
    # Rows made of a value.
    ("snowflake", f"select s.value from {B} e, lateral split_to_table(e.ssn_list, ',') s {CA}", "ssn_list"),
    ("snowflake", f"select f.value:ssn from {B} e, lateral flatten(input => e.people) f {CA}", "people ssn"),
    ("databricks", f"select v.w from {B} e lateral view explode_outer(e.members) v as w {CA}", "members"),
    ("databricks", f"select v.w from {B} e lateral view outer posexplode_outer(e.members) v as p, w {CA}", "members"),
    ("databricks", f"select v.s from {B} e lateral view inline(e.members) v as ssn, s {CA}", "members s"),
    ("databricks", f"select a from {B} lateral view json_tuple(src, 'ssn', 'dob') v as a, b {CA}", "dob src ssn"),
    ("athena", f"select x from {B} cross join unnest(members) as t(x) {CA}", "members"),
    ("bigquery", f"select m.ssn from {B}, unnest(members) as m {CA}", "members ssn"),
    ("redshift", f"select p.ssn from {B} e, e.people p {CA}", "people ssn"),
    ("postgres", f"select x.ssn from {B} e, json_to_recordset(e.doc) as x(ssn text, dob date) {CA}", "doc ssn"),
    ("tsql", f"select j.a from {B} e cross apply openjson(e.doc) with (a varchar(9) '$.ssn') j {CA}", "doc ssn"),
    ("oracle", f"select j.a from {B} e, json_table(e.doc, '$' columns (a varchar2(9) path '$.ssn')) j {CA}", "doc ssn"),
    ("snowflake", f"select f.a from {B} e, table(own_function(e.ssn_num)) f {CA}", "a ssn_num"),
    # Paths.
    ("snowflake", f"select src:person.ssn::string from {B} {CA}", "src ssn"),
    ("snowflake", f"select bene_addr:ssn::string from {B} {CA}", "bene_addr ssn"),
    ("snowflake", f"select src['a']['ssn'], get_path(src, 'person.dob'), get(src, 'mbi') from {B} {CA}",
     "dob mbi src ssn"),
    ("snowflake", f"""select xmlget(doc, 'SSN'):"$", doc:SSN[0].value from {B} {CA}""", "SSN doc"),
    ("databricks", f"select get_json_object(src, '$.person.ssn'), from_json(src, 'x').dob from {B} {CA}",
     "dob src ssn"),
    ("databricks", f"select e.src.person.ssn from {B} e {CA}", "src ssn"),
    ("databricks", f"select transform(members, m -> m.ssn) from {B} {CA}", "members ssn"),
    ("postgres", f"select src->>'ssn', src #>> '{{person,dob}}' from {B} {CA}", "dob src ssn"),
    ("bigquery", f"select json_value(src, '$.person.ssn') from {B} {CA}", "src ssn"),
    ("trino", f"select json_extract_scalar(src, '$.ssn'), element_at(m, 'dob') from {B} {CA}", "dob m src ssn"),
    # What the text names by a variable only.
    ("snowflake", f"select birth_dt, identifier($c) from {B} {CA}", f"birth_dt|{UNNAMED}"),
    ("databricks", f"select birth_dt, ${{cols}} from {B} {CA}", f"birth_dt|{UNNAMED}"),
    ("snowflake", f"select birth_dt, {{{{ cols }}}} from {B} {CA}", f"birth_dt|{UNNAMED}"),
    ("databricks", f"select birth_dt, identifier(:c) from {B} {CA}", f"birth_dt|{UNNAMED}"),
    ("databricks", f"select identifier('ssn_num') from {B} {CA}", "ssn_num"),
    # What a filter tells of everybody in the result.
    ("snowflake", f"select birth_dt from {B} {CA} and dgns_1_cd = 'B20'", "birth_dt dgns_1_cd"),
    ("snowflake", f"select birth_dt from {B} {CA} and (dgns_1_cd like 'B2%' or dgns_2_cd in ('B20'))",
     "birth_dt dgns_1_cd dgns_2_cd"),
    ("snowflake", f"select birth_dt from {B} e {CA} and bene_sk in (select bene_sk from c where dgns_1_cd = 'B20')",
     "birth_dt dgns_1_cd"),
    ("snowflake", (f"with c as (select bene_sk from t where dgns_1_cd = 'B20')"
     f" select e.birth_dt from {B} e join c on c.bene_sk = e.bene_sk where e.{S} = '06'"), "birth_dt dgns_1_cd"),
    ("snowflake", f"select birth_dt from {B} {CA} and (dgns_1_cd = 'B20' or x = 1)", "birth_dt"),
    ("snowflake", f"select birth_dt from {B} {CA} and dgns_1_cd <> 'B20' and dgns_2_cd is not null", "birth_dt"),
    ("snowflake", f"select e.birth_dt from {B} e left join c on c.k = e.k and c.dgns_1_cd = 'B20' where e.{S} = '06'",
     "birth_dt"),
    ("snowflake", f"select birth_dt from {B} {CA} and tmsis_actv_ind = 1 and clm_dt > '2025-01-01'", "birth_dt"),
    ("snowflake", f"select count(*) from {B} {CA} and dgns_1_cd = 'B20'", ""),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "outputs"), NAMES)
def test_what_is_put_out_has_the_name_of_its_column(dialect, text, outputs):
    found = analyze(text, dialect)
    if not outputs and "unpivot" in text:
        # Which column of a table nobody listed an alias means: it may be any.
        assert found.open_tables == (B.upper(),)
        return
    assert (found.problem, found.states, found.open_tables) in (("", ("06",), ()), ("", ("06",), ("OWN_FUNCTION()",)))
    assert set(found.outputs) == set(outputs.split("|") if "|" in outputs else outputs.split())


@pytest.mark.parametrize("dialect", ["bigquery", "databricks", "postgres", "redshift"])
@pytest.mark.parametrize("shown", ["e", "count(e.a) over (), e", "coalesce(e, e)"])
def test_a_whole_row_in_one_value(dialect, shown):
    assert analyze(f"select {shown} from {E} e", dialect).open_tables == (E.upper(),)


def test_what_was_deduced_says_from_what():
    text = f"select birth_dt, identifier($c) from {B} {CA} and dgns_1_cd = 'B20'"
    elements = {item: why for kind, item, why in analyze(text, "snowflake").deduced if kind == "element"}
    assert elements == {"dgns_1_cd": "filter dgns_1_cd = 'B20'", UNNAMED: "IDENTIFIER($c)"}


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("snowflake", "select * from table(information_schema.query_history())"),
        ("snowflake", f"select * from {E} changes(information => default) at(offset => -60)"),
        ("databricks", f"select x from {E} lateral view own_function(a) v as x"),
        ("databricks", f"from {E} insert into a select b"),
        ("redshift", f"select attr, val from {E} as e, unpivot e.doc as val at attr"),
        ("postgres", f"with d as (delete from {E} returning *) select * from d"),
        ("snowflake", "select * from table($t)"),
    ],
)
def test_no_word_of_the_parser_reaches_a_report(dialect, text):
    told = repr(analyze(text, dialect)).upper()
    for word in ("TABLEFROMROWS", "ATINDEX", "STREAM", "_EXPLODE", "ANONYMOUS", "(DELETE)", "MULTITABLE"):
        assert word not in told
