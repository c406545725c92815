"""The questions of docs/questions.md, run as they stand there, and those of them that the README shows with answers."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from typed import blocks, commands, typed

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "questions"
ASKED = re.findall(
    r"\*\*(\d+)\. (.+?)\*\*.*?```sh\n(.+?)```", (ROOT / "docs" / "questions.md").read_text(encoding="utf-8"), re.S
)
SHOWN = [text for language, _, text in blocks(ROOT / "README.md") if language == "console"]


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """Every command run once, in the order of the page: later ones read what earlier ones kept."""
    folder = tmp_path_factory.mktemp("questions")
    (folder / "sample_logs").symlink_to(ROOT / "sample_logs")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        # The day is the one thing of the commands that is not in them.
        patch.setenv("AUDITSCAN_AS_OF", "2026-11-22")
        patch.setenv("COLUMNS", "80")
        yield {number: typed(command) for number, _, command in ASKED}, folder


def golden(number):
    return GOLDEN / f"{number}.txt"


def test_there_are_ten():
    assert [number for number, *_ in ASKED] == [str(number) for number in range(1, 11)]
    assert all(question.endswith("?") for _, question, _ in ASKED)
    assert all(command.count("auditscan ") == 1 for *_, command in ASKED)


@pytest.mark.parametrize("number", [number for number, *_ in ASKED])
def test_one_command_answers_it(number, answered):
    ended = answered[0][number]
    # Nothing but the incomplete samples, of which the page warns, may end a command with anything but 0.
    assert ended.code == (20 if number == "2" else 0), ended.err
    assert "Traceback" not in ended.err
    if os.environ.get("UPDATE_GOLDEN"):
        golden(number).parent.mkdir(exist_ok=True)
        golden(number).write_text(ended.out, encoding="utf-8")
    assert ended.out == golden(number).read_text(encoding="utf-8")


def test_the_files_that_were_asked_for(answered):
    folder = answered[1]
    assert (folder / "answers.csv").read_text(encoding="utf-8").count("\n") > 400
    assert (folder / "unread.csv").read_text(encoding="utf-8").count("\n") == 12
    assert (folder / "case.duckdb").exists()


@pytest.mark.parametrize("text", SHOWN)
def test_what_the_readme_shows_is_the_answer(text):
    """A command on it is one of the questions, and what stands below it is what comes; `…` are lines left out."""
    numbers = {command.strip(): number for number, _, command in ASKED}
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command = next(commands(part))
        answer = golden(numbers[command]).read_text(encoding="utf-8")
        pieces = re.split(r"^…\n", part.removeprefix(command).removeprefix("\n"), flags=re.M)
        assert re.fullmatch(".*".join(map(re.escape, pieces)), answer, re.S)


def test_the_readme_shows_an_explanation_and_a_question():
    assert {"explain", "query"} <= set(re.findall(r"^\$ auditscan (\w+)", "".join(SHOWN), re.M))
