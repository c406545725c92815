"""Completion: what each shell is answered when it asks as its script does, and the script in a real bash."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditscan.cli import run
from auditscan.library import Library

SHELLS = ("bash", "zsh", "fish")

QUERY = """/*
title = "It's \\"mine\\": $HOME `x`"
description = "One."
*/
select 1 as one;
"""


@dataclass(frozen=True)
class Answered:
    """How a shell was answered."""

    returncode: int
    stdout: str
    stderr: str


def ask(shell, line, **more):
    """Ask what could stand at the end of a line, as the script of that shell does; return what it is answered."""
    if shell == "bash":
        # A shell gives the words by line, as the script's IFS parts them.
        words = line.split(" ")
        asked = {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    else:
        asked = {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in ({"_AUDITSCAN_COMPLETE": f"complete_{shell}"} | asked | more).items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["auditscan"])
        code = run()
    return Answered(code, out.getvalue(), err.getvalue())


def offered(shell, line, **more):
    """The words that a shell is offered."""
    done = ask(shell, line, **more)
    assert (done.stderr, done.returncode) == ("", 0)
    answer = done.stdout.rstrip("\n")
    if shell == "zsh":
        if answer == "_files":
            return []
        assert answer.startswith("_arguments '*: :((")
        assert answer.endswith("))'")
        rows = answer.removeprefix("_arguments '*: :((").removesuffix("))'").split("\n")
        return [row.split('"')[1] for row in rows]
    return [row.split("\t")[0] for row in answer.split("\n") if row]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working folder with a query of one's own below it."""
    (tmp_path / "mine" / "reports").mkdir(parents=True)
    (tmp_path / "mine" / "reports" / "my_own.sql").write_text(QUERY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("shell", SHELLS)
def test_commands_and_options_are_completed(shell):
    assert {"scan", "report", "explain", "queries", "config", "completion"} <= set(offered(shell, "auditscan "))
    assert offered(shell, "auditscan rep") == ["report"]
    assert offered(shell, "auditscan config ") == ["show", "path", "new"]
    assert set(offered(shell, "auditscan --")) == {"--config", "--no-config", "--trust", "--version", "--help"}
    assert set(offered(shell, "auditscan report --as")) == {"--as-of"}
    assert offered(shell, "auditscan completion f") == ["fish"]


@pytest.mark.parametrize("shell", SHELLS)
def test_names_of_queries_are_completed(shell, folder):
    names = [query.name for query in Library.shipped().queries]
    assert offered(shell, "auditscan queries show ") == names
    some = [name for name in names if name.startswith("un")]
    assert some
    assert offered(shell, "auditscan queries show un") == some
    assert offered(shell, "auditscan queries --queries mine show my") == ["my_own"]
    assert offered(shell, "auditscan queries show my", AUDITSCAN_QUERIES="mine") == ["my_own"]
    assert offered(shell, "auditscan queries show my") == []
    (folder / "auditscan.toml").write_text(f'queries = "mine"  # {folder}\n')
    assert offered(shell, "auditscan queries show my") == []
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        assert run(["--trust", "queries"]) == 0
    assert offered(shell, "auditscan queries show my") == ["my_own"]
    assert offered(shell, "auditscan --no-config queries show my") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_values_that_are_known_are_completed(shell):
    assert offered(shell, "auditscan scan --source-zone America/New_Y") == ["America/New_York"]
    assert offered(shell, "auditscan config show --format nd") == ["ndjson"]


@pytest.mark.parametrize(
    "line", ["auditscan scan ", "auditscan scan lo", "auditscan report --db ", "auditscan --config "]
)
def test_files_are_left_to_the_shell(line):
    assert not offered("bash", line)
    assert ask("zsh", line).stdout == "_files\n"
    # fish first asks whether there is anything: 1 makes it complete files.
    assert ask("fish", line, _TYPER_COMPLETE_FISH_ACTION="is-args").returncode == 1
    assert ask("fish", "auditscan ", _TYPER_COMPLETE_FISH_ACTION="is-args").returncode == 0


@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_wrong_reaches_the_line_somebody_is_typing(shell, folder):
    (folder / "auditscan.toml").write_text("nonsense")
    (folder / "mine" / "reports" / "broken.sql").write_text("select 1;")
    wrong = {"AUDITSCAN_THREADS": "x", "AUDITSCAN_AS_OFF": "1", "AUDITSCAN_QUERIES": "mine"}
    for line in (
        "auditscan queries show en",
        "auditscan queries --queries /nowhere show en",
        "auditscan --config /nowhere queries show en",
    ):
        done = ask(shell, line, **wrong)
        assert (done.stderr, done.returncode) == ("", 0)
        assert "enjoined_category" in done.stdout
    for line in ("auditscan nonsense ", 'auditscan scan "unclosed', "auditscan scan --as-of junk --w", ""):
        assert not ask(shell, line, **wrong).stderr


def test_a_shell_nobody_knows_is_answered_nothing():
    for asked in ("complete_tcsh", "nonsense", "_"):
        done = ask("bash", "auditscan ", _AUDITSCAN_COMPLETE=asked)
        assert (done.stdout, done.stderr, done.returncode) == ("", "", 1)
    done = ask("bash", "auditscan ", COMP_CWORD="x")
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 1)


def test_answers_need_no_engine_and_nothing_that_draws():
    code = (
        "import os, sys; from auditscan.cli import run; run();"
        "heavy = {'duckdb', 'polars', 'rich'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    asked = {"_AUDITSCAN_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "auditscan queries show en"}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert '"enjoined_category":"' in done.stdout


def test_zsh_and_fish_show_what_each_word_is(folder):
    shown = ask("zsh", "auditscan report --as").stdout
    assert shown == (
        '_arguments \'*: :(("--as-of":"Judge \\`now\\` by the order in force on this day. [default\\\\: today]"))\'\n'
    )
    shown = ask("fish", "auditscan report --as").stdout
    assert shown == "--as-of\tJudge `now` by the order in force on this day. [default: today]\n"
    mine = ask("zsh", "auditscan queries --queries mine show my").stdout
    assert mine == '_arguments \'*: :(("my_own":"It\'\'s ""mine""\\\\: \\$HOME \\`x\\`"))\'\n'


def test_the_script_is_printed_and_nothing_is_installed(capsys, folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder / "home"))
    for shell in SHELLS:
        assert run(["completion", shell]) == 0
        shown = capsys.readouterr()
        assert f"_AUDITSCAN_COMPLETE=complete_{shell}" in shown.out
        assert not shown.err
    assert not (folder / "home").exists()
    assert run(["completion", "tcsh"]) == 2
    assert "'bash', 'zsh', 'fish'" in capsys.readouterr().err
    assert run(["completion"]) == 2
    assert "Choose from: bash, zsh, fish\n" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_a_real_bash_completes(folder):
    command = folder / "bin" / "auditscan"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m auditscan "$@"\n')
    command.chmod(0o755)
    (folder / "a log.ndjson").write_text("")

    def in_bash(script):
        done = subprocess.run(
            ["bash", "--norc", "-c", f'eval "$(auditscan completion bash)"\n{script}'],
            env={**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert not done.stderr
        return done.stdout

    assert in_bash("complete -p auditscan") == "complete -o default -F _auditscan_completion auditscan\n"
    asked = 'COMP_WORDS=({}); COMP_CWORD={}; _auditscan_completion auditscan; printf "%s\\n" "${{COMPREPLY[@]}}"'
    assert in_bash(asked.format("auditscan queries show enj", 3)) == "enjoined_category\nenjoined_program\n"
    assert in_bash(asked.format("auditscan scan '\"a log.ndjson\"' --exit", 3)) == "--exit-zero\n"
    assert in_bash(asked.format("auditscan scan ''", 2)) == "\n"


def test_json_is_not_lost_when_the_variable_is_empty(capsys, monkeypatch):
    monkeypatch.setenv("_AUDITSCAN_COMPLETE", "")
    assert run(["config", "show", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["file"] is None
    assert not (Path.cwd() / "auditscan.toml").exists()
