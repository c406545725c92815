"""What a ledger suppresses stands in every form of the report, with until when, by whom and why."""

from __future__ import annotations

import json
import re
from contextlib import chdir
from pathlib import Path

import openpyxl
import pypdf
import pytest

import pages
from auditscan.cli import run
from auditscan.errors import ExitCode
from ledger.keeping import Keeper, record
from reporting import flat

SUPPRESSIONS = """
[[suppress]]
transfer = "T-3"
rule = "enjoined_category"
reason = "looked at | <b>twice</b>"
owner = "somebody"
until = 2027-01-01
max = 50
"""
SAID = "suppressed until 1 Jan 2027 by somebody: looked at | <b>twice</b>"
ENDINGS = (".md", ".xlsx", ".html", ".pdf", ".sarif")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A ledger in which a finding on one of two transfers is suppressed."""
    folder = tmp_path_factory.mktemp("suppressed")
    with chdir(folder):
        keeper = Keeper()
        keeper.log("a.ndjson", record(2, elements=["ssn"]), record(3, elements=["ssn"]))
        Path("suppressions.toml").write_text(SUPPRESSIONS)
        keeper.night(suppressions=Path("suppressions.toml"))
        outs = [word for ending in ENDINGS for word in ("--out", f"x{ending}")]
        assert run(["report", "--db", "ledger", "--brief", "--as-of", "2026-03-01", *outs]) == ExitCode.CLEAN
    return folder


def of_markdown(path):
    rows = [
        flat(line) for line in path.read_text("utf-8").splitlines() if line.startswith("| Enjoined category of data")
    ]
    assert rows[0].startswith("| Enjoined category of data | 1 | T-3 | 1 Jan 2027 | somebody: looked at")
    return len(rows)


def of_page(path):
    reasons = [reason for _, each in pages.data_of(pages.read(path)) for reason in each]
    return sum(f"[{SAID}]" in evidence for _, _, evidence, *_ in reasons)


def of_workbook(path):
    book = openpyxl.load_workbook(path)
    marked = [
        cell for cell in book["All transfers"]["S"] if "Enjoined category of data (suppressed)" in str(cell.value)
    ]
    heads, *rows = book["Findings"].iter_rows(values_only=True)
    told = [dict(zip(heads, row, strict=True)) for row in rows]
    found = [row for row in told if row["suppressed until"]]
    assert [(row["transfer"], f"{row['suppressed until']:%Y-%m-%d}") for row in found] == [("T-3", "2027-01-01")]
    assert found[0]["suppressed by, and why"] == "somebody: looked at | <b>twice</b>"
    return len(marked)


def of_exhibit(path):
    return flat(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)).count(f"[{SAID}]")


def of_sarif(path):
    results = json.loads(path.read_text("utf-8"))["runs"][0]["results"]
    said = {
        "kind": "external",
        "status": "accepted",
        "justification": "somebody: looked at | <b>twice</b> (until 2027-01-01)",
    }
    return sum(one.get("suppressions") == [said] for one in results)


@pytest.mark.parametrize(
    ("ending", "count"),
    list(zip(ENDINGS, (of_markdown, of_workbook, of_page, of_exhibit, of_sarif), strict=True)),
)
def test_one_finding_of_one_transfer_is_marked_and_both_are_shown(kept, ending, count):
    assert count(kept / f"x{ending}") == 1
    assert "2 would be barred now" in (kept / "x.md").read_text("utf-8")


def test_for_the_public_it_is_marked_without_a_name(kept, monkeypatch, capsys):
    monkeypatch.chdir(kept)
    asked = ["--section", "suppressed", "--no-pager", "--width", "120", "--as-of", "2026-03-01"]
    assert run(["report", "--db", "ledger", "--public", *asked]) == 0
    shown = flat(capsys.readouterr().out)
    assert re.search(r"Enjoined category of data 1 T-[0-9a-f]{16} 1 Jan 2027 \[redacted\]", shown)
    assert "somebody" not in shown


def test_past_its_day_nothing_is_suppressed(kept, monkeypatch, capsys):
    monkeypatch.chdir(kept)
    assert run(["explain", "T-3", "--db", "ledger", "--as-of", "2026-03-01"]) == 0
    assert SAID in re.sub(r"[\s│]+", " ", capsys.readouterr().out)
    assert run(["explain", "T-3", "--db", "ledger", "--as-of", "2027-01-02"]) == 0
    assert "suppressed" not in capsys.readouterr().out
