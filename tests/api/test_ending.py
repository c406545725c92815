"""How a session ends, alone and among others, and that nothing is left behind."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading

import pytest

import auditscan
from api import AS_OF, left, transfer, verdicts, write


def test_after_closing(kept, tmp_path):
    session = auditscan.connect(kept, as_of=AS_OF)
    answers = session.answers()
    session.close()
    session.close()
    assert "closed" in repr(session)
    assert session.complete
    for ask in (
        lambda: session.sql("select 1"),
        lambda: session.query("headline"),
        lambda: session.explain("T-1"),
        session.tables,
        lambda: session.describe("answers"),
        session.accounting,
        lambda: session.diff("base", "base"),
        session.sweep,
        session.answers,
        lambda: session.duckdb,
        answers.collect,
    ):
        with pytest.raises(auditscan.UsageError, match="this session is closed"):
            ask()
    assert left(tmp_path) == []


def test_the_temporary_database_is_private_and_goes(kept, tmp_path):
    session = auditscan.connect(kept.with_name("log.ndjson"), as_of=AS_OF)
    folders = list((tmp_path / "temporary").iterdir())
    assert folders
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}
    session.close()
    assert left(tmp_path) == []


def test_a_session_that_is_forgotten_goes(kept, tmp_path):
    log = kept.with_name("log.ndjson")
    answers = auditscan.connect(log, as_of=AS_OF).answers()
    gc.collect()
    # The frame holds the session: it can still be collected.
    assert answers.collect().height == 5
    del answers
    gc.collect()
    assert left(tmp_path) == []


def test_a_program_that_never_closes_leaves_nothing(kept, tmp_path):
    code = (
        "import auditscan, sys; s = auditscan.connect(sys.argv[1], as_of='2026-03-01');"
        "s.sql('select 1'); a = s.answers(); a.collect(); s.query('headline'); print(s)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(kept.with_name("log.ndjson"))],
        env=os.environ | {"TMPDIR": str(tmp_path / "temporary")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "<auditscan.Session: 5 transfers as of 2026-03-01, complete>\n"
    assert "Traceback" not in done.stderr
    assert left(tmp_path) == []


def test_two_sessions_on_one_file(kept):
    with auditscan.connect(kept, as_of=AS_OF) as one, auditscan.connect(kept, as_of=AS_OF, unsafe=True) as two:
        one.sql("set variable x = 1")
        assert two.sql("select getvariable('x') as x").item() is None
        with pytest.raises(auditscan.SqlError):
            one.sql("select * from glob('/*')")
        assert two.sql("select count(*) from glob('/*')").item()
        assert verdicts(one) == verdicts(two)


def test_a_session_keeps_what_it_opened(kept, tmp_path):
    file = tmp_path / "case.duckdb"
    file.write_bytes(kept.read_bytes())
    with auditscan.connect(file, as_of=AS_OF) as session:
        auditscan.scan(write(tmp_path / "more.ndjson", transfer(20, transfer_id="NEW")), db=file, as_of=AS_OF)
        assert session.sql("select count(*) from answers").item() == 5
        assert session.answers().collect().height == 5
        with pytest.raises(auditscan.NoInputError):
            session.explain("NEW")
    with auditscan.connect(file, as_of=AS_OF) as session:
        assert session.explain("NEW").height


def test_threads_take_turns(session):
    expected = session.answers().collect()
    errors = []

    def work(number):
        try:
            for _ in range(3):
                assert session.sql("select $n as n, count(*) as c from answers", n=number).row(0) == (number, 5)
                assert session.query("then_and_now").height == 16
            assert session.answers().collect().equals(expected)
            assert session.explain("T-1")["severity"][0] == "enjoined"
            assert session.diff("base", "names-permitted").headline["changed_now"] == 1
        except (AssertionError, auditscan.AuditscanError) as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_closing_stops_what_runs(kept):
    session = auditscan.connect(kept, as_of=AS_OF, timeout=0)
    said = []

    def work():
        try:
            session.sql("select sum(a.range * b.range) from range(100000000) a, range(100000000) b")
        except auditscan.AuditscanError as error:
            said.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(0.5)
    session.close()
    thread.join(20)
    assert not thread.is_alive()
    assert len(said) == 1
