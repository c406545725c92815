"""Help: what it says, how it is laid out, the pages and words that it points to."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from auditscan.cli import app, layout, run
from auditscan.cli.help import topics
from auditscan.errors import ExitCode
from auditscan.library import glossary
from tools.make_words_page import PAGE, page

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "src").rglob("*.py"), *(ROOT / "queries").rglob("*.sql")]


def commands(command=None, words=()):
    command = command or typer.main.get_command(app)
    yield words, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*words, name))


ALL = dict(commands())


def test_help_says_where_to_begin_and_groups_the_commands_in_the_order_of_use(capsys):
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert "Begin with `auditscan report --demo`" in shown.split("\n\n")[1].replace("\n  ", " ")
    places = [shown.index(f"\n{heading}:") for heading in layout.COMMAND_PANELS]
    assert places == sorted(places)
    assert "\nCommands:" not in shown, "a command stands under no heading"
    assert not re.search(r"\w\.\.\.", shown), "a sentence is cut"


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_place_holder_is_a_word(words):
    command = ALL[words]
    context = command.make_context("auditscan", [], resilient_parsing=True)
    for param in command.get_params(context):
        record = layout._record(param)
        if record is None:
            continue
        written, told = record
        assert not re.search(r"[<>]", written), written
        holders = re.sub(r"-{1,2}[\w-]+", "", written)
        assert holders == holders.upper() or holders in ("NAME=VALUE", "HH:MM"), written
        assert told, f"{written} is not explained"
        assert "list[" not in told + written


def test_an_option_stands_under_its_heading(capsys):
    run(["nightly", "--help"])
    shown = capsys.readouterr().out
    assert "\nOther:\n  -h, --help" in shown
    read, judge, write = (shown.index(f"\n{heading}:") for heading in ("What to read", "How to judge", "What to write"))
    assert read < shown.index("--held-by NAME") < judge < shown.index("--as-of DAY") < write < shown.index("--notify")


def test_every_page_that_a_message_names_is_there():
    named = {
        (topic, path.name)
        for path in SOURCES
        for topic in re.findall(r"`auditscan help ([a-z-]+)", path.read_text(encoding="utf-8"))
    }
    assert named
    assert {topic for topic, _ in named} <= topics().keys()


def test_no_message_names_a_page_that_only_a_checkout_has():
    # Docstrings and comments speak to who reads the code, and has it all.
    said = [
        f"{path.name}: {line.strip()}"
        for path in SOURCES
        for line in path.read_text(encoding="utf-8").splitlines()
        if "docs/" in line and re.search(r"""["'].*docs/[a-z-]+\.md""", line)
    ]
    assert not said


def test_pages_are_listed_and_shown(capsys):
    assert run(["help"]) == 0
    listed = capsys.readouterr().out
    assert all(re.search(rf"^{topic} ", listed, re.MULTILINE) for topic in topics())
    assert run(["help", "registers"]) == 0
    assert capsys.readouterr().out == (ROOT / "docs/registers.md").read_text()
    assert run(["help", "docs/findings.md"]) == 0
    assert capsys.readouterr().out.startswith("# ")


def test_a_page_that_is_not_there_is_proposed(capsys):
    assert run(["help", "registrs"]) == ExitCode.USAGE
    assert "did you mean registers?" in capsys.readouterr().err


def test_on_a_terminal_a_page_is_laid_out():
    leader, follower = pty.openpty()
    environment = {**os.environ, "PAGER": "cat", "TERM": "xterm", "NO_COLOR": "1"}
    done = subprocess.Popen(
        [sys.executable, "-m", "auditscan", "help", "parties"], stdout=follower, stdin=follower, env=environment
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            piece = os.read(leader, 1 << 16)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    assert done.wait(30) == 0
    os.close(leader)
    assert b"Who sent, who received" in shown
    assert b"# Who sent" not in shown


@pytest.mark.parametrize("said", ["enjoined", "barred", "Out-of-scope", "out_of_scope", "findings", "unattributed"])
def test_a_word_is_explained_however_it_is_spelled(said, capsys):
    assert run(["words", said]) == 0
    assert capsys.readouterr().out.count("\n") >= 2


def test_a_word_that_is_not_explained_is_proposed(capsys):
    assert run(["words", "enjoned"]) == ExitCode.USAGE
    assert "did you mean enjoined" in capsys.readouterr().err


def test_all_words_are_listed_by_group(capsys):
    assert run(["words", "--json"]) == 0
    listed = [entry["word"] for entry in json.loads(capsys.readouterr().out)]
    assert listed == [word.word for word in glossary.words()]
    assert len(listed) == len(set(listed))
    verdicts = ("enjoined", "review", "permitted", "outside", "out of scope", "unattributed", "attempt")
    kinds = ("quarantine", "no log", "regime", "overlay", "ledger", "receipt", "deduced", "aggregate")
    assert {*verdicts, *kinds} <= set(listed)


def test_the_page_of_words_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tools.make_words_page` in tests/"
