"""Parameters of queries: their types, what a report asks for, and which values are taken."""

from __future__ import annotations

import datetime

import pytest

from auditscan.errors import LibraryError, UsageError
from auditscan.library import Library, Parameter
from library.writing import PLAIN, put

EVERY_TYPE = {
    "boolean": ("true", "true", True),
    "integer": ("-3", "-3", -3),
    "double": ("0.5", "0.5", 0.5),
    "varchar": ('"it\'s"', "'it''s'", "it's"),
    "date": ("2025-06-01", "date '2025-06-01'", datetime.date(2025, 6, 1)),
    "time": ("09:00:00", "time '09:00:00'", datetime.time(9)),
    "varchar[]": ('["a", "b"]', "['a', 'b']", ["a", "b"]),
    "integer[]": ("[1, 2]", "[1, 2]", [1, 2]),
}
"""Type -> a default in TOML, in SQL and in Python."""


def report_of(folder, header, sql):
    put(folder, "reports/a.sql", PLAIN.replace("*/", header + "*/").replace("1;", sql))
    return Library.load([folder])


def test_parameters_of_every_type(folder):
    header = "".join(
        f'[params.p{number}]\ntype = "{kind}"\ndefault = {toml}\nunit = "u"\ndescription = "d"\n'
        for number, (kind, (toml, _, _)) in enumerate(EVERY_TYPE.items())
    )
    reads = [
        f"coalesce(getvariable('p{number}')::{kind}, {sql})"
        for number, (kind, (_, sql, _)) in enumerate(EVERY_TYPE.items())
    ]
    library = report_of(folder, header, ", ".join(reads))
    params = library.get("a").params
    assert [param.type for param in params.values()] == list(EVERY_TYPE)
    assert [param.written() for param in params.values()] == reads
    assert list(library.bound("a", {}).values()) == [value for _, _, value in EVERY_TYPE.values()]


SELECTED = "selection = true\n"
OPEN = '[params.seen]\ntype = "varchar"\nrequired = true\ndescription = "A word."\n'
FREE = '[params.near]\ntype = "double"\nunit = "1"\ndescription = "How near."\n'


def test_a_report_may_need_a_parameter_and_do_without_another(folder):
    library = report_of(folder, OPEN + FREE, "getvariable('seen'), getvariable('near')")
    assert library.bound("a", {"seen": "x"}) == {"seen": "x", "near": None}
    assert library.bound(library.get("a"), {"seen": "x", "near": 1}) == {"seen": "x", "near": 1}
    for given in ({}, {"seen": None}):
        with pytest.raises(UsageError, match="a needs the parameter seen") as caught:
            library.bound("a", given)
        assert (caught.value.why, caught.value.hint) == ("A word.", "give it as seen=T-1")
    with pytest.raises(UsageError, match="a has no parameter 'sean'") as caught:
        library.bound("a", {"seen": "x", "sean": "y"})
    assert caught.value.hint == "did you mean seen?"
    with pytest.raises(UsageError, match="seen: 5 is no varchar"):
        library.bound("a", {"seen": 5})


def test_a_report_on_a_selection_has_its_parameters(folder):
    library = report_of(folder, SELECTED + OPEN, "getvariable('seen') from selected_tallies;")
    assert list(library.get("a").params) == [
        "select_states", "select_recipients", "select_verdicts", "select_from", "select_until", "seen",
    ]  # fmt: skip
    assert library.bound("a", {"seen": "x", "select_states": ("CA", "NY")})["select_states"] == ["CA", "NY"]
    assert library.bound("a", {"seen": "x", "select_states": "CA"})["select_states"] == ["CA"]
    with pytest.raises(UsageError, match="select_states: 7 is no varchar"):
        library.bound("a", {"seen": "x", "select_states": 7})


@pytest.mark.parametrize(
    ("header", "sql", "expected"),
    [
        (SELECTED, "1", "1: the header says `selection = true`, and the SQL reads no view of selected transfers"),
        ("", "1 from selected_tallies", "1: the SQL reads `selected_tallies`; the header must say `selection = true`"),
        ("", "is_day_asked_for(day)", "1: the SQL reads `is_day_asked_for`; the header must say `selection = true`"),
        ("selection = false\n", "1 from selected_tallies", "4: `selection` must be true, or left out"),
        ("", "getvariable('seen')", "1: the SQL reads the variable `seen`, which the header does not declare; add [pa"),
        (OPEN, "1", "1: the SQL does not use the parameter `seen`; it reads it as getvariable('seen')"),
        (OPEN.replace("true", "false"), "getvariable('seen')", "6: `params.seen.required` must be true, or left out"),
        (OPEN + 'default = "x"\n', "getvariable('seen')", "6: `params.seen.required` and a default exclude each other"),
    ],
)
def test_a_report_and_its_header_agree_about_variables(folder, header, sql, expected):
    with pytest.raises(LibraryError) as caught:
        report_of(folder, header, sql)
    found = [str(problem) for problem in caught.value.problems]
    assert any(problem.startswith(f"queries/reports/a.sql:{expected}") for problem in found), found


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("boolean", "TRUE", True),
        ("integer", " -12 ", -12),
        ("double", "1e3", 1000.0),
        ("varchar", " as it stands, ", " as it stands, "),
        ("date", "2025-06-01", datetime.date(2025, 6, 1)),
        ("time", "09:30", datetime.time(9, 30)),
        ("varchar[]", "CA, New York,,", ["CA", "New York"]),
        ("integer[]", "1,2", [1, 2]),
    ],
)
def test_text_is_read_as_the_type(kind, text, value):
    found = Parameter("p", kind, None, None, "d").read_value(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("boolean", "yes"), ("boolean", ""), ("integer", "1.0"), ("integer", "1_000"), ("integer", str(2**63)),
        ("integer", "\u0661"), ("double", "nan"), ("double", "1e999"), ("date", "20250601"), ("date", "2025-W22-7"),
        ("date", "2025-02-30"), ("time", "9:00"), ("time", "09:00:00+01:00"), ("varchar[]", " , "),
        ("integer[]", "1,x"),
    ],
)  # fmt: skip
def test_text_that_is_no_value_of_the_type_is_refused(kind, text):
    with pytest.raises(UsageError, match="is no") as caught:
        Parameter("p", kind, None, None, "What it is for.").read_value(text)
    assert (caught.value.where, caught.value.why) == ("p", "What it is for.")
    assert kind in caught.value.message
    assert caught.value.hint.startswith("give it as p=")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("boolean", 1), ("integer", True), ("integer", 1.0), ("double", float("inf")), ("varchar", b"x"),
        ("date", datetime.datetime(2025, 6, 1, tzinfo=datetime.UTC)), ("date", "2025-06-01"),
        ("varchar[]", "CA"), ("varchar[]", []),
        ("integer[]", ["1"]),
    ],
)  # fmt: skip
def test_values_of_another_type_are_refused(kind, value):
    with pytest.raises(UsageError, match="is no"):
        Parameter("p", kind, None, None, "d").check_value(value)
