"""How far a restriction on states and people reaches: exactly as far as its condition says, and over no other key."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditscan.readers.query_text import analyze

E = "tmsis_elgblty"
V = "tmsis_var_elgblty"
B = "IDRC_PRD.CMS_VDM_VIEW_MDCD_PRD.V2_MDCD_BENE"
S = "submtg_state_cd"
TX = f"e.{S} = '48'"
LEFT_OUT = (4, 6, 8, 9, 10, 11, 15, 17, 23, 24, 25, 26, 27, 32, 34, 35, 36, 41, 44, 50, 51, 53, 55)
PLAINTIFFS = [f"{code:02}" for code in LEFT_OUT]


def reached(text: str, dialect: str = "snowflake") -> str:
    """The states of a text in one word each, `?` for unknown."""
    found = analyze(text, dialect)
    assert found.problem == ""
    return "?" if found.states is None else " ".join(found.states)


JOINED = f"select v.ssn_num from {E} e join {V} v on"
LATER = f"create temp table x as select ssn_num from {E} e where {TX};"
CA = f"select ssn_num from {E} where {S} = '06'"
REACH = [
    # A condition that was filled in when the text ran may restrict anything.
    (f"select ssn_num from {E} where $condition", "?"),
    (f"select ssn_num from {E} where not (${{condition}})", "?"),
    (f"select ssn_num from {E} where {S} = '48' and :1", "48"),
    (f"select ssn_num from {E} where birth_dt > $day", "ALL"),
    # The state alone carries a state: one person, one family, one number of a row have records in several.
    (f"{JOINED} e.ssn_num = v.ssn_num where {TX}", "48 unknown"),
    (f"{JOINED} e.bene_sk = v.bene_sk where {TX}", "48 unknown"),
    (f"{JOINED} e.msis_ident_num = v.msis_ident_num where {TX}", "48 unknown"),
    (f"{JOINED} e.msis_ident_num = v.msis_ident_num and e.{S} = v.{S} where {TX}", "48"),
    (f"{JOINED} e.{S} = v.{S} and e.zip = v.zip where {TX}", "48"),
    (f"select v.ssn_num from {V} v where v.ssn_num in (select ssn_num from {E} e where {TX})", "48 unknown"),
    (f"select v.a from {V} v where (v.{S}, v.k) in (select {S}, k from {E} e where {TX})", "48"),
    (f"select v.a from {V} v where {S} in (select e.{S} from {E} e where {TX})", "48"),
    (f"select v.a from {V} v where {S} in (select e.birth_state from {E} e where {TX})", "?"),
    (f"select v.a from {V} v where exists (select 1 from {E} e where e.{S} = v.{S} and e.k = v.k and {TX})", "48"),
    (f"select v.a from {V} v where exists (select 1 from {E} e where e.ssn_num = v.ssn_num and {TX})", "48 unknown"),
    *[(f"{JOINED} e.{key} = v.{key} where {TX}", "48 unknown") for key in (
        "hsehld_id", "case_num", "msis_case_num", "tmsis_run_id", "da_run_id", "fil_id", "rec_num", "row_num", "src_id",
        "rfrnc_num", "xyz_id",
    )],
    (f"{JOINED} e.zip = v.zip where {TX}", "ALL"),
    # A list, and words for codes, are no records of other states.
    (f"select e.a, f.case_no from {E} e join ice_finder f on f.ssn = e.ssn_num where {TX}", "48"),
    (f"select e.a, r.name from {E} e join ref_race r on r.cd = e.race_cd where {TX}", "48"),
    (f"select e.a, x.b from {E} e join xtr_all x on x.zip = e.zip where {TX}", "48 unknown"),
    # A column without a table before it is of one table.
    (f"select v.ssn_num from {E} e join {B} v on e.zip = v.zip where {S} = '48'", "?"),
    (f"select v.* from {E} e cross join {B} v where {S} = '48'", "?"),
    (f"select v.a from {E} e join {V} v on e.bene_sk = v.bene_sk where {S} = '48'", "48 unknown"),
    (f"select e.a, v.b from {E} e join {V} v using ({S}, k) where {S} = '48'", "48"),
    (f"select e.a from {E} e join {V} v on e.{S} = v.{S} and e.k = v.k where {S} = '48'", "48"),
    (f"select e.a from {E} e join ice_finder f on f.ssn = e.ssn_num where {S} = '48'", "48"),
    (f"with x as (select {S}, k from {E}) select v.a from x join {V} v on x.k2 = v.k2 where {S} = '48'", "ALL"),
    # A query within keeps its own restrictions, and those of the rows that it must match.
    (f"select e.a, (select listagg(v.ssn_num) from {V} v where v.zip = e.zip) from {E} e where {TX}", "ALL"),
    (f"select e.a, array(select v.ssn_num from {V} v where v.zip = e.zip) from {E} e where {TX}", "ALL"),
    (f"select e.a, (select max(v.b) from {V} v where v.{S} = e.{S} and v.k = e.k) from {E} e where {TX}", "48"),
    (f"select e.a, (select max(v.b) from {V} v where v.zip = e.zip and v.{S} = '06') from {E} e where {TX}", "06 48"),
    (f"select e.a, x.b from {E} e, lateral (select v.b from {V} v where v.zip = e.zip) x where {TX}", "ALL"),
    (f"select e.a, x.b from {E} e, lateral (select v.b from {V} v where v.{S} = e.{S}) x where {TX}", "48"),
    # The state of one table within says nothing of the rows of another, under whatever name.
    (f"select ssn_num from (select v.{S}, w.ssn_num from {V} v join {E} w on v.z = w.z) where {S} = '48'",
     "48 unknown"),
    (f"select x.a from (select v.*, w.b as a from {V} v join {E} w on v.z = w.z) x where x.{S} = '48'", "48 unknown"),
    (f"select ssn_num from (select v.{S}, w.ssn_num from {V} v join {E} w using ({S}, k)) where {S} = '48'", "48"),
    (f"select x.a from (select e.{S}, e.a from {E} e join ref_race r on r.cd = e.race) x where x.{S} = '48'", "48"),
    (f"select x.a from {E} e join (select '48' as {S}, a from {V}) x on x.{S} = e.{S} where {TX}", "ALL"),
    (f"select x.a from {E} e join (select birth_state as {S}, a from {V}) x using ({S}) where {TX}", "ALL"),
    (f"select x.a from {E} e join (select e.a, v.k from {V} e join {E} v on e.{S} = v.{S}) x on x.k = e.z where {TX}",
     "ALL"),
    ((f"select x.b from {E} e, lateral (select w.b from {V} v join {E} w on v.z = w.z where v.{S} = e.{S}) x"
     f" where {TX}"), "ALL"),
    (f"select v.a from {E} e natural join (select a, zip from {V}) v where {TX}", "ALL"),
    (f"select v.a from {E} e natural join {V} v where {TX}", "48"),
    # Two tables by OR: neither is restricted to what is named.
    (f"select e.a from {E} e join {V} v on e.k = v.k where {TX} or v.{S} = '48'", "48 unknown"),
    # What is put later into a table that the text made.
    (f"{LATER} select * from x", "48"),
    (f"{LATER} insert into x {CA}; select * from x", "06 48"),
    (f"{LATER} insert into x (ssn_num) {CA}; select * from X", "06 48"),
    (f"{LATER} insert overwrite into x {CA}; select * from x", "06 48"),
    (f"{LATER} update x set ssn_num = (select max(ssn_num) from {V}); select * from x", "ALL"),
    (f"{LATER} update x set ssn_num = v.ssn_num from {V} v where v.{S} = '06'; select * from x", "06 48"),
    ((f"{LATER} merge into x using ({CA}) v on x.ssn_num = v.ssn_num when not matched then insert (ssn_num)"
     " values (v.ssn_num); select * from x"), "06 48"),
    (f"{LATER} insert all into x into y {CA}; select * from x", "06 48"),
    (f"{LATER} copy into x from @s; select * from x", "48 unknown"),
    (f"{LATER} insert into x select * from xtr_all; select * from x", "48 unknown"),
    (f"{LATER} create view v as select * from x; insert into x {CA}; select * from v", "06 48"),
    (f"insert into ice_db.p.x {CA}; select * from ice_db.p.x", "06 unknown"),
    (f"{LATER} alter table x rename to y; select * from y", "48"),
    (f'create table a.b.x as {CA}; select * from "X"', "06"),
    (f"create table if not exists x as {CA}; select * from x", "06 unknown"),
    (f"create temp table x (ssn_num varchar); insert into x {CA}; select * from x", "06"),
    # Numbers compare as numbers, and texts as texts.
    (f"select a from {E} where {S} = 6", "06"),
    (f"select a from {E} where {S} in (6, 17)", "06 17"),
    (f"select a from {E} where {S}::int = '6'", "06"),
    (f"select a from {E} where to_number({S}) = 6.0", "06"),
    (f"select a from {E} where {S} = '6'", "6"),
    (f"select a from {E} where {S} like '06'", "06"),
    (f"select a from {E} where {S} like any ('06', '17')", "06 17"),
    (f"select a from {E} where array_contains({S}::variant, array_construct('06', '17'))", "06 17"),
    (f"select a from {E} where {S} = '${{state}}'", "?"),
    # What is left out.
    (f"select a from {E} where {S} in ('06', '48') and {S} <> '06'", "48"),
    (f"select a from {E} where not ({S} <> '48')", "48"),
    (f"select a from {E} where not not {S} = '48'", "48"),
    (f"select a from {E} where {S} in ('06', '48') and not {S} in ('06', '17')", "48"),
    (f"select a from {E} where {S} = '48' or 1 = 0", "48"),
    (f"select a from {E} where {S} = '48' and {S} = '06'", "?"),
    (f"select a from {E} where {S} not in (select fips from plaintiffs)", "?"),
    # People asked for one by one are of states that nobody can tell.
    (f"select a from {E} where ssn_num = '900000001'", "?"),
    (f"select a from {E} where ssn_num = '900000001' and {S} = '48'", "48"),
    (f"select v.a from {E} e join {V} v on e.ssn_num = v.ssn_num where {TX} and v.{S} = '06'", "06"),
    (f"select a from {E} where ssn_num = '900000001' or {S} = '48'", "48 unknown"),
    (f"select a from {E} where ssn_num <> '900000001'", "ALL"),
    (f"select e.a from {E} e join ice_finder f on f.ssn = e.ssn_num", "?"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "states"), REACH)
def test_a_restriction_reaches_as_far_as_its_condition(text, states):
    assert reached(text) == states


def test_what_is_left_of_the_states_is_deduced():
    """The extra codes of T-MSIS stand for states, too: without 19, Iowa's CHIP is left."""
    found = analyze(f"select a from {E} where {S} not in ({', '.join(map(repr, PLAINTIFFS))})", "snowflake")
    assert found.states is not None
    assert not set(found.states) & {*PLAINTIFFS}
    assert {"48", "72", "93", "96"} & set(found.states) == {"48", "93", "96"}
    assert len(found.states) == 51 + 4 - len(PLAINTIFFS)
    assert {item for kind, item, _ in found.deduced if kind == "state"} == set(found.states)
    others = analyze(f"select v.a from {E} e join {V} v using (ssn_num) where e.{S} <> '06'", "snowflake").states
    assert others is not None
    assert {"06", "48", "unknown"} & set(others) == {"48", "unknown"}
    words = analyze(f"select a from {E} where {S} <> 'CA'", "snowflake").states
    assert words is not None
    assert len(words) == 50
    assert "CA" not in words


ASKED = [
    f"select a from {B} where ssn_num = '900000001'",
    f"select a from {B} where ssn_num in ('900000001', '900000002')",
    f"select a from {B} where ssn_num = ?",
    f"select a from {B} where bene_mdcd_id = 'X1'",
    f"select a from {B} where hsehld_id = 'X1'",
    f"select a from {B} where sha2(ssn_num) in ('a', 'b')",
    f"select b.a from {B} b join hashes h on h.x = sha2(b.ssn_num)",
    f"select a from {B} where bene_last_name = 'A' and birth_dt = '1990-01-01'",
    f"select a from {B} where (bene_last_name = 'A' and birth_dt = '1990-01-01') or ssn_num = '9'",
    f"select a from {B} where (bene_last_name, birth_dt) in (('A', '1990-01-01'), ('B', '1991-01-01'))",
    f"select a from {B} where ssn_num = any(array['900000001', '900000002'])",
    f"select b.a from {B} b join (values ('900000001')) f(ssn) on f.ssn = b.ssn_num",
    f"select b.a from {B} b join ice_finder f on f.ssn = b.ssn_num",
    f"select b.a from {B} b join ice_finder f on f.last_name = b.bene_last_name and f.dob = b.birth_dt",
    f"select b.a from {B} b join ice_finder f on f.ssn = b.ssn_num or (f.nm = b.last_name and f.dob = b.birth_dt)"
    .replace("f.nm", "f.last_name"),
    f"with ids as (select '900000001' as ssn union all select '900000002') select a from {B} join ids on ssn = ssn_num",
    f"select a from {B} where ssn_num in (select column1 from (values ('900000001')))",
    f"create temp table f (ssn varchar); insert into f values ('9'); select a from {B} b join f on f.ssn = b.ssn_num",
]  # fmt: skip


@pytest.mark.parametrize("text", ASKED)
def test_people_asked_for_one_by_one_are_neither_all_states_nor_citizens(text):
    found = analyze(text, "snowflake")
    assert (found.problem, found.picks_persons, found.states, found.populations) == ("", True, None, ("unknown",))
    # What was asked for is of single people: it stands in no reason.
    assert "90000000" not in repr((found.deduced, found.population_filter))


NOT_ASKED = [
    f"select a from {B} where bene_last_name = 'A'",
    f"select a from {B} where birth_dt = '1990-01-01'",
    f"select a from {B} where ssn_num <> '9' and zip_cd = '1'",
    f"select a from {B} where ssn_num is not null",
    f"select b.a from {B} b left join ice_finder f on f.ssn = b.ssn_num",
    f"select b.a from {B} b join ref_zip f on f.zip_cd = b.zip_cd",
]


@pytest.mark.parametrize("text", NOT_ASKED)
def test_others_are(text):
    found = analyze(text, "snowflake")
    assert (found.picks_persons, found.states, found.populations) == (False, ("ALL",), ("unknown", "us_citizen"))


PEOPLE = [
    ("b.imgrtn_stus_cd = '3'", "hsehld_id", "unknown us_citizen"),
    ("b.imgrtn_stus_cd = '3'", "case_num", "unknown us_citizen"),
    ("b.imgrtn_stus_cd = '3'", "tmsis_run_id", "unknown us_citizen"),
    ("b.imgrtn_stus_cd = '3'", "ssn_num", "unknown"),
    ("b.imgrtn_stus_cd = '8'", "bene_sk", "us_citizen"),
    ("b.imgrtn_stus_cd = '8'", "xyz_id", "unknown"),
]


@pytest.mark.parametrize(("filtered", "key", "people"), PEOPLE)
def test_a_filter_on_people_is_carried_by_keys_of_people_and_never_to_their_families(filtered, key, people):
    found = analyze(f"select v.a from {B} b join {B} v on b.{key} = v.{key} where {filtered}", "snowflake")
    assert found.populations == tuple(people.split())


ALIKE = [
    ("ctznshp_ind <> '1' and ctznshp_ind <> '2'", "ctznshp_ind not in ('1', '2')", "unknown"),
    ("ctznshp_ind <> 1 and ctznshp_ind <> 2", "not (ctznshp_ind = '1' or ctznshp_ind = '2')", "unknown"),
    ("imgrtn_stus_cd <> '1' and imgrtn_stus_cd <> '2' and imgrtn_stus_cd <> '8'",
     "imgrtn_stus_cd not in ('8', '1', '2')", "unknown"),
    ("not (imgrtn_stus_cd <> '8')", "imgrtn_stus_cd = 8", "us_citizen"),
    ("ctznshp_ind = '0' or imgrtn_stus_cd = '3'", "not (ctznshp_ind <> '0' and imgrtn_stus_cd <> '3')", "unknown"),
    ("ctznshp_ind in ('0', '1') and ctznshp_ind <> '1'", "ctznshp_ind = '0'", "unknown"),
    ("imgrtn_vrfctn_ind = 'Y' and imgrtn_stus_cd = '8'", "imgrtn_stus_cd in ('8') and imgrtn_vrfctn_ind = 'Y'",
     "us_citizen"),
    ("ctznshp_ind = 'Y'", "ctznshp_ind in ('Y')", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "people"), ALIKE)
def test_of_people_the_codes_are_put_together_and_not_the_words(one, other, people):
    found = {analyze(f"select a from {B} where {condition}", "snowflake").populations for condition in (one, other)}
    assert found == {tuple(people.split())}


# --- any condition against what it lets through ---

CODES = ("06", "17", "48", "56")
UNIVERSE = frozenset(f"{code:02}" for code in range(1, 57)) - {"03", "07", "14", "43", "52"} | {"93", "94", "96", "97"}
CONDITIONS = st.recursive(
    st.one_of(
        st.tuples(st.sampled_from(("=", "<>")), st.sampled_from(CODES).map(lambda code: [code])),
        st.tuples(st.sampled_from(("in", "not in")), st.lists(st.sampled_from(CODES), min_size=1, max_size=3)),
        st.just(("free", [])),
    ),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), st.tuples(inner)),
        st.tuples(st.sampled_from(("and", "or")), st.tuples(inner, inner)),
    ),
    max_leaves=8,
)


def written(condition, free) -> str:
    """The condition as SQL; one on another column each time that it does not ask for the state."""
    word, parts = condition
    if word in ("and", "or"):
        return f"({written(parts[0], free)} {word} {written(parts[1], free)})"
    if word == "not":
        return f"not ({written(parts[0], free)})"
    if word == "free":
        free.append(None)
        return f"b{len(free)} = 1"
    values = ", ".join(f"'{code}'" for code in parts)
    return f"{S} {word} {values}" if word in ("=", "<>") else f"{S} {word} ({values})"


def may_be(condition, code: str) -> set[bool]:
    """Whether the condition may hold for a state, and whether it may not."""
    word, parts = condition
    if word == "free":
        return {True, False}
    if word == "not":
        return {not way for way in may_be(parts[0], code)}
    if word in ("and", "or"):
        ways = [(one, other) for one in may_be(parts[0], code) for other in may_be(parts[1], code)]
        return {(one and other) if word == "and" else (one or other) for one, other in ways}
    return {(code in parts) == (word in ("=", "in"))}


@settings(max_examples=150, deadline=None)
@given(CONDITIONS)
def test_a_condition_lets_through_the_states_that_it_may_hold_for(condition):
    passing = {code for code in UNIVERSE | {"elsewhere"} if True in may_be(condition, code)}
    expected = passing - {"elsewhere"}
    found = reached(f"select a from {E} where {written(condition, [])}")
    if expected == UNIVERSE:
        assert found == "ALL"
    else:
        assert found == (" ".join(sorted(expected)) or "?")
