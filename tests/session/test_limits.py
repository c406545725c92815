"""What ends a statement that takes too long, whether it looks up from its work or not."""

from __future__ import annotations

import signal
import threading
import time

import pytest

from auditscan.errors import LimitError, SqlError, UsageError
from auditscan.library import Library
from auditscan.session import engine
from auditscan.session.locked import Limits, Session, open_session

LIBRARY = Library.shipped()

LONG = 600_000
"""Milliseconds that nobody waits for: whoever does, is told from whoever does not on the busiest machine, too."""
SOON = 120
"""Seconds, of which a second or two are needed."""


@pytest.fixture
def deaf(database, monkeypatch):
    """A session with little time, whose engine heeds no interruption."""
    monkeypatch.setattr(engine, "GRACE_SECONDS", 0.3)
    monkeypatch.setattr(Session, "_interrupt_asked", lambda _: None)
    with open_session(database, LIBRARY, limits=Limits(seconds=0.3)) as session:
        yield session
    session.connection.interrupt()


def seconds(call):
    begun = time.monotonic()
    with pytest.raises((LimitError, KeyboardInterrupt)) as caught:
        call()
    return time.monotonic() - begun, caught.value


@pytest.mark.parametrize(
    "sql",
    [
        f"select sleep_ms({LONG})",
        "select jaro_similarity(repeat('ab', 600000), repeat('ba', 600000))",
        f"select count(*) from json_tree('{'[' * 300_000}{']' * 300_000}')",
    ],
    ids=["sleeps", "one function", "planning"],
)
def test_what_does_not_look_at_the_clock_is_interrupted_and_the_session_goes_on(database, monkeypatch, sql):
    # Some heed it late, and later on a busy machine.
    monkeypatch.setattr(engine, "GRACE_SECONDS", 30)
    with open_session(database, LIBRARY, limits=Limits(seconds=0.2)) as session:
        took, error = seconds(lambda: session.run(sql).frame())
        assert took < SOON
        assert error.message.startswith("stopped after 0.2 seconds")
        assert session.run("select count(*) as n from records").frame().rows() == [(6,)]


def test_what_heeds_nothing_costs_the_session_and_not_the_caller(deaf):
    took, error = seconds(lambda: deaf.run(f"select sleep_ms({LONG})").frame())
    assert took < SOON
    assert "so the session has ended" in error.message
    assert deaf.lost
    with pytest.raises(UsageError, match="could not be stopped"):
        deaf.run("select 1")
    begun = time.monotonic()
    deaf.close()
    assert time.monotonic() - begun < SOON


def test_ctrl_c_waits_no_longer_than_that_either(deaf):
    threading.Timer(0.1, signal.raise_signal, (signal.SIGINT,)).start()
    took, error = seconds(lambda: deaf.run(f"select sleep_ms({LONG})").frame())
    assert took < SOON
    assert "after it was stopped" in error.message


def test_closing_waits_no_longer_than_that_either(deaf):
    asking = threading.Thread(target=lambda: seconds(lambda: deaf.run(f"select sleep_ms({LONG})").frame()))
    asking.start()
    time.sleep(0.1)
    begun = time.monotonic()
    deaf.close()
    assert time.monotonic() - begun < SOON
    asking.join()


def test_a_session_knows_its_memory(database):
    for memory, least in (("2GB", 1.9e9), ("100MB", 9e7), ("8GiB", 8e9)):
        with open_session(database, LIBRARY, limits=Limits(memory=memory)) as session:
            assert least < session.memory() < 1.2 * least


def test_a_text_of_more_statements_than_anybody_waits_for(session):
    with pytest.raises(SqlError, match="100,000 statements in one text"):
        session.run("select 1; " * 100_000)
