"""`auditscan sql` on a terminal: the prompt, what ends it, and the IDE that opens instead of it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from auditscan.cli.ide import is_there

# --- the prompt ----------------------------------------------------------------------------------


def written(home):
    """The files below it but those that every command works out once: they hold what comes with auditscan."""
    return [path for path in home.rglob("*") if path.is_file() and path.parent.name != "made"]


def test_a_session_on_a_terminal(terminal, tmp_path):
    screen = terminal("--no-ide")
    banner = screen.wait_for("auditscan>")
    assert "4 transfers, as of 1 March 2026" in " ".join(banner.split())
    assert "(R2)" in banner
    assert "Read-only and locked" in banner
    assert ".help" in banner
    screen.type("select 1 as one;\r")
    screen.wait_for(r"one\n───\n  1\n1 row\n")
    screen.type("select nothing;\r")
    screen.wait_for('Referenced column "nothing"')
    screen.wait_for("auditscan>")
    screen.type("\x04")
    assert screen.end()[0] == 0
    (kept,) = written(tmp_path / "home")
    assert kept.name == "sql_history"
    assert "+select 1 as one;" in kept.read_text()


def test_no_history_keeps_nothing(terminal, tmp_path):
    screen = terminal("--no-ide", "--no-history")
    screen.wait_for("auditscan>")
    screen.type("select 1 as one;\r")
    screen.wait_for("1 row\n")
    screen.type("quit\r")
    assert screen.end()[0] == 0
    assert written(tmp_path / "home") == []


def test_what_is_higher_than_the_terminal_is_paged(terminal, tmp_path):
    pager = tmp_path / "pager"
    pager.write_text('#!/bin/sh\necho "PAGED $LESSSECURE $LESSHISTFILE"; wc -l\n')
    pager.chmod(0o700)
    screen = terminal("--no-ide", PAGER=str(pager))
    screen.wait_for("auditscan>")
    screen.type("from range(10);\r")
    assert "PAGED" not in screen.wait_for("10 rows\n")
    screen.type("from range(100);\r")
    screen.wait_for(r"PAGED 1 -\n *102\n100 rows\n")


@pytest.mark.parametrize("pager", ["", "/nowhere/at/all", "'"])
def test_a_pager_that_is_not_there_is_done_without(terminal, pager):
    screen = terminal("--no-ide", PAGER=pager)
    screen.wait_for("auditscan>")
    screen.type("from range(100);\r")
    assert "\n   99\n" in screen.wait_for("100 rows\n")


def test_ctrl_c_stops_the_statement_and_not_the_session(terminal):
    screen = terminal("--no-ide")
    screen.wait_for("auditscan>")
    screen.type("select count(*) from range(10000000) a, range(10000000) b;\r")
    time.sleep(1.5)
    screen.process.send_signal(signal.SIGINT)
    screen.wait_for("stopped: there is no answer", seconds=30)
    screen.wait_for("auditscan>")
    screen.type("select 1 as one;\r")
    screen.wait_for("1 row\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("running", [False, True])
def test_signals_that_end_leave_nothing_behind(terminal, database, tmp_path, number, running):
    screen = terminal("--no-ide", where=[str(database.parent / "a.ndjson")])
    screen.wait_for("auditscan>")
    assert len(list((tmp_path / "temporary").iterdir())) == 1
    if running:
        screen.type("select count(*) from range(10000000) a, range(10000000) b;\r")
    # The prompt is drawn a moment before its event loop waits, and an exception raised in between can be lost there.
    time.sleep(1)
    screen.process.send_signal(number)
    assert screen.end(30)[0] == 130
    assert list((tmp_path / "temporary").iterdir()) == []


# --- the IDE -------------------------------------------------------------------------------------

STAND_IN = """
import json, os, pathlib, sys
home = pathlib.Path.home()
(home / "history").write_text("select ssn")
init = sys.argv[sys.argv.index("--init-path") + 1]
pathlib.Path(os.environ["SEEN"]).write_text(json.dumps({
    "arguments": sys.argv[1:],
    "init": pathlib.Path(init).read_text(),
    "home": str(home),
    "variables": {name: value for name, value in os.environ.items() if name.startswith(("XDG_", "HARLEQUIN_"))},
    "file": pathlib.Path(sys.argv[-1]).is_file(),
}))
print("the IDE is here")
sys.exit(int(os.environ.get("ENDS_WITH", "0")))
"""


@pytest.fixture
def ide(terminal, environment, tmp_path):
    """Start the session where a module named harlequin stands in for the IDE; return exit code, text and notes."""
    package = tmp_path / "stand-in" / "harlequin"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(STAND_IN)
    environment["PYTHONPATH"] += os.pathsep + str(package.parent)
    environment["SEEN"] = str(tmp_path / "seen.json")

    def ide(*arguments, where=None, **variables):
        code, shown = (screen := terminal(*arguments, where=where, **variables)).end()
        seen = Path(environment["SEEN"])
        return code, screen.shown or shown, json.loads(seen.read_text()) if seen.exists() else None

    return ide


def test_the_ide_opens_where_it_is_installed(ide, database, tmp_path):
    code, shown, seen = ide("--rows", "70", HARLEQUIN_THEME="nord")
    assert code == 0
    assert "the IDE is here" in shown
    arguments = seen["arguments"]
    assert {"--read-only", "--no-write-history"} <= set(arguments)
    assert arguments[arguments.index("--locale") + 1] == "C"
    assert arguments[arguments.index("--limit") + 1] == "70"
    assert arguments[-2:] == ["--", str(database)]
    # What it writes goes into a folder that is gone by now.
    assert Path(seen["home"]).parent == tmp_path / "temporary"
    assert not Path(seen["home"]).exists()
    assert all(value.startswith(seen["home"]) for value in seen["variables"].values())
    assert len(seen["variables"]) == 4


def test_its_first_file_locks_what_a_session_locks(ide, database, tmp_path):
    _, _, seen = ide("--timeout", "7", "--threads", "1", "--memory", "300MB")
    code = (
        "import duckdb, json, sys; init, file, passwd = sys.argv[1:]\n"
        "con = duckdb.connect(file, read_only=True)\n"
        "for line in init.splitlines(): con.execute(line).fetchall()\n"
        "print(con.execute(\"select current_setting('max_execution_time'), current_setting('threads')\").fetchall())\n"
        "print(con.execute('select count(*) from answers').fetchall())\n"
        "for text in (f\"from read_text('{passwd}')\", \"copy (select 1) to 'x.csv'\", 'set threads = 2',\n"
        "             'drop view answers', \"attach ':memory:' as other\", 'set enable_external_access = true'):\n"
        "    try: con.execute(text).fetchall(); print('RAN', text)\n"
        "    except duckdb.Error as error: print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, seen["init"], str(database), "/etc/passwd"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    settings, count, *refused = done.stdout.splitlines()
    assert re.fullmatch(r"\[\('?7000'?, 1\)\]", settings)
    assert count == "[(4,)]"
    assert refused == ["refused"] * 6


def test_unsafe_opens_the_ide_without_the_lock(ide):
    code, shown, seen = ide("--unsafe")
    assert code == 0
    assert "--unsafe: " in shown
    assert "lock_configuration" not in seen["init"]
    assert "--read-only" in seen["arguments"]


def test_logs_open_in_the_ide_too_and_leave_nothing(ide, database, tmp_path):
    _, _, seen = ide(where=[str(database.parent / "a.ndjson")])
    assert seen["file"]
    assert not Path(seen["arguments"][-1]).exists()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_an_ide_that_fails_is_told(ide):
    code, shown, _ = ide(ENDS_WITH="2")
    assert code == 1
    assert "harlequin ended with an error" in shown
    assert "--no-ide" in shown


def test_a_pipe_does_not_open_it(outside, ide, environment):
    assert outside("select 1 as one;")[1].startswith("one\n")
    code, _, err = outside("select 1;", "--ide")
    assert code == 2
    assert "needs a terminal" in err
    assert not Path(environment["SEEN"]).exists()


@pytest.mark.skipif(is_there(), reason="harlequin is installed")
def test_asking_for_an_ide_that_is_not_installed_says_how_to_get_it(piped):
    code, _, err = piped("select 1;", "--ide")
    assert code == 2
    assert "auditscan[ide]" in err
