"""Who stands behind the texts of a log: what a scan says of unknown parties, and of what DHS passed on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from auditscan.cli import run

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2026-03-01"


def transfer(number: int, sender: str, recipient: str) -> str:
    fields = {
        "transfer_id": f"T-{number}",
        "occurred_at": "2026-02-03T12:00:00Z",
        "sender": sender,
        "recipient": recipient,
        "programs": ["medicaid"],
        "states": ["OR"],
        "elements": ["phone"],
        "populations": ["not_lawfully_residing"],
        "record_count": 10,
    }
    return json.dumps(fields) + "\n"


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve unknown recipients, the first of them twice, one text with an escape; and two onward transfers."""
    monkeypatch.chdir(tmp_path)
    lines = [transfer(number, "CMS", f"box{number:02}@agency.example") for number in range(1, 12)]
    lines += [transfer(20, "CMS", "box01@agency.example"), transfer(21, "svc\x1b[31m", "ICE")]
    lines += [transfer(number, "roe@ice.dhs.gov", "lee@palantir.com") for number in (30, 31)]
    path = tmp_path / "log.ndjson"
    path.write_text("".join(lines))
    return path


def test_a_scan_lists_unknown_parties_and_counts_what_was_passed_on(log, capsys):
    run(["scan", "log.ndjson", "--as-of", AS_OF, "--exit-zero"])
    said = capsys.readouterr().err.splitlines()
    assert "2 onward, out of scope: see `auditscan query onward`" in said
    first = said.index("these 12 parties are unknown; add them to parties.csv in an overlay (--policy):")
    assert said[first + 1].split() == ["box01@agency.example", "recipient", "2", "log.ndjson"]
    assert len(said[first + 2 : -1]) == 9
    assert said[-1] == "  and 2 more: see `auditscan query unknown_parties`"
    assert all(len(line) <= 80 and "\x1b" not in line for line in said)


def test_json_has_both(log, capsys):
    run(["scan", "log.ndjson", "--as-of", AS_OF, "--exit-zero", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["onward"] == 2
    assert found["unknown_parties"]["in_all"] == 12
    assert found["unknown_parties"]["most_frequent"][0] == {
        "text": "box01@agency.example",
        "role": "recipient",
        "transfers": 2,
        "in_scope": 2,
        "first_file": "log.ndjson",
    }


def test_the_queries_list_all(log, capsys):
    assert run(["query", "unknown_parties", "log.ndjson", "--as-of", AS_OF, "--format", "ndjson"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 12
    assert run(["query", "onward", "log.ndjson", "--as-of", AS_OF, "--format", "ndjson"]) == 0
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (row["sender_agency"], row["recipient"], row["month"], row["transfers"]) == ("ICE", "PALANTIR", "2026-02", 2)


def test_a_line_for_an_unknown_party_judges_again_without_the_log(log, tmp_path, capsys):
    assert run(["scan", "log.ndjson", "--as-of", AS_OF, "--db", "k.duckdb", "--exit-zero"]) == 0
    log.unlink()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "parties.csv").write_text("kind,value,agency\nmail_domain,agency.example,ICE\n")
    capsys.readouterr()
    run(["scan", "--db", "k.duckdb", "--as-of", AS_OF, "--policy", "mine", "--exit-zero", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["unknown_parties"]["in_all"] == 1
    assert found["verdicts_now"]["permitted"] == 12


def test_the_report_shows_both_and_leaves_them_out_where_there_are_none(log, capsys):
    run(["report", "log.ndjson", "--as-of", AS_OF, "--width", "80"])
    shown = capsys.readouterr().out
    assert "in which DHS passed data on, out of scope" in shown
    assert "more: `auditscan query unknown_parties` has all." in shown
    run(["report", "log.ndjson", "--as-of", AS_OF, "--width", "80", "--section", "onward", "--section", "parties"])
    shown = capsys.readouterr().out
    assert "Passed on by DHS" in shown
    assert "2 texts more: `auditscan query unknown_parties` has all." in shown
    log.write_text(transfer(1, "CMS", "ICE"))
    run(["report", "log.ndjson", "--as-of", AS_OF, "--width", "80"])
    shown = capsys.readouterr().out
    assert "DHS passed data on" not in shown
    assert "Parties that no table knows" not in shown
