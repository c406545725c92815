"""`auditscan sql` given a script: its tables, its formats, its errors, and what it writes."""

from __future__ import annotations

import json
import re

import pytest

import asking
from auditscan.cli import run

TABLES = """\
verdict_now  transfers
───────────  ─────────
enjoined             1
outside              1
permitted            1
review               1

one
───
  1
"""
COUNT = "select verdict_now, count(*) as transfers from answers group by all order by all;\n"


def test_a_script_gives_its_tables_and_nothing_else(piped, outside):
    assert outside(f"{COUNT}select 1 as one") == (0, TABLES, "")
    assert piped(f"{COUNT}select 1 as one") == (0, TABLES, "")


def test_logs_need_no_database(piped, database):
    log = str(database.parent / "a.ndjson")
    assert piped(COUNT, where=[log]) == piped(COUNT)


def test_formats_are_those_of_query(piped):
    _, out, _ = piped(COUNT, "--format", "csv")
    assert out.startswith("verdict_now,transfers\nenjoined,1\n")
    _, out, _ = piped(f".format ndjson\n{COUNT}")
    assert json.loads(out.splitlines()[0]) == {"verdict_now": "enjoined", "transfers": 1}
    _, out, _ = piped(f".format md\n{COUNT}")
    assert out.startswith("| verdict_now | transfers |\n")


def test_a_format_for_files_is_refused_if_it_was_typed(piped, environment):
    code, out, err = piped(COUNT, "--format", "xlsx")
    assert (code, out) == (2, "")
    assert ".out FILE" in err
    environment["AUDITSCAN_FORMAT"] = "xlsx"
    assert piped(COUNT)[0] == 0


def test_what_is_cut_is_said(piped):
    code, out, err = piped("select * from range(1000) t(n);", "--rows", "3")
    assert (code, out) == (0, "n\n─\n0\n1\n2\n")
    assert err == "3 of 1,000 rows shown; .rows 0 shows all, .out FILE keeps all\n"


def test_the_first_error_ends_it_with_its_line_and_code(piped):
    code, out, err = piped("select 1 as one;\n\nselect\n  nothing;\nselect 2 as two;\n")
    assert (code, out.splitlines()[0]) == (2, "one")
    assert "two" not in out
    assert "where: standard input, line 3" in err
    lines = err.splitlines()
    (caret,) = [place for place, line in enumerate(lines) if set(line.strip()) == {"^"}]
    assert lines[caret - 1][lines[caret].index("^") :].startswith("nothing")


def test_keep_going_tells_all_and_ends_with_the_first_code(outside):
    code, out, err = outside(".explain nobody\nselect x;\nselect 2 as two;\n", "--keep-going")
    assert (code, out.splitlines()[0]) == (3, "two")
    assert err.count("auditscan: ") == 2


def test_a_limit_is_told_as_one(outside):
    code, out, err = outside("select count(*) from range(10000000) a, range(10000000) b;", "--timeout", "1")
    assert (code, out) == (20, "")
    assert "stopped after 1 seconds" in err


@pytest.mark.parametrize(
    "script",
    [b"", b"\n\n", b"-- nothing\n", b"\xef\xbb\xbfselect 1;\r\n.tables\r\n"],
)
def test_scripts_that_say_little(piped, script):
    assert piped(script)[0] == 0


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (b"select '\xff';", "the SQL is not UTF-8 text"),
        (b"select 1;\nselect '\0';", "holds a NUL character"),
        (b"select 'open\n.quit\n", "unterminated"),
        (b"/* open\n", "omment"),
        (b".nonsense\n", "there is no command .nonsense"),
        (b"copy answers to 'x.csv';", "COPY reads or writes files"),
        (b"select * from '/etc/passwd';", "no file can be read from this session"),
        (b"select $a;", "nothing gives it a value"),
    ],
)
def test_junk_is_told_and_writes_nothing(piped, tmp_path, script, said):
    code, out, err = piped(script)
    assert (code, out) == (2, "") or out.startswith("1\n")
    assert said in err
    assert "Traceback" not in err
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["home", "temporary"]


def test_show_is_the_sql_that_queries_shows(piped, capsys):
    _, out, _ = piped(".show headline")
    assert run(["queries", "show", "headline"]) == 0
    assert out == capsys.readouterr().out


def test_explain_is_the_drawing_of_explain(piped, database, capsys):
    _, out, _ = piped(".explain T-2")
    assert run(["explain", "T-2", "--db", str(database), "--as-of", asking.AS_OF]) == 0
    assert out == capsys.readouterr().out


def test_lists_fit_eighty_columns(piped):
    _, out, _ = piped(".help\n.tables\n.schema answers\n.queries\n")
    assert max(map(len, out.splitlines())) <= 80
    assert re.search(r"^answers +One row a transfer", out, re.MULTILINE)
    _, out, _ = piped(".schema\n")
    assert re.search(r"^answers\ncolumn_name +column_type +comment\n", out, re.MULTILINE)


def test_out_writes_one_result_and_never_over_logs_or_the_database(piped, database, tmp_path):
    code, out, err = piped(f".out {tmp_path}/x.csv\n{COUNT}select 1 as one;\n")
    assert (code, out) == (0, "one\n───\n  1\n")
    assert (tmp_path / "x.csv").read_text().startswith("verdict_now,transfers\n")
    assert "4 rows" in err
    before = database.read_bytes()
    # The ending says a format, so that the file is what is refused.
    (tmp_path / "link.csv").symlink_to(database)
    code, _, err = piped(f".out {tmp_path}/link.csv\n{COUNT}")
    assert code == 2
    assert "is the database itself" in err
    assert database.read_bytes() == before


def test_unsafe_says_what_it_opens(piped, tmp_path):
    code, _, err = piped(f"copy (select 1 as one) to '{tmp_path}/x.csv';", "--unsafe")
    assert (code, err.startswith("--unsafe: ")) == (0, True)
    assert (tmp_path / "x.csv").read_text() == "one\n1\n"


def test_nothing_stays_behind(outside, database, environment, tmp_path):
    # What new databases begin with is to be made here, below the home.
    del environment["XDG_CACHE_HOME"]
    outside(COUNT, where=[str(database.parent / "a.ndjson")])
    assert list((tmp_path / "temporary").iterdir()) == []
    made = tmp_path / "home" / ".cache" / "auditscan" / "made"
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert [path for path in kept if path.parent != made] == []
    assert kept
    assert not any(b"a.ndjson" in path.read_bytes() for path in kept), "what is kept comes with auditscan"
