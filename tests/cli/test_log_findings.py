"""What rules found about the logs themselves is shown: in the report, beside a transfer, in the summary."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from auditscan.cli import run

if TYPE_CHECKING:
    from pathlib import Path

FIRST = date(2026, 1, 5)
SILENT = date(2026, 2, 10)
RECORD = {"sender": "CMS", "recipient": "ICE", "states": ["TX"], "elements": ["phone"], "programs": ["medicaid"]}
AS_OF = ["--as-of", "2026-03-01"]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty days with a file and three transfers each; one day and its numbers are missing."""
    folder = tmp_path_factory.mktemp("logs") / "logs"
    folder.mkdir()
    for place in range(40):
        day = FIRST + timedelta(days=place)
        lines = [
            json.dumps(RECORD | {"transfer_id": f"T-{place * 3 + n:04d}", "occurred_at": f"{day}T15:0{n}:00Z"})
            for n in range(3)
        ]
        if day != SILENT:
            (folder / f"idr-{day}.ndjson").write_text("\n".join(lines) + "\n")
    kept = folder.parent / "kept.duckdb"
    assert run(["scan", str(folder), "--db", str(kept), "--exit-zero", *AS_OF]) == 0
    return kept


def said(text: str) -> str:
    """Words as they are, however the lines break."""
    return " ".join(text.split())


def test_the_report_has_them_in_a_section_of_their_own(database, capsys):
    assert run(["report", "--db", str(database), *AS_OF]) == 0
    assert "2 findings about the logs themselves (missing numbers 1, silent day 1)" in said(capsys.readouterr().out)
    assert run(["report", "--db", str(database), "--section", "logs", *AS_OF]) == 0
    shown = said(capsys.readouterr().out)
    section = shown[shown.index("The logs themselves") :]
    assert "Missing numbers (review)" in section
    assert "T-0000 to T-9999 3 numbers are missing: T-0108 to T-0110" in section
    assert f"idr-#.ndjson {SILENT} no record on {SILENT}, a Tuesday; 4 of the 4 before had some" in section


def test_a_report_without_any_does_not_speak_of_it(tmp_path, capsys):
    (tmp_path / "log.ndjson").write_text(json.dumps(RECORD) + "\n")
    assert run(["report", str(tmp_path / "log.ndjson"), *AS_OF]) == 0
    assert "the logs themselves" not in capsys.readouterr().out


def test_they_stand_beside_the_transfers_of_their_log(database, capsys):
    assert run(["explain", "T-0005", "--db", str(database), "--json", *AS_OF]) == 0
    (explained,) = json.loads(capsys.readouterr().out)
    assert [(found["rule"], found["severity"]) for found in explained["log_findings"]] == [("silent_day", "note")]
    assert run(["explain", "T-0005", "--db", str(database), *AS_OF]) == 0
    assert f"note silent_day: no record on {SILENT}" in said(capsys.readouterr().out)


def test_they_are_counted_and_move_no_verdict(database, capsys):
    assert run(["scan", "--db", str(database), "--json", *AS_OF]) == 0
    found = json.loads(capsys.readouterr().out)
    hits = {rule["id"]: rule["hits"] for rule in found["rules"]}
    assert (hits["silent_day"], hits["id_holes"], hits["silent_week"]) == (1, 1, 0)
    assert found["verdicts_now"]["review"] == found["verdicts_now"]["enjoined"] == 0


def test_a_selection_leaves_them_as_they_are(database, capsys):
    assert run(["report", "--db", str(database), "--state", "CA", "--section", "logs", *AS_OF]) == 0
    assert "Missing numbers (review)" in capsys.readouterr().out
