"""Loading query files: what a good one becomes, and how every kind of bad one is named."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

import pytest

from auditscan.errors import ExitCode, LibraryError, UsageError
from auditscan.library import Library, shipped_folder
from library.writing import PLAIN, RULE, put


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
            "reads, scope, alone, rests_on, citation, evidence, why, false_positives, params, requires"
        ),
        "rules/a.sql:23: there is no SQL below the header",
        "rules/b.sql:7: `severity` must be one of grave, review, note, not 'bad'",
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
        ('title = "Bulk', 'rests_on = "traces)"\ntitle = "Bulk', "2: `rests_on` must be the name of a table"),
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
