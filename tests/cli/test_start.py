"""The command line from outside: how it starts, what it imports, and how it ends."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import time
import types
from pathlib import Path

import pytest
import typer

import auditscan
from auditscan import cli, errors
from auditscan.cli import streams
from auditscan.errors import AuditscanError, ExitCode, LibraryError, Problem

HEAVY = ("duckdb", "polars", "rich", "pandas", "prompt_toolkit", "pyarrow")


def auditscan_command(*arguments, **settings):
    """Run the command in a process of its own, as a shell does."""
    return subprocess.run(
        [sys.executable, "-m", "auditscan", *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        **settings,
    )


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"], ["queries", "--help"]])
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys; from auditscan.cli import run;"
        f"code = run({arguments!r});"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout
    assert done.stderr.strip() == "[]"


def test_a_report_of_a_canonical_log_imports_what_it_uses(tmp_path):
    (tmp_path / "log.ndjson").write_text(
        '{"transfer_id":"T-1","occurred_at":"2026-02-01T12:00:00Z","sender":"CMS","recipient":"ICE","states":["OR"]}\n'
    )
    unused = ("pydantic", "polars", "sqlglot", "auditscan.registers.propose", "auditscan.ingest.prepare",
              "auditscan.policy.effective", "auditscan.cli.sql")  # fmt: skip
    code = (
        "import sys; from auditscan.cli import run;"
        f"code = run(['report', {str(tmp_path)!r}, '--as-of', '2026-03-01', '--limit', '3', '--no-pager']);"
        f"print(sorted(set({unused!r}) & set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    # The first one may have to put the policy into the cache.
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "1 transfer" in done.stdout
    assert done.stderr.strip() == "[]"


def test_help_of_every_command_imports_nothing_heavy():
    # One process for all: what a command module imports at its top shows whoever asks for help.
    code = (
        "import sys, typer; from auditscan.cli import app, run;"
        "names = list(typer.main.get_command(app).commands);"
        "codes = [run([name, '--help']) for name in names];"
        f"heavy = sorted(set({HEAVY!r}) & set(sys.modules));"
        "sys.exit(f'{codes} {heavy}' if any(codes) or heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_help_names_every_exit_code():
    shown = " ".join(auditscan_command("--help").stdout.split())
    assert all(f"{code.value} " in shown for code in ExitCode)


def test_version():
    done = auditscan_command("--version")
    assert (done.stdout, done.returncode) == (f"auditscan {auditscan.__version__}\n", 0)


def test_no_command_shows_help_and_is_a_usage_error():
    done = auditscan_command()
    assert done.returncode == ExitCode.USAGE
    assert not done.stdout
    assert "Usage: auditscan" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["--nonsense"], "No such option: --nonsense"),
        (["queries", "show"], "Missing argument"),
        (["queries", "show", "nonsense"], "no query is named 'nonsense'"),
        (["queries", "--queries", "/nowhere"], "/nowhere:1: no such folder"),
    ],
)
def test_usage_errors_exit_2_and_say_what_to_do(arguments, said):
    done = auditscan_command(*arguments)
    assert done.returncode == ExitCode.USAGE
    assert not done.stdout
    assert said in done.stderr
    assert "\n  do:" in done.stderr
    assert "Traceback" not in done.stderr


def test_list_and_show_agree_with_the_library():
    listed = json.loads(auditscan_command("queries", "--json", "--all").stdout)
    assert {query["kind"] for query in listed} >= {"schema", "source"}
    name, path = listed[0]["name"], listed[0]["path"]
    table = auditscan_command("queries", "--all").stdout
    assert all(query["name"] in table for query in listed)
    shown = auditscan_command("queries", "show", name)
    assert shown.stdout.startswith("-- ")
    assert "\x1b" not in shown.stdout
    text = Path(path).read_text(encoding="utf-8")
    assert shown.stdout.endswith(text[text.index("*/") + 2 :].strip() + "\n")
    assert json.loads(auditscan_command("queries", "show", name, "--json").stdout)["sql"] == text


def test_a_reader_that_goes_away_is_no_error_message():
    command = f"{sys.executable} -m auditscan queries show words | head -n 1; exit $PIPESTATUS"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith("-- ")
    assert not done.stderr
    assert done.returncode in (0, 141), "as a program that a closed pipe ends, not as one with a fault"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_and_is_no_fault_of_the_program():
    command = f"{sys.executable} -m auditscan queries show known_words > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == ExitCode.INCOMPLETE
    assert "could not be written whole" in done.stderr
    assert "fault of the program" not in done.stderr


# --- ends, seen from inside ----------------------------------------------------------------------


@pytest.fixture
def command(monkeypatch):
    """A command whose body the test gives; returns what `run` makes of it."""

    def run(body):
        app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
        app.callback()(lambda: None)
        app.command("go")(body)
        monkeypatch.setattr(cli, "app", app)
        return cli.run(["go"])

    # Streams of the test, not of the process: reconfiguring pytest's would outlive the test.
    monkeypatch.setattr(streams, "prepare", lambda: None)
    monkeypatch.delenv("AUDITSCAN_DEBUG", raising=False)
    return run


def raiser(error):
    def body():
        raise error

    return body


@pytest.mark.parametrize("code", ExitCode)
def test_a_command_returns_its_exit_code(command, code):
    assert command(lambda: code) == code


def test_a_command_that_returns_nothing_succeeded(command):
    assert command(lambda: None) == 0


def classes(base=AuditscanError):
    return [base, *(found for child in base.__subclasses__() for found in classes(child))]


def test_every_error_ends_in_its_exit_code_and_one_message(command, capsys):
    for kind in classes():
        collects = issubclass(kind, errors.ProblemsError)
        error = kind([Problem("a.sql", 3, "is bad")]) if collects else kind("it broke", where="a")
        assert command(raiser(error)) == kind.exit_code
        streams_of = capsys.readouterr()
        assert not streams_of.out
        assert streams_of.err.count("auditscan: ") == 1
        assert ("a.sql:3: is bad" if collects else "where: a") in streams_of.err


def test_a_message_says_what_where_why_and_what_to_do(command, capsys):
    command(raiser(AuditscanError("it broke", where="x\x1b[31m.csv", why="a\nb", hint="mend it")))
    assert capsys.readouterr().err == (
        "auditscan: it broke\n  where: x\\x1b[31m.csv\n  why:   a\n         b\n  do:    mend it\n"
    )


def test_library_problems_are_ordered_by_file_and_line():
    error = LibraryError([Problem("b.sql", 1, "x"), Problem("a.sql", 10, "x"), Problem("a.sql", 9, "x")])
    assert [(problem.path, problem.line) for problem in error.problems] == [
        ("a.sql", 9),
        ("a.sql", 10),
        ("b.sql", 1),
    ]


def test_an_unforeseen_error_is_a_fault_without_a_traceback(command, capsys, monkeypatch):
    assert command(raiser(ZeroDivisionError("oh"))) == ExitCode.FAULT
    said = capsys.readouterr().err
    assert "ZeroDivisionError: oh" in said
    assert "Traceback" not in said
    monkeypatch.setenv("AUDITSCAN_DEBUG", "1")
    assert command(raiser(ZeroDivisionError("oh"))) == ExitCode.FAULT
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_exits_130(command, capsys):
    assert command(raiser(KeyboardInterrupt())) == ExitCode.INTERRUPTED
    assert capsys.readouterr().err.strip() == "auditscan: interrupted"


def test_an_interrupt_of_the_process_exits_130():
    code = (
        "import time, typer; from auditscan import cli;"
        "app = typer.Typer(); app.callback()(lambda: None);"
        "app.command('go')(lambda: (print('ready', flush=True), time.sleep(60)));"
        "cli.app = app; import sys; sys.exit(cli.run(['go']))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert said == "auditscan: interrupted\n"


# --- streams -------------------------------------------------------------------------------------


def test_text_that_would_move_the_cursor_is_spelled_out():
    assert streams.printable("plain é 漢 text") == "plain é 漢 text"
    assert streams.printable("a\x1b[2Jb\u202ec\udcffd\r") == "a\\x1b[2Jb\\u202ec\\udcffd\\r"


def test_progress_is_silent_where_nobody_watches(capsys, monkeypatch):
    monkeypatch.setattr(streams, "PROGRESS_DELAY", 0.0)
    with streams.progress("reading", total=2) as bar:
        bar.advance()
        bar.say("other")
        time.sleep(0.05)
    assert capsys.readouterr() == ("", "")


def test_progress_on_a_terminal_waits_and_wipes_itself():
    pty = pytest.importorskip("pty")
    code = (
        "import time; from auditscan.cli import streams;"
        "streams.PROGRESS_DELAY = {delay}\n"
        "with streams.progress('reading \\x1b[2J', total=4) as bar:\n"
        "    bar.advance(); time.sleep(0.6); bar.say('judging'); bar.advance(); time.sleep(0.3)\n"
    )

    def seen(delay):
        parent, child = pty.openpty()
        environment = {**os.environ, "TERM": "xterm"}
        subprocess.run(
            [sys.executable, "-c", code.format(delay=delay)],
            stderr=child,
            check=True,
            env=environment,
            timeout=30,
        )
        os.close(child)
        shown = b""
        try:
            while chunk := os.read(parent, 65536):
                shown += chunk
        except OSError:  # how Linux says that the other end of a terminal is closed
            pass
        os.close(parent)
        return shown.decode()

    quick = seen(delay=30)
    assert not quick
    slow = seen(delay=0)
    assert "judging" in slow
    assert "reading \\x1b[2J" in slow


# --- what is public ------------------------------------------------------------------------------


def modules():
    found = pkgutil.walk_packages(auditscan.__path__, "auditscan.")
    return ["auditscan", *(module.name for module in found if "__main__" not in module.name)]


@pytest.mark.parametrize("name", modules())
def test_what_a_module_lists_as_public_is_there(name):
    module = importlib.import_module(name)
    listed = getattr(module, "__all__", [])
    assert len(set(listed)) == len(listed)
    assert [public for public in listed if not hasattr(module, public)] == []


def test_the_package_shows_its_public_names_and_nothing_else():
    names = {
        name
        for name, value in vars(auditscan).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert names <= {*auditscan.__all__, "annotations", "TYPE_CHECKING"}
