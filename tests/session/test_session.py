"""A session as Python callers and commands use it: statements, parameters, limits, errors, Ctrl-C."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading

import pytest

from auditscan.errors import LimitError, SqlError, StoreError, UsageError
from auditscan.library import Library
from auditscan.session.locked import Limits, open_session

LIBRARY = Library.shipped()
ENDLESS = "select count(*) as n from range(10000000) a, range(1000000) b where a.range * b.range % 7 = 3"
ENDLESS_STREAM = "select a.range from range(10000000) a, range(1000000) b where a.range * b.range = -3"


def rows(result):
    return result.frame().rows()


def test_the_last_of_several_statements_gives_the_result(session):
    assert rows(session.run("select 1 as a; set variable x = 5; select getvariable('x') as b")) == [(5,)]


def test_each_statement_gives_a_result_for_those_who_want_all(session):
    results = session.run_each("select 1 as a; set variable x = 5; select getvariable('x') as b")
    assert [rows(result) for result in results] == [[(1,)], [], [(5,)]]


def test_nothing_runs_where_a_later_statement_is_refused(session):
    with pytest.raises(SqlError) as caught:
        session.run("set variable y = 1; delete from records")
    assert "statement 2 of 2" in caught.value.where
    assert rows(session.run("select getvariable('y') as y")) == [(None,)]


@pytest.mark.parametrize(
    "text",
    [
        "from records",
        "table records",
        "values (1)",
        "with a as (select 1) from a",
        "(select 1)",
        "describe records",
        "show tables",
        "summarize records",
        "explain select 1",
        "EXPLAIN ANALYZE (select 1)",
        "explain (format json) select 1",
        "pivot (values (1, 2), (3, 4)) t (a, b) on a using sum(b)",
        "unpivot (select 1 as a) on a",
        "select * from test_all_types()",
        ";;; select 1 ;;;",
        "-- what?\n/* and /* why */ */ select 1",
    ],
)
def test_questions_of_every_kind_are_answered(session, text):
    assert session.run(text).frame().width > 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no SQL"),
        (" \n;;\n", "no SQL"),
        ("-- only this", "no SQL"),
        ("select 'a", "unterminated"),
        ("/* a", "unterminated"),
        ("select \0 1", "NUL"),
        ("select 1 +", "syntax error"),
        ("x" * 10_000_000, "syntax error"),
        ("(" * 5000, "syntax error"),
        ("select nope from records", 'column "nope" not found'),
        ("select * from anwsers", "anwsers"),
        ("select 1 // 0", "Division by zero"),
        ("select error('of mine')", "of mine"),
        ("\ufeff", "no SQL"),
    ],
)
def test_junk_is_refused_in_a_sentence(session, text, said):
    with pytest.raises(SqlError) as caught:
        session.run(text).frame()
    assert said in caught.value.message
    assert len(str(caught.value)) < 2000
    assert rows(session.run("select 1 as a")) == [(1,)]


def test_an_error_shows_the_line_and_the_place(session):
    with pytest.raises(SqlError) as caught:
        session.run("select 1;\nselect\n  nope\nfrom records")
    assert caught.value.where == "LINE 3:   nope\n          ^^^^"
    with pytest.raises(SqlError) as caught:
        session.run("select\n  cast('x' as integer)\nfrom records").frame()
    assert caught.value.where.startswith("LINE 2: ")


def test_a_text_of_ten_megabytes_runs(session):
    assert rows(session.run(f"select len('{'x' * 10_000_000}') as n")) == [(10_000_000,)]


def test_parameters_are_bound_and_each_statement_gets_its_own(session):
    found = session.run(
        "set variable a = $first; select getvariable('a') as a, $Second::integer as b",
        {
            "first": "'; drop table records; --",
            "second": "3",
        },
    )
    assert rows(found) == [("'; drop table records; --", 3)]


@pytest.mark.parametrize(
    ("text", "given", "said"),
    [
        ("select $state", {}, "$state, which has no value"),
        ("select $state", {"stat": "CA"}, "did you mean stat"),
        ("select $a", {"a": 1, "b": 2}, "no statement names the parameter $b"),
        ("select ?", {}, "names here"),
        ("select $1", {"1": 1}, None),
    ],
)
def test_parameters_must_match(session, text, given, said):
    if said is None:
        assert rows(session.run(text, given)) == [(1,)]
        return
    with pytest.raises(UsageError) as caught:
        session.run(text, given)
    assert said in f"{caught.value.message} {caught.value.hint}"


def test_a_library_query_runs_with_its_defaults_whatever_the_session_set(session):
    everything = rows(session.run_query("by_recipient"))
    session.run("set variable select_recipients = ['nobody']")
    assert rows(session.run_query("by_recipient")) == everything
    narrowed = rows(session.run_query("by_recipient", {"select_states": ["TX"]}))
    assert narrowed != everything
    assert rows(session.run_query("by_recipient")) == everything
    assert rows(session.run("select getvariable('select_recipients') as v")) == [(["nobody"],)]
    assert rows(session.run("select getvariable('select_states') as v")) == [(None,)]


def test_a_rule_gives_its_hits(session):
    assert session.run_query("enjoined_category").columns[1:] == ("evidence", "citation", "certainty")


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("by_stat", {}, "by_stat"),
        ("judge", {}, "no question"),
        ("by_state", {"select_stats": ["CA"]}, "select_stats"),
        ("by_state", {"select_states": 5}, "5"),
        ("explain_records", {}, "explain_id"),
    ],
)
def test_a_library_query_is_checked(session, name, given, said):
    with pytest.raises(UsageError) as caught:
        session.run_query(name, given)
    assert said in caught.value.message


def test_one_result_at_a_time(session):
    first = session.run("select * from range(1000000)")
    assert rows(session.run("select 1 as a")) == [(1,)]
    with pytest.raises(SqlError, match="gone"):
        first.frame()


def test_two_sessions_in_one_process_have_limits_of_their_own(database):
    with (
        open_session(database, LIBRARY, limits=Limits(seconds=0.5)) as short,
        open_session(database, LIBRARY, limits=Limits(memory="100MB")) as small,
    ):
        with pytest.raises(LimitError) as caught:
            short.run(ENDLESS).frame()
        assert "--timeout" in caught.value.hint
        with pytest.raises(LimitError) as caught:
            small.run("select * from range(100000000) t (a) order by hash(a)").frame()
        assert "--memory" in caught.value.hint
        assert rows(short.run("select 1 as a")) == rows(small.run("select 1 as a"))


def test_a_limit_is_met_while_rows_stream_too(database):
    with open_session(database, LIBRARY, limits=Limits(seconds=0.5)) as session, pytest.raises(LimitError):
        session.run(ENDLESS_STREAM).frame()


def test_an_error_in_the_middle_of_a_stream_is_one_of_ours(session):
    with pytest.raises(SqlError, match="late"):
        session.run("select case when range = 2999999 then error('late') end as a from range(3000000)").frame()


@pytest.mark.parametrize(
    "limits", [Limits(memory="much"), Limits(memory="1' ; select 1"), Limits(seconds=-1), Limits(threads=0)]
)
def test_limits_are_checked(database, limits):
    with pytest.raises(UsageError):
        open_session(database, LIBRARY, limits=limits)


def test_what_is_no_database_of_ours_is_refused(tmp_path):
    import duckdb

    junk = tmp_path / "junk.duckdb"
    junk.write_bytes(b"junk" * 1000)
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("create table t (a integer)")
    for path in (junk, other, tmp_path, tmp_path / "none"):
        with pytest.raises(StoreError):
            open_session(path, LIBRARY)


def test_a_path_is_quoted(database, tmp_path):
    odd = tmp_path / 'it\'s "odd";\n--.duckdb'
    odd.write_bytes(database.read_bytes())
    with open_session(odd, LIBRARY) as session:
        assert rows(session.run("select count(*) as n from records")) == [(6,)]


def test_without_the_lock_files_are_open_and_the_database_is_not(database, tmp_path):
    target = tmp_path / "out.csv"
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    with open_session(database, LIBRARY, unsafe=True) as session:
        session.run("copy (select 1 as a) to '" + str(target) + "'")
        assert rows(session.run(f"select * from '{target}'")) == [(1,)]
        for text in ("delete from records", "create table auditscan.main.t (a integer)"):
            with pytest.raises(SqlError, match="reading only"):
                session.run(text)
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before


def test_a_closed_session_says_so(database):
    session = open_session(database, LIBRARY)
    session.close()
    session.close()
    with pytest.raises(UsageError, match="closed"):
        session.run("select 1")


def test_variables_and_tables_and_descriptions(session):
    assert {"answers", "records", "settings"} <= set(session.tables())
    described = session.run("describe answers")
    assert described.columns[:2] == ("column_name", "column_type")
    assert described.frame()["column_name"][0] == "transfer_id"


@pytest.mark.parametrize(
    "text", [ENDLESS, ENDLESS_STREAM, f"set variable a = ({ENDLESS})", f"explain analyze {ENDLESS}"]
)
def test_ctrl_c_stops_a_statement_and_the_session_goes_on(session, text):
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        session.run(text).frame()
    timer.join()
    assert rows(session.run("select 1 as a")) == [(1,)]


def test_importing_a_session_imports_no_engine():
    code = "import auditscan.session.locked, sys; print([m for m in ('duckdb', 'polars', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
