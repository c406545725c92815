"""The questions in the README, run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "questions"
SECTION = re.search(r"^## Ten questions.*?(?=^## )", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
ASKED = re.findall(r"\*\*(\d+)\. (.+?)\*\*(.*?)```sh\n(.+?)```", SECTION[0] if SECTION else "", re.S)


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """Every command run once, in the order of the page: later ones read what earlier ones kept."""
    folder = tmp_path_factory.mktemp("questions")
    (folder / "sample_logs").symlink_to(ROOT / "sample_logs")
    commands = folder / "bin"
    commands.mkdir()
    (commands / "auditscan").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m auditscan "$@"\n')
    (commands / "auditscan").chmod(0o755)
    # The day is the one thing of the commands that is not in them.
    environment = {"PATH": f"{commands}:{os.environ['PATH']}", "AUDITSCAN_AS_OF": "2026-11-22", "COLUMNS": "80"}
    kept = {name: os.environ[name] for name in ("HOME", "PYTHONPATH", "TMPDIR") if name in os.environ}
    return {
        number: subprocess.run(
            ["bash", "-c", command],
            check=False,
            cwd=folder,
            env=kept | environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        for number, _, _, command in ASKED
    }, folder


def test_there_are_ten():
    assert [number for number, *_ in ASKED] == [str(number) for number in range(1, 11)]
    assert all(question.endswith("?") for _, question, *_ in ASKED)
    assert all(command.count("auditscan ") == 1 for *_, command in ASKED)


@pytest.mark.parametrize("number", [number for number, *_ in ASKED])
def test_one_command_answers_it(number, answered):
    process = answered[0][number]
    # Nothing but the incomplete samples, of which the page warns, may end a command with anything but 0.
    assert process.returncode == (20 if number == "2" else 0), process.stderr
    assert "Traceback" not in process.stderr
    golden = GOLDEN / f"{number}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(process.stdout, encoding="utf-8")
    assert process.stdout == golden.read_text(encoding="utf-8")


def test_the_files_that_were_asked_for(answered):
    folder = answered[1]
    assert (folder / "answers.csv").read_text(encoding="utf-8").count("\n") > 400
    assert (folder / "unread.csv").read_text(encoding="utf-8").count("\n") == 12
    assert (folder / "case.duckdb").exists()
