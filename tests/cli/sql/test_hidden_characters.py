"""What a terminal is shown of text that others wrote, and what a pipe and a file get of it."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest

import asking
from auditscan.cli import run

# Moves the cursor, colors, names the window, opens a link; turns writing round; shows as nothing, or as a blank.
HIDDEN = [
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x1b]8;;https://a.example\x1b\\link\x1b]8;;\x1b\\",
    "\x9b31m\x85\x80\x9f",
    "\u202eabc\u202c\u2066x\u2069\u200e\u200f\u061c",
    "T\u200b1\u200c\u200d\u2060\ufeff\u00ad\u2063\u180e",
    "T\U000e0041\U000e0001\U000e0100\ufe0f\u034f\u115f\u3164",
    "T\u00a01\u2003\u202f\u3000",
    "a\rb\tc\x00\x7f",
    "a\u2028b\u2029",
]


@pytest.fixture
def ask(database, capfdbinary, monkeypatch, tmp_path):
    def ask(form, *, terminal, through="query"):
        text = tmp_path / "ask.sql"
        texts = ", ".join("'" + one.replace("\x00", "") + "'" for one in HIDDEN)
        text.write_text(f"select unnest([{texts}]) as a;\n", encoding="utf-8")
        with monkeypatch.context() as patch, text.open() as script:
            patch.setattr(sys, "stdin", script)
            patch.setattr(type(sys.stdout), "isatty", lambda _: terminal, raising=False)
            patch.setenv("PAGER", "")
            patch.setenv("TERM", "dumb")
            words = ["query", "--file", str(text)] if through == "query" else ["sql", "--no-ide", "--no-history"]
            assert run([*words, "--db", str(database), "--as-of", asking.AS_OF, "--format", form]) == 0
        return capfdbinary.readouterr().out.decode()

    return ask


def is_hidden(character):
    return character not in "\n " and unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Zs")


@pytest.mark.parametrize("through", ["query", "sql"])
@pytest.mark.parametrize("form", ["table", "csv", "ndjson", "md"])
def test_a_terminal_gets_nothing_that_is_not_seen(ask, form, through):
    shown = ask(form, terminal=True, through=through)
    assert [character for character in shown if is_hidden(character)] == []
    assert all(
        spelled in shown for spelled in ("u200b", "U000e0041" if form != "ndjson" else "e0041", "u202e", "ufe0f")
    )


def test_a_pipe_gets_the_bytes_as_they_are(ask):
    for form in ("csv", "ndjson"):
        shown = ask(form, terminal=False)
        assert "\u200b" in shown
        assert "\x9b31m" in shown
    assert [json.loads(line)["a"] for line in shown.rstrip("\n").split("\n")][5] == HIDDEN[5]


def test_ids_that_differ_look_different_in_a_table(database, capsys):
    ids = [
        "T-1",
        "T-1 ",
        " T-1",
        "T\u200b-1",
        "T-1\u2060",
        "T\u00a0-1",
        "T -1",
        "T\u2003-1",
        "T-1\ufeff",
        "\U000e0054T-1",
    ]
    texts = ", ".join(f"'{one}'" for one in ids)
    for form in ("table", "md"):
        sql = f"select unnest([{texts}]) as a"
        assert run(["query", "--sql", sql, "--db", str(database), "--as-of", asking.AS_OF, "--format", form]) == 0
        cells = [line.strip("| ") for line in capsys.readouterr().out.splitlines()[2:]]
        assert len(set(cells)) == len(ids), cells


def test_json_for_a_terminal_is_spelled_out_too(tmp_path, capsys, monkeypatch):
    record = {**asking.RECORD, "transfer_id": "T\x9b31m\u202e\u200b"}
    (tmp_path / "a\u202e\x9b.ndjson").write_text(json.dumps(record) + "\n")
    arguments = ["scan", str(tmp_path), "--json", "--as-of", asking.AS_OF, "--exit-zero"]
    assert run(arguments) == 0
    piped = capsys.readouterr().out
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True, raising=False)
    assert run(arguments) == 0
    shown = capsys.readouterr().out
    assert "\u202e" in piped
    assert [character for character in shown if is_hidden(character)] == []
