"""The prompt, driven by keys."""

from __future__ import annotations

import stat
import threading
import time

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from auditscan.errors import UsageError
from auditscan.prompt.completer import SqlCompleter, names_of
from auditscan.prompt.history import Lines, history_file
from auditscan.prompt.terminal import converse

CTRL_C, CTRL_D, ENTER, ESCAPE, UP, TAB = "\x03", "\x04", "\r", "\x1b", "\x1b[A", "\t"


@pytest.fixture
def typed(talk):
    """Press keys until the session is left; return what the screen got."""

    def typed(keys, history=None, completer=None):
        with create_pipe_input() as source:
            source.send_text(keys)
            converse(talk, history or InMemoryHistory(), completer, source=source, output=DummyOutput())
        return talk.screen.seen

    return typed


def values(seen):
    return [entry[2] for entry in seen if entry[0] == "rows"]


def test_a_statement_goes_on_until_its_semicolon(typed):
    assert values(typed(f"select{ENTER}1{ENTER}as a;{ENTER}{CTRL_D}")) == [[(1,)]]


def test_a_command_ends_with_its_line(typed):
    assert [entry[0] for entry in typed(f".show headline{ENTER}{ENTER}{CTRL_D}")] == ["query"]


def test_a_semicolon_in_a_string_ends_nothing(typed):
    assert values(typed(f"select ';{ENTER}' as a;{ENTER}{CTRL_D}")) == [[(";\n",)]]


def test_ctrl_c_drops_what_was_typed(typed):
    assert values(typed(f"select 1{CTRL_C}select 2;{ENTER}{CTRL_D}")) == [[(2,)]]


def test_quit_leaves_and_so_does_ctrl_d(typed):
    assert typed(f"quit{ENTER}select 1;{ENTER}") == []
    assert typed(f"{CTRL_D}select 1;{ENTER}") == []


def test_a_new_line_can_be_put_into_what_has_ended(typed):
    assert values(typed(f"select 1;{ESCAPE}{ENTER}select 2;{ENTER}{CTRL_D}")) == [[(1,)], [(2,)]]


def test_a_completion_that_was_chosen_is_taken_before_anything_runs(talk, session):
    with create_app_session() as here, create_pipe_input() as source:

        def chosen():
            state = here.app.current_buffer.complete_state if here.app else None
            return state and (state.completions, state.current_completion)

        def press():
            # Completion comes beside the keys: those that follow it have to wait for it.
            for ready, keys in (
                (lambda: (chosen() or [None])[0], TAB),
                (lambda: (chosen() or [None, None])[1], f"{ENTER}{ENTER}{CTRL_D}"),
            ):
                deadline = time.monotonic() + 30
                while not ready() and time.monotonic() < deadline:
                    time.sleep(0.01)
                source.send_text(keys)

        source.send_text(".hel")
        thread = threading.Thread(target=press)
        thread.start()
        converse(talk, InMemoryHistory(), SqlCompleter(names_of(session)), source=source, output=DummyOutput())
        thread.join()
    assert [entry[0] for entry in talk.screen.seen] == ["text"]


def test_lines_are_kept_but_for_those_that_begin_with_a_blank(typed, tmp_path):
    path = tmp_path / "state" / "lines"
    typed(f"select 1;{ENTER} select 2;{ENTER}select{ENTER}3;{ENTER}{CTRL_D}", history=Lines(path))
    kept = path.read_text()
    assert "+select 1;\n" in kept
    assert "+select\n+3;\n" in kept
    assert "2" not in [line[1:] for line in kept.splitlines() if line.startswith("+")]
    assert "select 2" not in kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_earlier_lines_come_back(typed, tmp_path):
    path = tmp_path / "lines"
    typed(f"select 1;{ENTER}{CTRL_D}", history=Lines(path))
    path.chmod(0o644)
    assert values(typed(f"{UP}{ENTER}{CTRL_D}", history=Lines(path))) == [[(1,)], [(1,)]]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_history_that_cannot_be_kept_is_told(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "real").touch()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name in ("folder", "link", "real/below"):
        with pytest.raises(UsageError) as caught:
            Lines(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value)


def test_junk_in_the_history_is_borne(typed, tmp_path):
    path = tmp_path / "lines"
    path.write_bytes(b"\x00\xff+\n+select \xff;\n\n+")
    assert values(typed(f"{UP}{CTRL_C}select 1;{ENTER}{CTRL_D}", history=Lines(path))) == [[(1,)]]


def test_the_history_lies_in_the_users_own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert history_file() == tmp_path / "auditscan" / "sql_history"
    assert not history_file().exists()
