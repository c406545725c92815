"""`auditscan query` from outside: what it asks, what it writes where, and what it refuses."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
import zipfile

import polars as pl
import pytest

from asking import AS_OF
from asking import transfer as plain
from auditscan.cli import run

ENDLESS = "select count(*) from range(10000000) a, range(1000000) b where a.range * b.range = -1"
LARGE = "select * from range(100000000) t (a) order by hash(a)"
ORDER = "order by occurred_at nulls last, transfer_id, source_file, source_record"


def transfer(number, **more):
    said = {"transfer_id": f"T-{number:02}", "states": ["OR", "CA"], "elements": ["diagnosis", "é #1", 'a "b"', "x,y"]}
    return plain(number) | said | more


LOG = [transfer(n) for n in range(1, 10)] + [
    transfer(10, record_count=None, states=[], occurred_at=None),
    transfer(11, transfer_id="\x1b[31mT|\u202e", states=["TX"]),
]


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A folder with a log and the database it was scanned into; no test changes it."""
    folder = tmp_path_factory.mktemp("shared")
    log = folder / "log.ndjson"
    log.write_text("".join(json.dumps(record) + "\n" for record in LOG))
    (folder / "broken.ndjson").write_text(log.read_text() + '{"transfer_id": "T-1')
    assert run(["scan", str(log), "--db", str(folder / "case.duckdb"), "--as-of", AS_OF, "--exit-zero"]) == 0
    return folder


@pytest.fixture
def query(capsys, tmp_path, monkeypatch, shared):
    """Run `query` in this process, in a folder of its own; return its code, output and narration."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)

    def query(*arguments, stdin=None, database=True):
        if stdin is not None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        extra = ["--db", str(shared / "case.duckdb")] if database else []
        code = run(["query", *map(str, arguments), *extra, "--as-of", AS_OF])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return query


def test_sql_comes_from_an_option_a_file_or_standard_input(query, tmp_path):
    sql = "select count(*) as n from answers"
    (tmp_path / "q.sql").write_bytes(b"\xef\xbb\xbf" + sql.encode())
    expected = (0, " n\n──\n11\n", "")
    assert query("--sql", sql) == expected
    assert query("-f", "q.sql") == expected
    assert query("-", stdin=sql) == expected
    assert query("-f", "-", stdin=sql) == expected
    assert query(stdin=sql) == expected


def test_a_named_query_takes_typed_parameters(query):
    code, everything, _ = query("by_state", "--format", "csv")
    assert code == 0
    code, narrowed, _ = query("by_state", "-p", "select_states=OR,CA", "--format", "csv")
    assert (code, narrowed != everything) == (0, True)
    code, _, said = query("by_state", "-p", "select_from=tomorrow")
    assert code == 2
    assert "select_from" in said
    assert "2025-06-01" in said


def test_a_rule_gives_its_hits(query):
    code, out, _ = query("enjoined_category", "--format", "ndjson")
    assert code == 0
    assert "diagnosis" in json.loads(out.splitlines()[0])["evidence"]


def test_parameters_of_sql_are_bound_as_text(query):
    code, out, _ = query(
        "--sql", "select $a || '!' as a, $d::date + 1 as d", "-p", "a='; drop", "-p", "$d=2026-01-01", "--format", "csv"
    )
    assert (code, out) == (0, "a,d\n'; drop!,2026-01-02\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["by_stat"], 2, "did you mean by_state"),
        (["--sql", "select 1", "-f", "x"], 2, "given twice"),
        (["-f", "none.sql"], 2, "No such file"),
        (["by_state", "-p", "select_stat=CA"], 2, "select_states"),
        (["by_state", "-p", "nothing"], 2, "NAME=VALUE"),
        (["by_state", "-p", "a=1", "-p", "a=2"], 2, "given twice"),
        (["--sql", "select $x"], 2, "--param x=VALUE"),
        (["--sql", "select 1", "-p", "x=1"], 2, "$x"),
        (["--sql", "copy answers to 'x.csv'"], 2, "--out FILE"),
        (["--sql", "select * from 'x.csv'"], 2, "no file"),
        (["--sql", "selct 1"], 2, "LINE 1"),
        (["--sql", ""], 2, "no SQL"),
        (["--sql", "select 1", "--format", "cvs"], 2, "csv"),
        (["--sql", "select 1", "--memory", "much"], 2, "much"),
        (["--sql", "select 1", "--out", "x.doc"], 2, "--format"),
        (["--sql", "select 1", "--out", "."], 2, "."),
        (["--sql", "select 1", "--out", "no/x.csv"], 2, "no such folder"),
        (["judge"], 2, "no question"),
        (["--sql", ENDLESS, "--timeout", "1"], 20, "--timeout"),
        (["--sql", LARGE, "--memory", "100MB", "--out", "x.csv"], 20, "--memory"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(query, tmp_path, arguments, code, said):
    found, out, err = query(*arguments)
    assert (found, out) == (code, "")
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_logs_are_read_for_the_question_alone(query, shared, tmp_path):
    sql = "select count(*) as n from answers"
    assert query("--sql", sql, shared / "log.ndjson", database=False)[:2] == (0, " n\n──\n11\n")
    assert query("by_recipient", shared / "log.ndjson", database=False)[0] == 0
    assert list(tmp_path.iterdir()) == []


def test_what_a_scan_could_not_read_is_told(query, shared):
    code, out, err = query("--sql", "select 1 as a", shared / "broken.ndjson", database=False)
    assert (code, out) == (0, "a\n─\n1\n")
    assert "INCOMPLETE: the scan could not look at 1 record" in err


def test_another_day_judges_a_copy(query, shared, capsys):
    before = hashlib.sha256((shared / "case.duckdb").read_bytes()).hexdigest()
    sql = "select as_of::varchar as d from settings"
    code = run(["query", "--sql", sql, "--db", str(shared / "case.duckdb"), "--as-of", "2025-10-01", "--format", "csv"])
    assert (code, capsys.readouterr().out) == (0, "d\n2025-10-01\n")
    assert hashlib.sha256((shared / "case.duckdb").read_bytes()).hexdigest() == before


@pytest.mark.parametrize("ending", ["csv", "ndjson"])
def test_answers_are_the_bytes_that_a_scan_writes(query, shared, tmp_path, ending):
    out = tmp_path / f"answers.{ending}"
    database = tmp_path / "case.duckdb"
    database.write_bytes((shared / "case.duckdb").read_bytes())
    assert run(["scan", "--db", str(database), "--as-of", AS_OF, "--out", str(out), "--exit-zero"]) == 0
    assert query("--sql", f"select * from answers {ORDER}", "--out", f"mine.{ending}")[0] == 0
    assert (tmp_path / f"mine.{ending}").read_bytes() == out.read_bytes()


@pytest.mark.parametrize("ending", ["csv", "ndjson", "md", "txt", "parquet", "xlsx"])
def test_a_file_holds_what_a_pipe_would(shared, tmp_path, monkeypatch, capfdbinary, ending):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    asked = ["query", "--sql", f"select * from answers {ORDER}", "--db", str(shared / "case.duckdb"), "--as-of", AS_OF]
    assert run([*asked, "--out", f"x.{ending}"]) == 0
    assert capfdbinary.readouterr().err == f"11 rows in x.{ending}\n".encode()
    form = ["--format", "table" if ending == "txt" else ending]
    assert run([*asked, *form]) == 0
    assert capfdbinary.readouterr().out == (tmp_path / f"x.{ending}").read_bytes()
    if ending in ("txt", "parquet"):
        # Of drawn tables and of bytes, one each by way of a process and a pipe.
        piped = subprocess.run([sys.executable, "-m", "auditscan", *asked, *form], capture_output=True, check=True)
        assert piped.stdout == (tmp_path / f"x.{ending}").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == [f"x.{ending}"]
    if ending == "parquet":
        assert pl.read_parquet(tmp_path / "x.parquet").height == 11
    if ending == "xlsx":
        assert zipfile.ZipFile(tmp_path / "x.xlsx").testzip() is None


def test_the_ending_of_the_file_wins_over_a_setting_and_yields_to_the_option(query, tmp_path, monkeypatch):
    monkeypatch.setenv("AUDITSCAN_FORMAT", "ndjson")
    query("--sql", "select 1 as a", "--out", "x.csv")
    assert (tmp_path / "x.csv").read_text() == "a\n1\n"
    query("--sql", "select 1 as a", "--out", "x.csv", "--format", "md")
    assert (tmp_path / "x.csv").read_text().startswith("| a |")
    assert query("--sql", "select 1 as a")[1] == '{"a":1}\n'


def test_a_file_that_fails_leaves_the_one_before(query, tmp_path):
    (tmp_path / "x.csv").write_text("before")
    sql = "select case when range = 299999 then error('late') end as a from range(300000)"
    assert query("--sql", sql, "--out", "x.csv")[0] == 2
    assert (tmp_path / "x.csv").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_nothing_is_written_among_the_logs_or_over_the_database(query, shared):
    before = sorted(shared.iterdir())
    assert query("--sql", "select 1", shared, "--out", shared / "x.csv", database=False)[0] == 2
    assert query("--sql", "select 1", shared / "log.ndjson", "--out", shared / "log.ndjson", database=False)[0] == 2
    assert query("--sql", "select 1", "--out", shared / "case.duckdb", "--format", "csv")[0] == 2
    assert sorted(shared.iterdir()) == before


def test_tables_are_cut_and_say_so_and_data_is_not(query, tmp_path):
    sql = "select range as a from range(1234)"
    _, out, err = query("--sql", sql)
    assert len(out.splitlines()) == 502
    assert err == "500 of 1,234 rows shown; --rows 0 shows all, --out FILE keeps all\n"
    assert len(query("--sql", sql, "--rows", 0)[1].splitlines()) == 1236
    _, out, err = query("--sql", sql, "--rows", 2, "--format", "md")
    assert (len(out.splitlines()), "2 of 1,234" in err) == (4, True)
    assert len(query("--sql", sql, "--rows", 2, "--format", "csv")[1].splitlines()) == 1235
    query("--sql", sql, "--rows", 2, "--out", "x.txt")
    assert len((tmp_path / "x.txt").read_text().splitlines()) == 1236


def test_wide_rows_stand_below_each_other_within_80_cells(query):
    _, out, _ = query("--sql", f"select * from answers {ORDER} limit 2")
    assert out.startswith("── 1 ─")
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out


def test_several_statements_give_the_last_result_and_say_so(query):
    code, out, err = query("--sql", "select 1 as a; select 2 as b", "--format", "csv")
    assert (code, out) == (0, "b\n2\n")
    assert "2 statements give rows" in err


def test_unsafe_is_said_and_leaves_the_database_alone(query, tmp_path):
    code, _, err = query("--sql", "copy (select 1 as a) to 'x.csv'", "--unsafe")
    assert code == 0
    assert err.startswith("--unsafe: SQL may now read and write any file")
    assert (tmp_path / "x.csv").exists()
    code, _, err = query("--sql", "delete from records", "--unsafe")
    assert (code, "reading only" in err) == (2, True)


def test_a_terminal_gets_no_binary(shared):
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "auditscan", "query", "--sql", "select 1", "--format", "xlsx"]
    done = subprocess.run(
        [*command, "--db", str(shared / "case.duckdb")], stdout=child, stderr=subprocess.PIPE, check=False
    )
    os.close(child)
    os.close(parent)
    assert done.returncode == 2
    assert b"--out result.xlsx" in done.stderr


def test_ctrl_c_leaves_nothing_behind(shared, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [
        sys.executable,
        "-m",
        "auditscan",
        "query",
        "--sql",
        ENDLESS,
        str(shared / "log.ndjson"),
        "--out",
        "x.csv",
    ]
    process = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, env={**os.environ, "TMPDIR": str(temporary)}
    )
    deadline = time.monotonic() + 60
    while not any(path.name == "judged.duckdb" and not path.stat().st_mode & 0o077 for path in temporary.rglob("*")):
        assert time.monotonic() < deadline
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.1)
    assert all(not path.stat().st_mode & 0o077 for path in temporary.iterdir())
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"interrupted" in err
    assert list(temporary.iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["temporary"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("select_states=Oregon", 9),
        ("select_states=or,texas", 10),
        ("select_recipients=ice", 11),
        ("select_verdicts=barred", None),
    ],
)
def test_the_words_of_parameters_are_looked_up(shared, capsys, given, found):
    assert run(["query", "headline", "--db", str(shared / "case.duckdb"), "--as-of", AS_OF, "-p", given,
                "--format", "ndjson"]) == 0  # fmt: skip
    counted = json.loads(capsys.readouterr().out)
    assert found is None or counted["transfers"] == found


@pytest.mark.parametrize(
    ("given", "proposed"),
    [
        ("select_states=Oragon", "did you mean oregon"),
        ("select_verdicts=enjoyed", "did you mean enjoined?"),
        ("select_recipients=icy", "ice"),
    ],
)
def test_a_word_that_stands_for_nothing_is_an_error_that_proposes(shared, capsys, given, proposed):
    assert run(["query", "by_state", "--db", str(shared / "case.duckdb"), "--as-of", AS_OF, "-p", given]) == 2
    said = capsys.readouterr().err
    assert "is not the word of a" in said
    assert proposed in said


def test_a_query_of_ones_own_says_what_kind_of_word_it_takes(shared, tmp_path, capsys):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "mine.sql").write_text(
        '/*\ntitle = "Mine"\ndescription = "Mine."\n[params.about]\ntype = "varchar"\nwords = "state"\n'
        "required = true\ndescription = \"A state.\"\n*/\nselect getvariable('about') as state;\n"
    )
    asked = ["query", "mine", "--queries", str(tmp_path), "--db", str(shared / "case.duckdb"), "--as-of", AS_OF]
    assert run([*asked, "-p", "about=new york", "--format", "csv"]) == 0
    assert capsys.readouterr().out.split() == ["state", "NY"]
    assert run([*asked, "-p", "about=nowhere"]) == 2


MISTAKES = {
    "a text stands in single quotation marks: 'enjoined'": 'select * from answers where verdict_now = "enjoined"',
    "write list_contains(states, 'CA')": "select * from answers where states = 'CA'",
    "write array_to_string(elements, ';') ilike '%ssn%'": "select * from answers where elements ilike '%ssn%'",
    "occurred_at is text": "select * from answers where occurred_at > date '2026-01-01'",
    "purpose is a column of": "select a.purpose from answers a",
    "`auditscan query by_week`": "select * from by_week",
}


@pytest.mark.parametrize("advice", MISTAKES)
def test_the_commonest_mistakes_come_with_what_to_do(shared, capsys, advice):
    assert run(["query", "--db", str(shared / "case.duckdb"), "--as-of", AS_OF, "--sql", MISTAKES[advice]]) == 2
    said = capsys.readouterr().err
    assert advice in said.partition("do:")[2]
    assert "\\t" not in said


def test_what_the_engine_proposes_has_no_marks_of_its_own(shared, capsys):
    assert run(["query", "--db", str(shared / "case.duckdb"), "--as-of", AS_OF, "--sql", "select substring(1, 2)"]) == 2
    said = capsys.readouterr().err
    assert "Candidate" in said
    assert "\\t" not in said
