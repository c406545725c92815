"""`auditscan compare` from outside, on a ledger that three nightly scans made."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb
import pytest

from auditscan.cli import run
from nights import write

GOLDEN = Path(__file__).parents[1] / "golden"

POLICY = """
[[regimes]]
id = "R2"
[regimes.categories]
name = "permitted"
"""
SUPPRESSED = """
[[suppress]]
id = "told-to-the-court"
rule = "plaintiff_state"
state = "OR"
reason = "Told to the court on 5 January."
owner = "officer@example.org"
until = 2030-01-01
"""
DAYS = ("2026-03-05", "2026-03-06", "2026-03-06")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Logs, a ledger of three scans and what they were told."""
    folder = tmp_path_factory.mktemp("nights")
    here = Path.cwd()
    os.chdir(folder)
    try:
        night = ["nightly", "--logs", "logs", "--ledger", "ledger", "--threads", "2"]
        names = {"elements": ["first name"]}
        write(
            folder / "logs" / "one.ndjson",
            {"transfer_id": "T-1", "states": ["OR"]},
            {"transfer_id": "T-2"} | names,
            {"transfer_id": "T-3", "states": ["CA"], "outcome": "kaput"} | names,
        )
        assert run([*night, "--as-of", "2026-03-05"]) in (11, 12)
        write(
            folder / "logs" / "one.ndjson",
            {"transfer_id": "T-1", "states": ["OR"]},
            {"transfer_id": "T-2", "elements": ["first name", "diagnosis"]},
            {"transfer_id": "T-3", "states": ["CA"], "outcome": "kaput"} | names,
        )
        write(
            folder / "logs" / "two.ndjson",
            {"transfer_id": "T-4", "states": ["NY"], "elements": ["diagnosis", "\x1b[31mred"]},
            {"transfer_id": "T-5", "occurred_at": "2026-02-10T07:00:00Z"},
        )
        assert run([*night, "--as-of", "2026-03-06"]) in (11, 12)
        (folder / "mine").mkdir()
        (folder / "mine" / "regimes.toml").write_text(POLICY)
        (folder / "suppressions.toml").write_text(SUPPRESSED)
        more = ["--policy", "mine", "--suppressions", "suppressions.toml"]
        assert run([*night, "--as-of", "2026-03-06", *more]) in (11, 12)
    finally:
        os.chdir(here)
    with duckdb.connect(str(folder / "ledger" / "ledger.duckdb")) as connection:
        for number, day in enumerate(DAYS, start=1):
            connection.execute(
                "update scans set started_at = $1::date + interval 135 minute, auditscan_version = '1', "
                "engine_version = 'v2' where scan_id = $2",
                [day, number],
            )
    return folder


@pytest.fixture
def say(capsys, folder, monkeypatch):
    """Compare scans of the ledger; return the code and what was written."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("COLUMNS", raising=False)

    def command(*arguments, ledger="ledger"):
        capsys.readouterr()
        code = run(["compare", *arguments, *(("--ledger", ledger) if ledger else ())])
        return code, *capsys.readouterr()

    return command


@pytest.mark.parametrize(("name", "arguments"), [("compare_80", ("1", "--list", "40")), ("compare_last_80", ())])
def test_what_it_draws(name, arguments, say):
    code, out, err = say(*arguments)
    assert (code, err) == (0, "")
    assert max(len(line) for line in out.splitlines()) <= 80
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(out, encoding="utf-8")
    assert out == golden.read_text(encoding="utf-8")


def test_json_holds_what_is_drawn(say):
    code, out, _ = say("1", "2", "--json", "--list", "-1")
    found = json.loads(out)
    assert code == 0
    assert (found["before"]["scan_id"], found["after"]["started_at"]) == (1, "2026-03-06T02:15:00Z")
    assert found["differs"] == ["day of now"]
    assert len(found["findings"]) == found["changed"] > 5
    assert sum(row["new"] for row in found["rules"]) == sum(row["change"] == "new" for row in found["findings"])
    by_rule = {(row["rule"], row["transfer_id"]): row for row in found["findings"]}
    ended = by_rule["after_agreement_end", "T-5"]
    assert (ended["cause"], ended["source_file"], ended["source_record"]) == ("new log", "logs/two.ndjson", 2)
    # What a rule on single events found is worked out again for those that are listed.
    assert ended["evidence_after"].startswith("2026-02-09 is after")
    assert by_rule["conflicting_id", "T-2"]["cause"] == "changed log"


def test_scans_by_day_in_any_order_and_one_rule(say):
    whole = json.loads(say("1", "3", "--json")[1])
    assert json.loads(say("2026-03-06", "2026-03-05", "--json")[1]) == whole
    assert json.loads(say("2026-03-05", "--json")[1]) == whole
    one = json.loads(say("1", "--rule", "plaintiff_state", "--json", "--list", "-1")[1])
    assert {row["rule"] for row in one["findings"]} == {row["rule"] for row in one["rules"]} == {"plaintiff_state"}
    assert one["rules"] == [row for row in whole["rules"] if row["rule"] == "plaintiff_state"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("7",), "no scan 7|its scans are 1 to 3"),
        (("2026-03-01",), "no scan was made on 2026-03-01|2026-03-05 and 2026-03-06"),
        (("yesterday",), "'yesterday' is no scan|2026-01-06"),
        (("3",), "with itself"),
        (("1", "2", "3"), "two scans are compared"),
        (("--rule", "plaintif_state"), "did you mean plaintiff_state?"),
    ],
)
def test_what_cannot_be_compared(arguments, words, say):
    code, out, err = say(*arguments)
    assert (code, out) == (2, "")
    assert all(word in err for word in words.split("|"))


def test_no_ledger(say, tmp_path):
    assert say(ledger=None)[0] == 2
    code, _, err = say(ledger=str(tmp_path))
    assert code == 3
    assert "there is no ledger here" in err


def test_the_ledger_is_only_read(say, folder):
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    say("1", "--list", "-1")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == files
