"""The dot commands, and what happens to SQL, on a screen that remembers."""

from __future__ import annotations

import signal
import threading
import time

import pytest

from auditscan.errors import SqlError
from auditscan.prompt.commands import COMMANDS
from auditscan.prompt.conversation import Leave


def rows(seen):
    return [(entry[1], entry[2]) for entry in seen if entry[0] == "rows"]


def kinds(seen):
    return [entry[0] for entry in seen]


def test_statements_run_one_after_the_other(answer):
    assert rows(answer("select 1 as a; select 2 as b;\nselect\n3 as c;")) == [
        (("a",), [(1,)]),
        (("b",), [(2,)]),
        (("c",), [(3,)]),
    ]


def test_variables_live_as_long_as_the_session(answer):
    assert answer("set variable day = 'x';") == []
    assert rows(answer("select getvariable('day') as day;")) == [(("day",), [("x",)])]


def test_an_error_is_told_and_the_session_goes_on(answer):
    ((kind, message, where, _),) = answer("select nothing_such from answers;")
    assert (kind, message) == ("failed", 'Referenced column "nothing_such" not found in FROM clause!')
    line, caret = where.splitlines()
    assert line[caret.index("^") :].startswith("nothing_such")
    assert rows(answer("select 1 as a;")) == [(("a",), [(1,)])]


def test_an_error_ends_what_was_typed_with_it(answer):
    assert kinds(answer("select 1 as a;\nselect x;\nselect 2 as b;")) == ["rows", "failed"]


def test_what_writes_is_refused_before_anything_runs(answer):
    ((kind, message, where, _),) = answer("select 1; copy answers to 'x.csv';")
    assert kind == "failed"
    assert message.startswith("COPY reads or writes files")
    assert where.startswith("statement 2 of 2")


def test_a_parameter_is_told_how_to_be_a_variable(answer):
    ((_, message, _, hint),) = answer("select $day::date;")
    assert "$day" in message
    assert "set variable day = VALUE" in hint


def test_ctrl_c_stops_a_statement_and_not_the_session(answer):
    timer = threading.Timer(0.5, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT))
    timer.start()
    begun = time.monotonic()
    assert answer("select count(*) from range(10000000) a, range(10000000) b;") == [
        ("note", "stopped: there is no answer")
    ]
    assert time.monotonic() - begun < 20
    assert rows(answer("select 1 as a;")) == [(("a",), [(1,)])]


def test_a_fault_of_ours_leaves_the_session_open(talk, answer, monkeypatch):
    monkeypatch.setattr(talk.screen, "query", lambda query: 1 / 0)
    ((kind, error),) = answer(".show headline")
    assert (kind, type(error)) == ("fault", ZeroDivisionError)


def test_help_names_every_command_and_tells_of_the_history(answer, talk, tmp_path):
    ((_, text),) = answer("help")
    assert all(f".{name}" in text for name in COMMANDS)
    assert "No line is kept" in text
    talk.history = tmp_path / "lines"
    ((_, text),) = answer(".help")
    assert str(tmp_path / "lines") in text
    assert "--no-history" in text
    assert max(len(line) for line in text.replace(str(tmp_path), "").splitlines()) <= 80


def test_tables_and_schema_say_what_things_mean(answer):
    ((columns, found),) = rows(answer(".tables"))
    assert columns == ("name", "kind", "row_count", "comment")
    assert found[0][0] == "answers"
    assert all(row[3] for row in found)
    ((columns, found),) = rows(answer(".schema answers"))
    assert columns == ("column_name", "column_type", "comment")
    assert ("verdict_now", "VARCHAR") in [row[:2] for row in found]
    assert all(row[2] for row in found)
    assert rows(answer(".schema auditscan.ANSWERS;")) == [(columns, found)]
    assert rows(answer("describe answers;")) == [(columns, found)]
    ((_, every),) = rows(answer(".schema"))
    assert [row[1:] for row in every if row[0] == "answers"] == found


def test_queries_are_found_by_a_word(answer):
    ((_, names),) = answer(".queries")
    assert {"headline", "enjoined_category"} <= set(names)
    assert "judge" not in names
    ((_, some),) = answer(".queries HEADLINE")
    assert "headline" in some
    assert set(some) < set(names)
    assert kinds(answer(".queries zzz")) == ["failed"]


def test_show_and_run(answer):
    assert answer(".show judge") == [("query", "judge")]
    ((columns, found),) = rows(answer(".run by_state select_states=TX"))
    assert "TX" in [row[columns.index("state")] for row in found]
    ((columns, _),) = rows(answer(".run enjoined_category;"))
    assert columns[0] == "disclosure_id"


@pytest.mark.parametrize(
    ("typed", "said", "hint"),
    [
        (".tabels", "there is no command .tabels", "did you mean .tables?"),
        (".", "there is no command .", ".help lists them"),
        (".5", "there is no command .5", ".help lists them"),
        (".tables answers", ".tables takes nothing behind it", "write .tables"),
        (".show", ".show needs to know of what", "write .show NAME"),
        (".show hedline", "no query is named 'hedline'", "did you mean headline"),
        (".schema answrs", "there is no table or view 'answrs'", "did you mean answers"),
        (".run by_state states", "'states' is no parameter", "NAME=VALUE"),
        (".run by_state a=1 a=2", "by_state has no parameter 'a'", ""),
        (".run by_state select_from=x", "'x' is no date", "select_from=2025-06-01"),
        (".run by_state select_states='TX", "a quotation mark is open", None),
        (".run words", "words is no question but a schema query", ""),
        (".explain T-9", "no transfer has the id 'T-9'", "did you mean"),
        (".rows many", "'many' is no number of rows", ".rows 100"),
        (".rows -1", "'-1' is no number of rows", ".rows 100"),
        (".timer maybe", "'maybe' is neither on nor off", ".timer on"),
        (".format xlsx", "'xlsx' is no format for the screen", ".out FILE"),
        (".format tabel", "'tabel' is no format", "did you mean table?"),
        (".out result", "the name does not say which format", "rename it"),
    ],
)
def test_what_cannot_be_done_says_why(answer, typed, said, hint):
    ((kind, message, _, found),) = answer(typed)
    assert kind == "failed"
    assert message.startswith(said)
    assert (found is None) if hint is None else hint in found


def test_explain_leaves_the_tables_as_they_are(answer):
    before = rows(answer("select count(*) from kept_records;"))
    assert answer(".explain T-2") == [("explained", ["enjoined"])]
    assert answer(".explain =1+1 | <b>") == [("explained", ["review"])]
    assert rows(answer("select count(*) from kept_records;")) == before


def test_how_results_look(answer, talk, tmp_path):
    assert answer(".rows 7") == [("note", "tables show the first 7 rows")]
    assert answer(".rows 0") == [("note", "tables show all rows")]
    answer(".format CSV")
    assert (talk.look.form, talk.look.rows) == ("csv", 0)
    answer(f".out {tmp_path}/x.parquet")
    assert answer("select 1 as a; select 2 as b;") == [
        ("rows", ("a",), [(1,)], "csv", tmp_path / "x.parquet"),
        ("rows", ("b",), [(2,)], "csv", None),
    ]
    answer(".timer on")
    assert kinds(answer("select 1 as a;")) == ["rows", "note"]
    answer(".timer off")
    assert kinds(answer("select 1 as a;")) == ["rows"]


def test_a_list_of_tables_is_whole_whatever_was_asked_for(answer, talk):
    answer(".rows 7")
    answer(".tables")
    assert talk.look.rows == 7


@pytest.mark.parametrize("typed", [".quit", ".exit", ".q;", "quit", "exit;", "select 1;\n.quit"])
def test_ways_to_leave(talk, typed):
    with pytest.raises(Leave):
        talk.answer(typed)


def test_unwatched_lines_end_at_the_first_error(talk):
    lines = ["select 1 as a;\n", "\n", "select\n", "x;\n", "select 2 as b;\n"]
    with pytest.raises(SqlError) as caught:
        talk.answer_all(lines, keep_going=False)
    assert caught.value.where.startswith("standard input, line 3\nLINE 2: x")
    assert rows(talk.screen.seen) == [(("a",), [(1,)])]


def test_unwatched_lines_can_go_on_and_still_tell(talk):
    assert talk.answer_all(["select x;\n", ".explain T-9\n", "select 2 as b\n"], keep_going=True) == 2
    assert kinds(talk.screen.seen) == ["failed", "failed", "rows"]
    assert talk.answer_all(["select 1;\n", ".quit\n", "select x;\n"], keep_going=False) == 0
