"""Every form of the report says the same: each figure of the first screen and of the tables, held against the terminal.

A form takes part by a function that reads a file of it back, in READERS.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from markdown_it import MarkdownIt

from auditscan.cli import run
from reporting import AS_OF, first_screen, flat, make_folder, section

SAMPLES = Path(__file__).parents[2] / "sample_logs"
TITLES = {
    "Then and now": "matrix",
    "Plaintiff states": "states",
    "Data, people and programs the order bars": "content",
    "Recipients, by verdict now": "recipients",
    "Every file, every record": "files",
}
"""Title of a section -> what its table is called here."""


@dataclass
class Said:
    """What a form of the report says."""

    first: str
    """The first screen, on one line."""
    tables: dict[str, dict[str, list[int]]] = field(default_factory=lambda: defaultdict(dict))
    """Table -> name of a row -> its counts; shares and words are left out."""

    def take(self, table, cells):
        """Take a row of a table."""
        names = 2 if table == "content" else 1
        name = " ".join(cells[:names]).split("; ")[0]
        counts = [int(cell.replace(",", "")) for cell in cells[names:] if re.fullmatch(r"[\d,]+", cell)]
        # Files that are no logs have rows of nothing in some forms, and rows among what was not read in others.
        if counts and (table != "files" or any(counts)):
            self.tables[table][name] = counts


def terminal(text):
    """Read what stands in a terminal of 300 columns."""
    said = Said(flat(" ".join(first_screen(text))))
    for title, table in TITLES.items():
        for line in section(text, title).splitlines():
            cells = re.split(r"\s{2,}", line.strip())
            if table != "states":
                said.take(table, cells)
            elif len(cells) % 4 == 0:
                for begin in range(0, len(cells), 4):
                    said.take(table, cells[begin : begin + 4])
    return said


def markdown(path):
    """Read a report as Markdown, as it is drawn."""
    said, lines, title, row, before = Said(""), [], None, [], None
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text("utf-8")):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and title in TITLES:
            said.take(TITLES[title], row)
        elif token.type == "inline":
            parts = [f"`{part.content}`" if part.type == "code_inline" else part.content for part in token.children]
            text = "".join(parts)
            if before.type == "heading_open":
                title = text
            elif title is None:
                lines.append(text)
            row.append(text)
        before = token
    said.first = flat(" ".join(line for line in lines if not line.startswith("Files are named")))
    return said


def workbook(path):
    """Read a report as a workbook."""
    book = openpyxl.load_workbook(path)
    lines = [row[0] for row in book["How to read this"].iter_rows(values_only=True)]
    said = Said(flat(" ".join(filter(None, lines[: lines.index("What the sheets hold")]))))
    table = None
    for row in book["Figures"].iter_rows():
        cells = [str(cell.value) for cell in row if cell.value is not None]
        if cells and row[0].font.sz == 13:
            table = TITLES.get(cells[0])
        elif table:
            said.take(table, cells)
    heads, *rows = book["Files read"].iter_rows(values_only=True)
    begin, end = heads.index("records"), heads.index("quarantined") + 1
    for row in rows:
        said.take("files", [row[0].removeprefix(f"{SAMPLES}/"), *map(str, row[begin:end])])
    unread = book["Not read"].iter_rows(min_row=2, values_only=True)
    files = {row[0] for row in rows} | {row[0] for row in unread if row[2] not in ("record", "field", "skipped")}
    said.take("files", [f"{len(files)} files", *(str(sum(row[at] for row in rows)) for at in range(begin, end))])
    return said


READERS = {".md": markdown, ".xlsx": workbook}
"""Ending of a form -> what reads it back."""


def auditscan(*arguments):
    """Run a command in a process of its own and return it."""
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [sys.executable, "-m", "auditscan", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What the terminal says of the sample logs, by way of a ledger, and the folder of its other forms."""
    folder = tmp_path_factory.mktemp("made")
    asked = ("--ledger", folder / "ledger", "--as-of", "2026-11-22")
    assert auditscan("nightly", "--logs", SAMPLES, *asked).returncode == 20
    outs = [part for ending in READERS for part in ("--out", folder / f"x{ending}")]
    # A folder is as good a name for a ledger as its database.
    told = auditscan("report", "--db", folder / "ledger", "--as-of", "2026-11-22", "--full", "--width", 300, *outs)
    assert told.returncode == 0, told.stderr
    return terminal(told.stdout), folder


@pytest.fixture(scope="module")
def forms(made):
    """Ending of a form -> what it says; each is read once."""
    return {ending: read(made[1] / f"x{ending}") for ending, read in READERS.items()}


def test_the_terminal_itself_is_read(made):
    said = made[0]
    assert set(said.tables) == set(TITLES.values())
    assert [len(said.tables[name]) for name in ("matrix", "recipients")] == [5, 5]
    assert set(said.tables["matrix"]) == {"enjoined", "review", "permitted", "outside", "total"}
    assert len(said.tables["states"]) > 15
    assert len(said.tables["content"]) > 20
    assert len(said.tables["files"]) > 40


@pytest.mark.parametrize("ending", READERS)
@pytest.mark.parametrize("table", ["first", *TITLES.values()])
def test_each_figure_is_that_of_the_terminal(made, forms, ending, table):
    said, other = made[0], forms[ending]
    if table == "first":
        assert other.first == said.first
    else:
        assert other.tables[table] == said.tables[table]


@pytest.mark.parametrize("ending", READERS)
def test_a_report_of_logs_is_that_of_the_database_they_are_in(tmp_path, monkeypatch, ending):
    monkeypatch.chdir(make_folder(tmp_path))
    assert run(["scan", "logs", "--as-of", AS_OF, "--db", "kept.duckdb"]) == 20
    for name, source in (("logs", ["logs"]), ("kept", ["--db", "kept.duckdb"])):
        assert run(["report", *source, "--as-of", AS_OF, "--brief", "--out", f"{name}{ending}"]) == 0
    one, other = (READERS[ending](tmp_path / f"{name}{ending}") for name in ("logs", "kept"))
    assert one.tables == other.tables
    # What was left aside unread is in no database, and what to do next names what was reported on.
    assert one.first.split("INCOMPLETE:")[0] == other.first.split("INCOMPLETE:")[0]
