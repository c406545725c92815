"""`auditscan sql` from outside: a script in a pipe, the prompt on a terminal, and the IDE beside it."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

import asking
from auditscan.cli import run
from auditscan.cli.ide import is_there

COMMAND = [sys.executable, "-m", "auditscan", "sql"]
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


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return asking.kept_in(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def environment(tmp_path):
    """A home and a folder for temporary files of its own."""
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AUDITSCAN_", "XDG_", "LESS", "LINES", "COLUMNS"))
    }
    kept |= {"HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "temporary"), "TERM": "xterm"}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}


@pytest.fixture
def piped(database, environment, tmp_path):
    """Run a script through the standard input of this process; return exit code, output and narration."""

    def piped(script, *arguments, where=None):
        named = ["--db", str(database)] if where is None else where
        script = script if isinstance(script, bytes) else script.encode()
        source, out, err = (io.TextIOWrapper(io.BytesIO(text), encoding="utf-8") for text in (script, b"", b""))
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name in os.environ.keys() - environment.keys():
                patch.delenv(name)
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr(tempfile, "tempdir", environment["TMPDIR"])
            patch.setattr(sys, "stdin", source)
            patch.chdir(tmp_path)
            code = run(["sql", *named, "--as-of", asking.AS_OF, *arguments])
        return code, *(_written(stream) for stream in (out, err))

    return piped


def _written(stream):
    stream.flush()
    return stream.buffer.getvalue().decode()


@pytest.fixture
def outside(database, environment, tmp_path):
    """Run a script as `piped` does, through a process of its own."""

    def outside(script, *arguments, where=None):
        named = ["--db", str(database)] if where is None else where
        done = subprocess.run(
            [*COMMAND, *named, "--as-of", asking.AS_OF, *arguments],
            input=script.encode(),
            capture_output=True,
            timeout=120,
            check=False,
            env=environment,
            cwd=tmp_path,
        )
        return done.returncode, done.stdout.decode(), _without_leaks(done.stderr.decode())

    return outside


def _without_leaks(text):
    # What the engine's binding says when a process ends is not ours.
    return text.split("nanobind:")[0]


class Terminal:
    """A process on a terminal of its own, 80 by 24."""

    def __init__(self, command, environment, folder):
        self.place, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.shown = ""
        self.process = subprocess.Popen(
            command, stdin=child, stdout=child, stderr=child, env=environment, cwd=folder, start_new_session=True
        )
        os.close(child)

    def type(self, keys):
        os.write(self.place, keys.encode())

    def wait_for(self, pattern, seconds=30):
        """Read until the pattern is shown, and forget what is in front of it; return what was."""
        deadline = time.monotonic() + seconds
        while not (match := re.search(pattern, self.shown)):
            assert time.monotonic() < deadline, repr(self.shown)
            self._read()
        before, self.shown = self.shown[: match.end()], self.shown[match.end() :]
        return before

    def end(self, seconds=60):
        """Read until the process is gone; return its exit code and what it still showed."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, repr(self.shown)
            self._read()
        self._read()
        return self.process.returncode, self.shown

    def _read(self):
        ready, _, _ = select.select([self.place], [], [], 0.1)
        if ready:
            try:
                text = os.read(self.place, 65536).decode(errors="replace")
            except OSError:  # how Linux says that the other end of a terminal is closed
                time.sleep(0.05)
                return
            # A terminal that is asked where its cursor is says so.
            if "\x1b[6n" in text:
                os.write(self.place, b"\x1b[1;1R")
            self.shown += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r", "", text)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.place)


@pytest.fixture
def terminal(environment, database, tmp_path):
    """Start the session on a terminal."""
    started = []

    def terminal(*arguments, where=None, **variables):
        named = ["--db", str(database)] if where is None else where
        command = [*COMMAND, *named, "--as-of", asking.AS_OF, *arguments]
        started.append(Terminal(command, {**environment, **variables}, tmp_path))
        return started[-1]

    yield terminal
    for one in started:
        one.close()


# --- in a pipe -----------------------------------------------------------------------------------


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


def test_nothing_stays_behind(outside, database, tmp_path):
    outside(COUNT, where=[str(database.parent / "a.ndjson")])
    assert list((tmp_path / "temporary").iterdir()) == []
    assert list((tmp_path / "home").rglob("*")) == []


# --- on a terminal -------------------------------------------------------------------------------


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
    (kept,) = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert kept.name == "sql_history"
    assert "+select 1 as one;" in kept.read_text()


def test_no_history_keeps_nothing(terminal, tmp_path):
    screen = terminal("--no-ide", "--no-history")
    screen.wait_for("auditscan>")
    screen.type("select 1 as one;\r")
    screen.wait_for("1 row\n")
    screen.type("quit\r")
    assert screen.end()[0] == 0
    assert [path for path in (tmp_path / "home").rglob("*") if path.is_file()] == []


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
