"""Every form of the report says the same: each of its figures, held against the terminal.

A form takes part by a function that reads a file of it back, in READERS of `read_back`.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from auditscan.cli import run
from productions import load_file
from read_back import READERS, SAMPLES, TITLES, VERDICTS, terminal
from reporting import AS_OF, make_folder

HAVE = {
    "first": (".md", ".xlsx", ".html", ".ocsf.ndjson", ".sarif"),
    "matrix": (".md", ".xlsx", ".html", ".pdf"),
    "states": (".md", ".xlsx", ".html"),
    "content": (".md", ".xlsx", ".html"),
    "recipients": (".md", ".xlsx", ".html", ".pdf"),
    "files": (".md", ".xlsx", ".html", ".ocsf.ndjson", ".sarif"),
    "hashes": (".md", ".xlsx", ".html", ".ocsf.ndjson", ".sarif"),
    "rules": (".md", ".xlsx", ".html", ".pdf", ".ocsf.ndjson"),
    "barred": (".md", ".xlsx", ".html", ".pdf", ".ocsf.ndjson"),
    "deduced": (".md", ".xlsx", ".html", ".pdf", ".ocsf.ndjson"),
}
"""What is said -> the forms that say it in figures of their own."""


def auditscan(*arguments, folder=None):
    """Run a command in a process of its own and return it."""
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [sys.executable, "-m", "auditscan", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)


def reported(folder, *asked):
    """What the terminal says, and its other forms, by one command."""
    outs = [part for ending in READERS for part in ("--out", folder / f"x{ending}")]
    arguments = ("report", *asked, "--as-of", "2026-11-22", "--full", "--width", 300, *outs)
    told = auditscan(*arguments, folder=folder)
    assert told.returncode == 0, told.stderr
    return {"terminal": terminal(told.stdout)} | {
        ending: read(folder / f"x{ending}") for ending, read in READERS.items()
    }


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """What all forms say of the sample logs, by way of a ledger."""
    folder = tmp_path_factory.mktemp("samples")
    night = ("nightly", "--logs", SAMPLES, "--ledger", folder / "ledger", "--as-of", "2026-11-22")
    assert auditscan(*night).returncode == 20
    # A folder is as good a name for a ledger as its database.
    return reported(folder, "--db", folder / "ledger")


PRODUCED = [
    ("07/01/2025", "ICE", "SSN;claims", "CA"),
    ("09/02/2025", "ICE", "SSN;name", "NY"),
    ("02/03/2026", "CBP", "address;phone number", "TX"),
    ("02/04/2026", "DHS", "diagnosis codes", "WA"),
    ("", "ICE", "SSN", "CA"),
    ("02/06/2026", "SSA", "SSN", "CA"),
]
"""Day, recipient, data and state of each row of a load file, which is numbered by its pages."""


def bates(row):
    """The Bates numbers of a row, counted from 1: each is printed on two pages."""
    return f"HHS-{2 * row - 1:06}; HHS-{2 * row:06}"


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """What all forms say of a production: a load file with Bates numbers, and the index of its pages."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "production").mkdir()
    heads = [
        "BEGBATES",
        "ENDBATES",
        "Date of Disclosure",
        "Disclosing Agency",
        "Disclosed To",
        "Data Elements",
        "State",
    ]
    rows = [
        [*bates(number).split("; "), day, "CMS", to, data, state]
        for number, (day, to, data, state) in enumerate(PRODUCED, start=1)
    ]
    (folder / "production/PROD001.dat").write_text(load_file([heads, *rows, ["HHS-000013"]]), encoding="utf-8")
    index = load_file([["BEGDOC", "ENDDOC", "FILENAME"], ["HHS-000001", "HHS-000014", "x.pdf"]])
    (folder / "production/INDEX.dat").write_text(index, encoding="utf-8")
    return reported(folder, "production")


@pytest.fixture(params=["samples", "production"])
def made(request):
    return request.getfixturevalue(request.param)


def test_the_terminal_itself_is_read(samples):
    said = samples["terminal"]
    assert set(said.tables) == set(TITLES.values())
    assert [len(said.tables[name]) for name in ("matrix", "recipients")] == [5, 5]
    assert set(said.tables["matrix"]) == {*VERDICTS, "total"}
    assert len(said.tables["states"]) > 15
    assert len(said.tables["content"]) > 20
    assert len(said.tables["files"]) > 40
    assert len(said.hashes) > 40
    assert len(said.rules) > 20
    assert said.deduced


@pytest.mark.parametrize("figure", HAVE)
def test_each_figure_is_that_of_the_terminal(made, figure):
    def of(said):
        return said.tables[figure] if figure in TITLES.values() else getattr(said, figure)

    expected = of(made["terminal"])
    assert expected or figure == "deduced"
    assert {ending: of(made[ending]) for ending in HAVE[figure]} == dict.fromkeys(HAVE[figure], expected)


def test_an_exhibit_has_each_hash_with_the_sums_of_its_file(made):
    told, said = made["terminal"], made[".pdf"]
    sums = dict(said.tables["files"])
    assert sums.pop("all") == next(counts for name, counts in told.tables["files"].items() if name.endswith(" files"))
    assert {sha256: counts for sha256, counts in sums.items() if any(counts)} == {
        sha256: told.tables["files"][name] for name, sha256 in told.hashes.items() if name in told.tables["files"]
    }
    assert sorted(said.hashes.values()) == sorted(told.hashes.values())


def test_findings_by_line_and_those_said_to_have_none_are_all_there_are(made):
    by_line = dict(made[".sarif"].rules)
    assert sum(by_line.values()) == sum(made["terminal"].rules.values())
    by_line.pop("left out")
    assert all(count <= made["terminal"].rules[rule] for rule, count in by_line.items())


@pytest.mark.parametrize("ending", READERS)
def test_what_is_barred_in_a_production_is_cited_by_its_bates_numbers(production, ending):
    # Line 1 has the heads.
    expected = {(number + 1, bates(number)) for number in (1, 2, 4, 5)}
    assert production[ending].noted >= expected


def test_a_report_of_logs_is_that_of_the_database_they_are_in(tmp_path, monkeypatch):
    monkeypatch.chdir(make_folder(tmp_path))
    assert run(["scan", "logs", "--as-of", AS_OF, "--db", "kept.duckdb"]) == 20
    endings = (".md", ".xlsx", ".html")
    for name, source in (("logs", ["logs"]), ("kept", ["--db", "kept.duckdb"])):
        outs = [word for ending in endings for word in ("--out", f"{name}{ending}")]
        assert run(["report", *source, "--as-of", AS_OF, "--brief", *outs]) == 0
    for ending in endings:
        one, other = (READERS[ending](tmp_path / f"{name}{ending}") for name in ("logs", "kept"))
        assert one.tables == other.tables
        assert one.barred == other.barred
        # What was left aside unread is in no database, and what to do next names what was reported on.
        assert one.first.split("INCOMPLETE:")[0] == other.first.split("INCOMPLETE:")[0]
