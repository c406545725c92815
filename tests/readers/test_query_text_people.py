"""About whom a query put something out: states, people, programs, and what a broken text gives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditscan.readers.query_text import analyze

E = "tmsis_elgblty"
V = "tmsis_var_elgblty"
STATE = "submtg_state_cd"

STATES = [
    (f"select a from {E} where {STATE} in ('06', '17')", "06 17"),
    (f"select a from {E} where '06' = {STATE}", "06"),
    (f"select a from {E} where upper(trim({STATE})) = 'CA'", "CA"),
    (f"select a from {E} where submitting_state = '06'", "06"),
    ("select a from v2_mdcd_clm where submtg_mdcd_lcl_state_cd = '06'", "06"),
    (f"select a from {E}", "ALL"),
    (f"select a from {E} where elgbl_state_cd = '06'", "ALL"),
    (f"select a from {E} where {STATE} <> '72'", "ALL"),
    (f"select a from {E} where {STATE} is not null", "ALL"),
    (f"select a from {E} where {STATE} = '06' or b = 1", "ALL"),
    (f"select a from {E} where ({STATE} = '06' and b = 1) or ({STATE} = '17' and b = 2)", "06 17"),
    (f"select a from {E} where {STATE} in ('06', '17') and {STATE} = '06'", "06"),
    (f"select a from {E} where {STATE} in (select s from wanted)", None),
    (f"select a from {E} where {STATE} like '0%'", None),
    (f"select a from {E} where {STATE} between '01' and '09'", None),
    (f"select a from {E} where {STATE} = ?", None),
    (f"select a from {E} where {STATE} = :1", None),
    (f"select a from {E} where substr({STATE}, 1, 1) = '0'", None),
    (f"select a from {E} where state_cd = '06'", None),
    (f"select a from {E} where {STATE} = ? and {STATE} in ('06')", "06"),
    ("select a from information_schema.columns", None),
    ("select a from xtr_tmp", None),
    ("select 1", None),
    (f"select a from xtr_tmp where {STATE} = '06'", "06"),
    (f"select a from {E} where {STATE} = '06' union select a from {V} where {STATE} = '17'", "06 17"),
    (f"select a from {E} where {STATE} = '06' union select a from {V}", "ALL"),
    (f"select s from (select {STATE} as st, a as s from {E}) where st = '06'", "06"),
    (f"with x as (select * from {E} where {STATE} = '06') select a from x", "06"),
    (f"with x as (select * from {E} where {STATE} = '06') select v.a from x join {V} v using ({STATE}, k)", "06"),
    (f"select v.a from {E} e, {V} v where e.msis_ident_num = v.msis_ident_num and e.{STATE} = '06'", "06 unknown"),
    (f"select v.a from {E} e join {V} v on e.zip = v.zip where e.{STATE} = '06'", "ALL"),
    (f"select e.a from {E} e join {V} v on e.zip = v.zip where e.{STATE} = '06'", "06"),
    (f"select e.a from {E} e left join {V} v on e.msis_ident_num = v.msis_ident_num and v.{STATE} = '06'", "ALL"),
    (f"select v.a from {E} e left join {V} v on e.msis_ident_num = v.msis_ident_num and v.{STATE} = '06'", "06"),
    (f"select e.a from {E} e left join {V} v using ({STATE}, msis_ident_num) where v.{STATE} = '06'", "06"),
    (f"select e.a from {E} e join {V} v on e.{STATE} = v.{STATE} and e.k = v.k and v.{STATE} = '06'", "06"),
    (f"select a from {E} where msis_ident_num in (select msis_ident_num from {V} where {STATE} = '06')", "06 unknown"),
    (f"select count(*) from {E} where {STATE} = '06'", "06"),
]


@pytest.mark.parametrize(("text", "states"), STATES)
def test_states_come_from_predicates_on_the_submitting_state(text, states):
    found = analyze(text, "snowflake")
    assert found.problem == ""
    assert found.states == (None if states is None else tuple(states.split()))


PEOPLE = [
    (f"select a from {E}", "unknown us_citizen", None),
    (f"select a from {E} where ctznshp_ind in ('1', '2')", "us_citizen", "ctznshp_ind IN ('1', '2')"),
    (f"select a from {E} where ctznshp_ind = '0'", "unknown", "ctznshp_ind = '0'"),
    (f"select a from {E} where ctznshp_ind <> '1'", "unknown us_citizen", "ctznshp_ind <> '1'"),
    (f"select a from {E} where ctznshp_ind not in ('1', '2')", "unknown", "NOT ctznshp_ind IN ('1', '2')"),
    (f"select a from {E} where imgrtn_stus_cd = '3'", "unknown", "imgrtn_stus_cd = '3'"),
    (f"select a from {E} where rstrctd_bnfts_cd = '2'", "unknown", "rstrctd_bnfts_cd = '2'"),
    (f"select a from {E} where imgrtn_stus_cd in ('1', '2')", "other_lawfully_residing",
     "imgrtn_stus_cd IN ('1', '2')"),
    (f"select a from {E} where imgrtn_stus_cd in ('1', '3')", "other_lawfully_residing unknown",
     "imgrtn_stus_cd IN ('1', '3')"),
    (f"select a from {E} where imgrtn_stus_cd = '8'", "us_citizen", "imgrtn_stus_cd = '8'"),
    (f"select a from {E} where imgrtn_stus_cd = '3' or b = 1", "unknown us_citizen", "imgrtn_stus_cd = '3' OR b = 1"),
    (f"select a from {E} where ctznshp_ind = '0' and imgrtn_stus_cd = '1'", "other_lawfully_residing",
     "ctznshp_ind = '0' AND imgrtn_stus_cd = '1'"),
    (f"select a from {E} where imgrtn_stus_cd in (select c from wanted)", "unknown",
     "imgrtn_stus_cd IN (SELECT c FROM wanted)"),
    (f"select a from {E} where imgrtn_vrfctn_ind is not null", "unknown", "NOT imgrtn_vrfctn_ind IS NULL"),
    (f"select e.a from {E} e join ice_finder f on f.ssn = e.ssn_num", "unknown",
     "JOIN ice_finder AS f ON f.ssn = e.ssn_num"),
    (f"select e.a from {E} e left join ice_finder f on f.ssn = e.ssn_num", "unknown us_citizen", None),
    (f"select e.a from {E} e left join ice_finder f on f.ssn = e.ssn_num where not f.ssn is null", "unknown",
     "NOT f.ssn IS NULL"),
    (f"select e.a from {E} e, ice_finder f where e.ssn_num = f.ssn", "unknown", "e.ssn_num = f.ssn"),
    (f"select a from {E} where ssn_num in (select ssn from ice_list)", "unknown",
     "ssn_num IN (SELECT ssn FROM ice_list)"),
    (f"select a from {E} e where exists (select 1 from ice_fndr f where f.ssn = e.ssn_num)", "unknown",
     "EXISTS(SELECT 1 FROM ice_fndr AS f WHERE f.ssn = e.ssn_num)"),
    (f"select e.a from {E} e join {V} v using (msis_ident_num) where v.imgrtn_stus_cd = '1'", "other_lawfully_residing",
     "v.imgrtn_stus_cd = '1'"),
    (f"select e.a, r.b from {E} e left join race_words r on r.cd = e.race_cd", "unknown us_citizen", None),
    ("select a from tmsis_prvdr_main", "unknown", None),
    ("select 1", "", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "people", "kept"), PEOPLE)
def test_people_come_from_predicates_on_status(text, people, kept):
    found = analyze(text, "snowflake")
    assert (found.populations, found.population_filter) == (tuple(people.split()), kept)


@pytest.mark.parametrize(
    ("text", "programs"),
    [
        ("select a from IDRC_PRD.CMS_VDM_VIEW_MDCR_PRD.V2_MDCR_BENE", "medicare"),
        ("select a from IDRC_PRD.CMS_VDM_VIEW_MDCD_PRD.V2_MDCD_CLM", "medicaid"),
        ("select a from taf_mon_bsf", "chip medicaid"),
        ("select a from taf_mon_bsf where chip_cd in ('2', '3')", "chip"),
        ("select a from taf_mon_bsf where chip_cd = '1'", "medicaid"),
        ("select a from v2_mdcr_bene join taf_mon_bsf using (bene_sk)", "chip medicaid medicare"),
        ("select a from staff", "unknown"),
        ("select 1", ""),
    ],
)
def test_programs_come_from_names_of_tables(text, programs):
    assert analyze(text, "snowflake").programs == tuple(programs.split())


DEDUCED = [
    ("select a from taf_mon_bsf", [
        "program chip: table TAF_MON_BSF holds Medicaid and CHIP",
        "program medicaid: table TAF_MON_BSF holds Medicaid and CHIP",
        "state ALL: no filter on states",
        "population unknown: no filter on people",
        "population us_citizen: no filter on people",
    ]),
    # A code of a state stands in the text; one of a person is no word for people.
    (f"select a from IDRC.MDCR_PRD.V2_BENE where {STATE} = '06' and ctznshp_ind = '1' and alien_num = 'A1'", [
        "program medicare: table IDRC.MDCR_PRD.V2_BENE holds Medicare",
        "population us_citizen: filter ctznshp_ind = '1'; filter on alien_num",
    ]),
    (f"select a from taf_mon_bsf where chip_cd = '3' and {STATE} = '06' and imgrtn_stus_cd = '8'", [
        "program chip: table TAF_MON_BSF holds Medicaid and CHIP; the filter on the CHIP code leaves 3",
        "population us_citizen: filter imgrtn_stus_cd = '8'",
    ]),
    ("select a from staff", ["population unknown: its tables do not tell whose data they hold"]),
    ("select 1", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "deduced"), DEDUCED)
def test_what_no_word_of_the_text_names_says_what_it_was_deduced_from(text, deduced):
    assert [f"{kind} {item}: {why}" for kind, item, why in analyze(text, "snowflake").deduced] == deduced


def test_common_table_expressions_are_no_tables():
    found = analyze(f"with x as (select * from db.s.{E}) select a from x join {V} v using (k)", "snowflake")
    assert found.tables == (f"DB.S.{E.upper()}", V.upper())


TEXTS = [
    f"COPY INTO @st/x.csv FROM (SELECT e.a, v.b FROM {E} e JOIN {V} v USING ({STATE}, k) WHERE {STATE} IN ('06','17'))",
    f"with recursive c as (select a, max(b) over (order by d) from {E} union all select * from c) select c.* from c",
    (
        f"select * exclude (a) from {E} t, lateral flatten(input => t.x) f where f.value:y = 'z' "
        "qualify rank() over (order by a) = 1"
    ),
    f"UNLOAD ('select case when a=''1'' then b end from {E}') TO 's3://b/x'",
    f"insert into x select a from {E} pivot(sum(a) for b in ('c')); get @x file:///y; grant select on {E} to share s",
]
PIECES = ["(", ")", "'", '"', "`", ";", ",", "$1", "$$", "/*", "--", "*", ".", ":", "@", " select ", " from ", " as ",
          " not ", " in ", " case ", " end ", " with ", " join ", " using ", " union ", "\0", "é",
          "\ud800", "::"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(TEXTS),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(PIECES), st.integers(0, 12)), max_size=4),
    st.sampled_from(["snowflake", "databricks", "redshift"]),
)
def test_no_text_breaks_it(text, changes, dialect):
    for place, piece, dropped in changes:
        at = round(place * len(text))
        text = text[:at] + piece + text[at + dropped :]
    found = analyze(text, dialect)
    assert found == analyze(text, dialect)
    if found.kind == "unparsed":
        assert found.problem
        assert (found.outputs, found.states, found.populations) == ((), None, ())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["snowflake", "databricks", "redshift"]))
def test_what_is_no_query_is_no_disclosure(text, dialect):
    found = analyze(text, dialect)
    assert found.outputs == ()
