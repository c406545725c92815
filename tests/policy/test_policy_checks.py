"""Every hard check has a case that fails, and names its file and line."""

from __future__ import annotations

import pytest

from auditscan.errors import ExitCode
from auditscan.policy import PolicyError, load

R1 = '[[regimes]]\nid = "R1"\n'
R2 = '[[regimes]]\nid = "R2"\n'
IEA = '[[instruments]]\nid = "iea_2025_07"\n'

# name: (file, text of the overlay's file, line, what the message must say)
CASES = {
    "unknown column": ("agencies.csv", "alias,agency,sid\nX,X,sender\n", 1, "unknown column 'sid'"),
    "missing column": ("agencies.csv", "alias,agency\nX,X\n", 1, "column 'side' is missing"),
    "column twice": ("programs.csv", "alias,alias,program\na,b,chip\n", 1, "stands twice"),
    "blank cell": ("programs.csv", "alias,program\nMAGI,\n", 2, "'program' is blank"),
    "blank row": ("programs.csv", "alias,program\nMAGI,chip\n,\n", 3, "every cell is blank"),
    "too many cells": ("programs.csv", "alias,program\na,chip,x\n", 2, "the row has 3 cells"),
    "too few cells": ("programs.csv", "alias,program\n\n\na\n", 4, "the row has 1 cells"),
    "open quote": ("programs.csv", 'alias,program\n"a,chip\n', 2, "not readable as CSV"),
    "not UTF-8": ("programs.csv", b"alias,program\nx,chip\ncaf\xe9,chip\n", 3, "not UTF-8"),
    "no word": ("programs.csv", "alias,program\n--,chip\n", 2, "no letter and no digit"),
    "same word, other target": (
        "programs.csv",
        "alias,program\nFoo Bar,chip\nfoo_bar,bhp\n",
        3,
        "the same word as in line 2",
    ),
    "line after a cell of two lines": (
        "programs.csv",
        'alias,program\n"Foo\nBar",chip\nX,\n',
        4,
        "'program' is blank",
    ),
    "party of no kind": (
        "parties.csv",
        "kind,value,agency\nmail,x.gov,ICE\n",
        2,
        "'kind' cannot be 'mail'; use one of",
    ),
    "mail address": (
        "parties.csv",
        "kind,value,agency\nmail_domain,a@b.gov,ICE\n",
        2,
        "'a@b.gov' is not a mail domain",
    ),
    "short account": ("parties.csv", "kind,value,agency\naccount,44455556666,ICE\n", 2, "not an AWS account; write"),
    "no network": ("parties.csv", "kind,value,agency\nnetwork,10.0.0/8,ICE\n", 2, "'10.0.0/8' is not a network; write"),
    "host bits": ("parties.csv", "kind,value,agency\nnetwork,10.0.0.1/8,ICE\n", 2, "has bits set beyond its length"),
    "token of two words": ("parties.csv", "kind,value,agency\ntoken,ice ero,ICE\n", 2, "is more than one word; write"),
    "name of no word": ("parties.csv", "kind,value,agency\nname,--,ICE\n", 2, "'--' has no letter and no digit; give"),
    "unknown agency": (
        "parties.csv",
        "kind,value,agency\nname,x,ISE\n",
        2,
        "knows no agency 'ISE'; correct it, or add",
    ),
    "party certainty": ("parties.csv", "kind,value,agency,certainty\nname,x,ICE,E\n", 2, "'certainty' cannot be 'E'"),
    "nothing to take away": ("parties.csv", "kind,value,agency\nname,x,none\n", 2, "there is no 'name x' to take away"),
    "networks alike": (
        "parties.csv",
        "kind,value,agency\nnetwork,2001:db8::/32,ICE\nnetwork,2001:DB8:0::/32,CBP\n",
        3,
        "stands for something else",
    ),
    "side": ("agencies.csv", "alias,agency,side\nX,X,buyer\n", 2, "'side' cannot be 'buyer'"),
    "two sides": ("agencies.csv", "alias,agency,side\nICE2,ICE,sender\n", 2, "agency 'ICE' is"),
    "purpose": ("purposes.csv", "alias,purpose\nfun,othr\n", 2, "'purpose' cannot be 'othr'"),
    "element key": (
        "elements.csv",
        "element_key,element,category\nx,SOME-FIELD,name\n",
        2,
        "not the normalized form",
    ),
    "also": ("elements.csv", "element,category,also\nX,name,nam\n", 2, "no category 'nam'"),
    "code of no element": (
        "codes.csv",
        "element,code,meaning,note,source\nNO-SUCH,1,m,,s\n",
        2,
        "no element 'no_such'",
    ),
    "usps": ("states.csv", "code,usps,name,code_system\n98,Cal,California,x\n", 2, "not a USPS"),
    "state word twice": (
        "states.csv",
        "code,usps,name,code_system\n98,OR,California,x\n",
        2,
        "'california' stands for",
    ),
    "whole-country word taken": ("whole_country.csv", "alias\nTexas\n", 2, "'texas' stands for"),
    "a state lost": (
        "states.csv",
        "code,usps,name,code_system\n01,AL,Alabama,own\n",
        2,
        "name 50 states",
    ),
    "not TOML": ("regimes.toml", "boundary_days = [2025-08-12\n\nx y", 3, "not readable as TOML"),
    "TOML key twice": ("regimes.toml", R1 + 'title="a"\ntitle="b"\n', 4, "not readable as TOML"),
    "unknown table": ("regimes.toml", "[[regime]]\nid = 'R1'\n", 1, "unknown key 'regime'"),
    "unknown key": ("regimes.toml", R1 + "fist_day = 2025-01-01\n", 3, "unknown key 'fist_day'"),
    "unknown sub-table": ("regimes.toml", R1 + "[regimes.category]\n", 3, "unknown key 'category'"),
    "sub-table as a value": ("regimes.toml", R1 + "categories = 1\n", 3, "is not a table"),
    "one table for a list": ("regimes.toml", '[regimes]\nid = "R1"\n', 1, "write [[regimes]]"),
    "id twice": ("regimes.toml", R1 + "\n" + R1, 5, "first in line 2"),
    "no id": ("regimes.toml", '[[regimes]]\ntitle = "x"\n', 1, "has no id"),
    "id spelled otherwise": ("regimes.toml", '[[regimes]]\nid = "r1"\n', 2, "in spelling only"),
    "new regime without keys": (
        "regimes.toml",
        '[[regimes]]\nid = "X"\n',
        1,
        "'title', 'enabled', ",
    ),
    "day as text": ("regimes.toml", R1 + 'last_day = "2026-01-05"\n', 3, "is not a date"),
    "day with a time": ("regimes.toml", R1 + "last_day = 2026-01-05T00:00:00\n", 3, "not a date"),
    "text as list": ("regimes.toml", R1 + 'states = "CA"\n', 3, "is not a list of texts"),
    "switch as text": ("regimes.toml", R1 + 'enabled = "yes"\n', 3, "is not true or false"),
    "blank text": ("regimes.toml", R1 + 'title = " "\n', 3, "blank text"),
    "days disordered": ("regimes.toml", R1 + "last_day = 2025-08-01\n", 3, "is before first_day"),
    "ordered late": ("regimes.toml", R1 + "ordered = 2025-08-13\n", 3, "is after first_day"),
    "enabled, no day": (
        "regimes.toml",
        (
            '[[regimes]]\nid="X"\ntitle="x"\nevidence="D"\ncitation="x"\nstates=["CA"]\nstates_unsettled=[]\n'
            'default_category="review"\ndefault_population="review"\nenabled=true\nprograms.default="review"\n'
        ),
        10,
        "no first_day",
    ),
    "enabled, reaches nobody": (
        "regimes.toml",
        R2 + "last_day = 2027-12-31\n"
        '[[regimes]]\nid="X"\ntitle="x"\nevidence="D"\ncitation="x"\nfirst_day=2028-01-01\nenabled=true\n'
        "states=[]\nstates_unsettled=[]\n",
        12,
        "X is enabled, follows R0 and reaches nobody",
    ),
    "a lead switched on, its states taken away": (
        "regimes.toml",
        R2 + 'last_day = 2026-05-19\n[[regimes]]\nid="R3"\nenabled=true\nstates=[]\nstates_unsettled=[]\n',
        8,
        "name its states or states_unsettled, or set enabled = false",
    ),
    "certainty of no line": (
        "regimes.toml",
        R2 + "certainty.programs.medicade = 'C'\n",
        3,
        "; did you mean programs.medicaid?",
    ),
    "certainty of a default that is not there": (
        "regimes.toml",
        R2 + "[regimes.certainty]\npopulations.default = 'C'\n",
        4,
        "R2 has no line 'populations.default'",
    ),
    "certainty of no state": ("regimes.toml", R2 + "certainty.states.ZZ = 'C'\n", 3, "no line 'states.ZZ'; did you"),
    "certainty of no list": ("regimes.toml", R2 + "[regimes.certainty]\nchip = 'C'\n", 4, "'chip' names no line"),
    "certainty E": ("regimes.toml", R2 + "certainty.programs.default = 'E'\n", 3, "cannot be 'E'; use one of"),
    "certainty as a number": ("regimes.toml", R2 + "certainty.programs.default = 3\n", 3, "is not a text"),
    "note of no state": ("regimes.toml", R2 + "state_notes.ZZ = 'x'\n", 3, "no state 'ZZ'"),
    "overlap": ("regimes.toml", R1 + "last_day = 2026-01-06\n", 3, "cover the same days"),
    "severity": ("regimes.toml", R2 + 'other_purpose = "bad"\n', 3, "cannot be 'bad'"),
    "severity of a category": (
        "regimes.toml",
        R2 + "[regimes.categories]\n# why\nname = 'ok'\n",
        5,
        "cannot be 'ok'",
    ),
    "severity of no category": (
        "regimes.toml",
        R2 + "[regimes.categories]\nnam = 'review'\n",
        4,
        "no category 'nam'",
    ),
    "severity of no population": (
        "regimes.toml",
        R2 + "populations.martian = 'review'\n",
        3,
        "no population 'martian'",
    ),
    "severity of no program": (
        "regimes.toml",
        R2 + "[regimes.programs]\nva = 'review'\n",
        4,
        "no program 'va'",
    ),
    "evidence": ("regimes.toml", R1 + 'evidence = "E"\n', 3, "'evidence' cannot be 'E'"),
    "no such state": ("regimes.toml", R1 + "states_unsettled = ['ZZ']\n", 3, "no state 'ZZ'"),
    "state in both lists": (
        "regimes.toml",
        R1 + "states_unsettled = ['CA']\n",
        3,
        "has CA in both",
    ),
    "state twice": ("regimes.toml", R1 + "states_unsettled = ['WI','WI']\n", 3, "stands twice"),
    "schema version": ("regimes.toml", "schema_version = 2\n", 1, "schema_version 2 is not 1"),
    "boundary days": ("regimes.toml", "boundary_days = 2025-08-12\n", 1, "not a list of dates"),
    "court zone": ("regimes.toml", '\ncourt_zone = "America/Frisco"\n', 2, "no time zone"),
    "implied category": (
        "regimes.toml",
        "[implied_by]\nagee = ['name']\n",
        2,
        "no category 'agee'",
    ),
    "implying category": ("regimes.toml", "[implied_by]\nage = ['nam']\n", 2, "no category 'nam'"),
    "narrow list": ("regimes.toml", IEA + "narrow_list = ['nam']\n", 3, "no category 'nam'"),
    "instrument's program": ("regimes.toml", IEA + "programs = ['va']\n", 3, "no program 'va'"),
    "weekday": ("regimes.toml", IEA + "weekdays = ['Monday']\n", 3, "cannot be 'Monday'"),
    "hours off the quarter": ("regimes.toml", IEA + "hours = ['09:10','17:00']\n", 3, "quarter"),
    "hours disordered": ("regimes.toml", IEA + "hours = ['17:00','09:00']\n", 3, "in order"),
    "hours badly written": ("regimes.toml", IEA + "hours = ['9:00','17:00']\n", 3, "in order"),
    "one hour": ("regimes.toml", IEA + "hours = ['09:00']\n", 3, "two times of day"),
    "hours' zone": ("regimes.toml", IEA + "hours_zone = '../etc'\n", 3, "no time zone"),
    "hours without zone": (
        "regimes.toml",
        '[[instruments]]\nid = "x"\nkind = "k"\ntitle = "t"\nhours = ["09:00","17:00"]\n',
        1,
        "'hours_zone' is missing",
    ),
    "reported without a date": (
        "regimes.toml",
        '[[reported_transfers]]\nevidence = "A"\n',
        1,
        "'date' is missing",
    ),
    "reported state": (
        "regimes.toml",
        '[[reported_transfers]]\ndate = 2026-01-01\nevidence = "A"\nstates = ["Ohio"]\n',
        4,
        "no state 'Ohio'",
    ),
    "population without severity": (
        "populations.csv",
        "alias,population\nmartian,martian\n",
        None,
        "R2 gives no severity to populations: martian",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_check_fails_and_names_the_line(overlay, name):
    file, text, line, wrong = CASES[name]
    folder = overlay({file: text})
    with pytest.raises(PolicyError) as caught:
        load([folder])
    assert wrong in str(caught.value)
    if line is not None:
        places = [(problem.path, problem.line) for problem in caught.value.problems]
        assert (str(folder / file), line) in places
    for problem in caught.value.problems:
        assert "; " in problem.message, "a problem says what to do"


# A wrong column name is also a missing one; a mistyped id is also half a regime.
TOLD_TWICE = {"unknown column", "id spelled otherwise"}


@pytest.mark.parametrize("name", CASES)
def test_a_slip_brings_no_other_problems_with_it(overlay, name):
    file, text, _, _ = CASES[name]
    with pytest.raises(PolicyError) as caught:
        load([overlay({file: text})])
    assert len(caught.value.problems) == (2 if name in TOLD_TWICE else 1), str(caught.value)


def test_all_problems_are_shown_together_with_an_exit_code_for_usage(overlay):
    folder = overlay(
        {
            "agencies.csv": "alias,agency,side\nX,X,buyer\nY,,sender\n",
            "regimes.toml": R1 + 'evidence = "E"\nstates_unsettled = ["ZZ"]\n',
        }
    )
    with pytest.raises(PolicyError) as caught:
        load([folder])
    places = [f"{problem.path.rsplit('/')[-1]}:{problem.line}" for problem in caught.value.problems]
    assert places == ["agencies.csv:2", "agencies.csv:3", "regimes.toml:3", "regimes.toml:4"]
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_missing_base_file_is_told_without_an_avalanche(base):
    (base / "elements.csv").unlink()
    (base / "regimes.toml").unlink()
    with pytest.raises(PolicyError) as caught:
        load(base=base)
    assert [problem.message for problem in caught.value.problems] == ["the file is missing; put it back"] * 2


def test_a_base_must_have_every_column(base):
    (base / "elements.csv").write_text("element,category\nSSN,ssn\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load(base=base)
    assert "column 'element_key' is missing" in str(caught.value)


def test_a_base_without_regimes_is_no_policy(base):
    text = (base / "regimes.toml").read_text(encoding="utf-8")
    (base / "regimes.toml").write_text(text.split("[[regimes]]")[0], encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load(base=base)
    assert "no regime is named" in str(caught.value)


def test_a_setting_left_out_of_the_base_is_told(base):
    text = (base / "regimes.toml").read_text(encoding="utf-8").replace("court_zone", "# ", 1)
    (base / "regimes.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load(base=base)
    assert "'court_zone' is missing" in str(caught.value)


def test_overlapping_regimes_of_a_base_are_told_at_the_later_one(base):
    text = (base / "regimes.toml").read_text(encoding="utf-8")
    text = text.replace("first_day = 2026-01-06", "first_day = 2026-01-05")
    (base / "regimes.toml").write_text(text, encoding="utf-8")
    line = text[: text.index("first_day = 2026-01-05")].count("\n") + 1
    with pytest.raises(PolicyError) as caught:
        load(base=base)
    (problem,) = caught.value.problems
    assert problem.line == line
