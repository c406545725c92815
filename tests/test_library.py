"""Loading query files: what a good one becomes, and how every kind of bad one is named."""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
from collections import Counter

import pytest

from auditscan.errors import ExitCode, LibraryError, UsageError
from auditscan.library import Library, Parameter, shipped_folder

RULE = '''/*
title = "Bulk transfer"
description = """
Many people
at once.
"""
severity = "review"
reads = "transfers"
requires = ["record_count"]
citation = "The agreement"
evidence = "B"
why = "Because."
false_positives = "None known."

[params.people]
type = "integer"
default = 10000
unit = "people"
description = "From how many on."
*/
-- The threshold is a parameter.
select record_key from transfers where record_count >= coalesce(getvariable('people')::bigint, 10000);
'''

PLAIN = """/*
title = "T"
description = "D"
*/
select 1;
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path / "queries"


def put(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems(*folders):
    """The problems of a load, as `file:line: message` below the working directory."""
    with pytest.raises(LibraryError) as caught:
        Library.load(folders)
    assert caught.value.exit_code == ExitCode.USAGE
    return [str(problem).removeprefix("queries/") for problem in caught.value.problems]


def test_a_rule_carries_its_header_and_its_text_as_it_stands(folder):
    path = put(folder, "rules/bulk.sql", RULE)
    (query,) = Library.load([folder]).queries
    assert (query.name, query.kind, query.path) == ("bulk", "rule", path)
    assert query.sql == RULE
    assert query.body.startswith("-- The threshold")
    assert query.body.endswith("('people')::bigint, 10000);")
    assert query.description == "Many people\nat once."
    assert (query.severity, query.reads, query.scope) == ("review", "transfers", "in")
    assert query.requires == ("record_count",)
    assert query.params["people"].default == 10000
    assert query.params["people"].unit == "people"
    assert query.header["evidence"] == query.evidence == "B"
    with pytest.raises(AttributeError):
        query.name = "other"
    with pytest.raises(TypeError):
        query.header["title"] = "other"


def test_queries_come_in_running_order(folder):
    for name in (
        "reports/a.sql",
        "rules/z.sql",
        "sources/csv.sql",
        "schema/20_views.sql",
        "schema/10_tables.sql",
        "steps/10_append.sql",
    ):
        put(folder, name, RULE if name.startswith("rules") else PLAIN)
    library = Library.load([folder])
    order = [f"{query.kind} {query.name}" for query in library.queries]
    assert order == [
        "schema tables", "schema views", "source csv", "step append", "rule z", "report a",
    ]  # fmt: skip
    assert [query.name for query in library.of("schema")] == ["tables", "views"]


def test_folders_add_up_in_the_order_given(folder, tmp_path):
    put(folder, "rules/b.sql", RULE)
    put(tmp_path / "mine", "rules/a.sql", RULE)
    assert [query.name for query in Library.load([folder, tmp_path / "mine"]).queries] == ["b", "a"]


def test_a_later_folder_replaces_nothing(folder, tmp_path):
    put(folder, "rules/bulk.sql", RULE)
    put(tmp_path / "mine", "rules/bulk.sql", RULE)
    (problem,) = problems(folder, tmp_path / "mine")
    assert problem == ("mine/rules/bulk.sql:1: the name `bulk` is taken by queries/rules/bulk.sql; rename one")


def test_two_kinds_do_not_share_a_name(folder):
    put(folder, "schema/10_sources.sql", PLAIN)
    put(folder, "reports/sources.sql", PLAIN)
    (problem,) = problems(folder)
    assert problem.startswith("reports/sources.sql:1: the name `sources` is taken")


def test_every_problem_of_every_file_is_shown_at_once(folder):
    put(folder, "rules/a.sql", RULE.replace("citation", "citaton").replace("select", "--"))
    put(folder, "rules/b.sql", RULE.replace('"review"', '"bad"'))
    put(folder, "reports/c.sql", "select 1")
    assert problems(folder) == [
        "reports/c.sql:1: must open with `/*`: a block comment that holds the header as TOML",
        "rules/a.sql:1: `citation` is missing; every rule must give it",
        (
            "rules/a.sql:10: unknown key `citaton`; a rule knows title, description, severity, "
            "reads, scope, alone, citation, evidence, why, false_positives, params, requires"
        ),
        "rules/a.sql:23: there is no SQL below the header",
        "rules/b.sql:7: `severity` must be one of enjoined, review, note, not 'bad'",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('evidence = "B"', 'evidence = "B', "11: the header is not TOML: "),
        ('evidence = "B"', "evidence = 3", "11: `evidence` must be text"),
        ('evidence = "B"', 'evidence = " "', "11: `evidence` must be text, and not empty"),
        ('evidence = "B"', 'evidence = "B"\nevidence = "B"', "12: `evidence` is given twice, f"),
        ('why = "Because."', 'why = "Because."\ntitle = "again"', "13: `title` is given twice"),
        ('title = "Bulk transfer"', 'title = "a\\nb"', "2: `title` must be one line of text"),
        ('reads = "transfers"', 'reads = "logs"', "8: `reads` must be one of disclosures, tr"),
        ('reads = "transfers"', 'reads = ["transfers"]', "8: `reads` must be one of disclosures"),
        ('why = "Because."', 'scope = "out"\nwhy = "B"', "12: `scope` must be one of in, any"),
        ('["record_count"]', '["recordcount"]', "9: `requires` names `recordcount`, which is no"),
        ('["record_count"]', '"record_count"', "9: `requires` must be a list of words"),
        ('["record_count"]', '["states", "states"]', "9: `requires` names a word twice"),
        ("default = 10000", 'default = "many"', "17: `params.people.default` must be of type int"),
        ("default = 10000", "default = true", "17: `params.people.default` must be of type int"),
        ("default = 10000\n", "", "15: `params.people.default` is missing; a rule's parameter must have one"),
        ("default = 10000\n", "required = true\n", "17: `params.people.required` is for reports"),
        ('type = "integer"', 'type = "int"', "16: `params.people.type` must be one of boolean, "),
        ('unit = "people"\n', "", "15: `params.people.unit` must be text"),
        (
            'unit = "people"',
            'units = "people"\nunit = "p"',
            "18: unknown key `params.people.units`",
        ),
        (
            "coalesce(getvariable('people')::bigint, 10000)",
            "10000 -- people",
            "1: the SQL does not use the parameter `peo",
        ),
        (
            "coalesce(getvariable('people')::bigint, 10000)",
            "getvariable('people')",
            "1: the SQL must read `people` as coal",
        ),
        ("::bigint, 10000)", "::bigint, 20000)", "1: the SQL must read `people` as coalesce(getvariable('people')::"),
        ("::bigint, 10000)", "::varchar, 10000)", "1: the SQL must read `people` as coalesce(getvariable('people')::"),
        (";\n", " and getvariable('people') > 1;\n", "1: the SQL must read `people` as coalesce("),
        (";\n", " and getvariable('persons') > 1;\n", "1: the SQL reads the variable `persons`, which the"),
        ("from transfers", "from answers", "1: the SQL names `answers`, which is made of what rules find"),
        ("from transfers", "from selected_tallies", "1: the SQL names `selected_tallies`: what a rule finds must not"),
        ("[params.people]", "[params.People]", "15: `params.People` must be named in lower case letters"),
        ("[params.people]", "[params.select_states]", "15: `params.select_states` is given by `selection = true`"),
        ("*/\n--", "--", "1: the header is not closed; end it with `*/` before the SQL"),
        ("Many people", "Many people in logs/*.csv", "4: `/*` inside the header; write it other"),
        ("/*\n", "\ufeff/*\n", "1: begins with a byte order mark"),
        ("[params.people]", "[params.people]\n[params.people]", "16: `params.people` is given twi"),
    ],
)
def test_a_fault_is_named_with_its_line(folder, old, new, expected):
    assert RULE.count(old) == 1
    put(folder, "rules/bulk.sql", RULE.replace(old, new))
    found = problems(folder)
    assert any(problem.startswith(f"rules/bulk.sql:{expected}") for problem in found), found


def test_a_header_that_ends_inside_a_path_does_not_pass(folder):
    # `logs/*/x` opens a comment and closes it: for DuckDB the header would never end.
    put(folder, "reports/a.sql", PLAIN.replace('"D"', '"reads logs/*/x"'))
    assert problems(folder) == ["reports/a.sql:3: `/*` inside the header; write it otherwise"]


def test_bytes_that_are_no_utf8_are_named_with_their_line(folder):
    put(folder, "reports/a.sql", PLAIN.encode().replace(b'"D"', b'"caf\xe9"'))
    assert problems(folder) == ["reports/a.sql:3: is not UTF-8 (byte 0xe9)"]


@pytest.mark.parametrize("below", ["", "-- later", "/* later */ ;", ";\n;"])
def test_a_header_needs_sql_below_it(folder, below):
    put(folder, "reports/a.sql", PLAIN.replace("select 1;", below))
    (problem,) = problems(folder)
    assert problem.endswith("there is no SQL below the header")


@pytest.mark.parametrize(
    "name",
    ["rule/a.sql", "rules/a.SQL", "rules/a.txt", "rules/deep/a.sql", "a.sql"],
)
def test_a_file_that_would_be_passed_over_is_a_problem(folder, name):
    put(folder, "reports/ok.sql", PLAIN)
    put(folder, name, RULE)
    assert len(problems(folder)) == 1


@pytest.mark.parametrize("name", ["rules/Bulk.sql", "rules/a-b.sql", "rules/1a.sql"])
def test_names_are_words(folder, name):
    put(folder, name, RULE)
    (problem,) = problems(folder)
    assert "the file name must look like name.sql" in problem


def test_schema_files_carry_their_place(folder):
    put(folder, "schema/tables.sql", PLAIN)
    (problem,) = problems(folder)
    assert "the file name must look like 10_name.sql" in problem


def test_readmes_and_hidden_files_are_no_queries(folder):
    put(folder, "reports/ok.sql", PLAIN)
    for name in ("README.md", ".DS_Store", "reports/README.md", "reports/.a.sql.swp"):
        put(folder, name, "x")
    assert [query.name for query in Library.load([folder]).queries] == ["ok"]


def test_a_folder_without_queries_is_a_problem(folder, tmp_path):
    assert problems(tmp_path / "nowhere") == ["nowhere:1: no such folder"]
    (tmp_path / "bare").mkdir()
    assert problems(tmp_path / "bare") == ["bare:1: holds no queries"]


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
    with pytest.raises(UsageError, match="select_states: 'CA' is no varchar"):
        library.bound("a", {"seen": "x", "select_states": "CA"})


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


def test_the_hash_is_of_the_content_and_not_of_the_place(folder, tmp_path):
    put(folder, "rules/a.sql", RULE)
    put(folder, "reports/b.sql", PLAIN)
    put(tmp_path / "one", "reports/b.sql", PLAIN)
    put(tmp_path / "two", "rules/a.sql", RULE)
    together = Library.load([folder])
    assert Library.load([tmp_path / "one", tmp_path / "two"]).sha256 == together.sha256
    put(folder, "reports/b.sql", PLAIN + "\n")
    changed = Library.load([folder])
    assert changed.sha256 != together.sha256
    # What was judged stays judged when a report is added.
    assert changed.judging_sha256 == together.judging_sha256
    put(folder, "rules/a.sql", RULE + "\n")
    assert Library.load([folder]).judging_sha256 != together.judging_sha256


def test_an_unknown_name_is_answered_with_near_ones(folder):
    put(folder, "rules/bulk.sql", RULE)
    with pytest.raises(UsageError) as caught:
        Library.load([folder]).get("bulc")
    assert caught.value.hint == "did you mean bulk?"


def test_the_shipped_library_loads_without_duckdb():
    # In a process of its own: other tests of this one have imported duckdb long ago.
    code = (
        "import sys; from auditscan.library import Library; Library.shipped();"
        "sys.exit(bool({'duckdb', 'polars', 'rich', 'typer'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (shipped_folder("queries") / "README.md").is_file()


def test_a_folder_that_is_not_shipped_is_an_error():
    with pytest.raises(UsageError, match="no such_folder folder"):
        shipped_folder("such_folder")


def test_no_macro_is_made_twice() -> None:
    # The later one would take the place of the earlier without a word.
    text = "".join(query.sql for query in Library.shipped().of("schema"))
    made = re.findall(r"create or replace macro (\w+)", text)
    assert [name for name, count in Counter(made).items() if count > 1] == []
