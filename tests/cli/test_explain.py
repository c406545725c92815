"""`auditscan explain` from outside: the tree at 80 columns, its JSON, and ids that lead nowhere."""

from __future__ import annotations

import json
import os
from contextlib import chdir
from pathlib import Path

import pytest

from auditscan.cli import run

AS_OF = "2026-03-01"
GOLDEN = Path(__file__).parents[1] / "golden"
BASIC = ["address", "date_of_birth"]


def transfer(name, **more):
    """A transfer that the order in force on AS_OF permits, unless `more` says otherwise."""
    return {
        "transfer_id": name,
        "occurred_at": "2026-02-11T05:30:00Z",
        "sender": "Centers for Medicare & Medicaid Services",
        "recipient": "ICE/ERO",
        "actor": "j.doe",
        "action": "download",
        "system": "IDR",
        "programs": ["medicaid"],
        "states": ["OR"],
        "elements": BASIC,
        "populations": ["not_lawfully_residing"],
        "record_count": 1204,
        "outcome": "success",
        **more,
    }


LOG = [
    transfer("permitted"),
    transfer(
        "barred",
        states=["OR", "WI", "TX"],
        elements=[*BASIC, "DIAGNOSIS-CODE-1", "First Name", "city", "shoe size"],
        populations=["us_citizen", "unknown"],
    ),
    transfer("before", occurred_at="2025-07-10", elements=["diagnosis"]),
    transfer("other-purpose", purpose="fraud investigation", elements=["diagnosis"]),
    transfer("open", occurred_at=None, recipient="HQ box", states=[], elements=["diagnosis"]),
    transfer("elsewhere", recipient="SSA"),
    transfer("twice", record_count=1),
    transfer("twice", record_count=2),
    transfer("permitted"),
]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder with the log and a database that has judged it."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "a.ndjson").write_text("".join(json.dumps(record) + "\n" for record in LOG))
    with chdir(folder):
        assert run(["scan", "a.ndjson", "--as-of", AS_OF, "--db", "kept.duckdb"]) == 12
    return folder


@pytest.fixture
def explain(kept, capsys, monkeypatch):
    """Run `explain` in this process; return its code, output and narration."""
    monkeypatch.chdir(kept)
    monkeypatch.delenv("COLUMNS", raising=False)

    def explain(name, *arguments, where=("--db", "kept.duckdb")):
        code = run(["explain", name, *where, "--as-of", AS_OF, "--threads", "2", *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return explain


def one(explain, name, *arguments):
    """Return the only explanation of an id as JSON."""
    code, out, err = explain(name, "--json", *arguments)
    assert (code, err) == (0, "")
    (found,) = json.loads(out)
    return found


@pytest.mark.parametrize("name", ["permitted", "barred", "before", "other-purpose", "open", "elsewhere", "twice"])
def test_the_tree_at_80_columns(explain, name):
    code, out, err = explain(name)
    assert (code, err) == (0, "")
    assert max(len(line) for line in out.splitlines()) <= 80
    assert not any(line != line.rstrip() for line in out.splitlines())
    golden = GOLDEN / f"explain_{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(out, encoding="utf-8")
    assert out == golden.read_text(encoding="utf-8"), "UPDATE_GOLDEN=1 accepts what has changed"


def test_logs_need_no_database(explain):
    assert explain("barred", where=["a.ndjson"]) == explain("barred")


def test_it_is_as_wide_as_asked_for(explain):
    _, out, _ = explain("barred", "--width", "120")
    assert 80 < max(len(line) for line in out.splitlines()) <= 120


def test_every_part_has_its_severity_and_the_line_that_decided(explain):
    regime = one(explain, "barred")["now"]["regime"]
    severities = {(part["kind"], part["key"]): part["severity"] for part in regime["parts"]}
    assert severities == {
        ("category", "diagnosis"): "enjoined",
        ("category", "name"): "review",
        ("category", "unclassified"): "review",
        ("category", "locality"): "permitted",
        ("category", "address"): "permitted",
        ("category", "date_of_birth"): "permitted",
        ("population", "us_citizen"): "enjoined",
        ("population", "unknown"): "review",
        ("program", "medicaid"): "permitted",
    }
    assert {part["implied_by"] for part in regime["parts"]} == {None, "address"}
    assert all(part["origin"].startswith("regimes.toml:") for part in regime["parts"])
    assert {state["state"]: state["severity"] for state in regime["states"]} == {
        "OR": "enjoined",
        "TX": "outside",
        "WI": "review",
    }
    assert (regime["content"], regime["verdict"]) == ("enjoined", "enjoined")


def test_what_it_would_take_to_be_permitted(explain):
    ways = one(explain, "barred")["now"]["permitted_if"]
    assert "without the data diagnosis" in ways
    assert "without the people us_citizen" in ways
    assert "find out which category of data it is (shoe size)" in ways
    assert ways[-1].startswith("or, without OR and if the order does not cover WI, outside")
    assert one(explain, "permitted")["now"]["permitted_if"] == []


def test_a_purpose_that_caps_is_said(explain):
    now = one(explain, "other-purpose")["now"]
    assert (now["regime"]["content_before_purpose"], now["regime"]["content"]) == ("enjoined", "review")
    assert not any("purpose" in way for way in now["permitted_if"])


def test_what_overrides_the_regime_is_said(explain):
    found = one(explain, "open")
    assert (found["now"]["verdict"], found["then"]["verdict"]) == ("review", "review")
    assert found["now"]["because"].startswith("no table knows one of the parties")
    assert found["then"]["regime"] is None
    assert "find out when it happened" in found["then"]["permitted_if"]
    assert one(explain, "elsewhere")["now"]["because"].startswith("the parties are not CMS and DHS")


def test_records_that_say_different_things_under_one_id_are_all_shown(explain):
    _, out, _ = explain("twice", "--json")
    assert [found["record"]["record_count"] for found in json.loads(out)] == [1, 2]


def test_duplicates_are_named(explain):
    assert one(explain, "permitted")["repeats"] == ["a.ndjson, line 9"]


def test_verdicts_are_those_of_the_answers(explain, tmp_path, capsys):
    path = tmp_path / "answers.ndjson"
    assert run(["scan", "a.ndjson", "--as-of", AS_OF, "--out", str(path)]) == 12
    capsys.readouterr()
    for answer in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        _, out, _ = explain(answer["transfer_id"], "--json")
        found = next(
            explanation
            for explanation in json.loads(out)
            if explanation["record"]["source_record"] == answer["source_record"]
        )
        assert found["now"]["verdict"] == answer["verdict_now"]
        assert found["then"]["verdict"] == answer["verdict_then"]
        assert [finding["rule"] for finding in found["findings"]] == answer["reasons"]


@pytest.mark.parametrize("arguments", [[], ["--as-of", "2025-09-01"], ["--since", "2026-01-01"]])
def test_a_kept_database_is_only_read(explain, kept, arguments):
    before = (kept / "kept.duckdb").read_bytes()
    found = one(explain, "barred", *arguments)
    assert found["now"]["regime"]["regime_id"] == ("R1" if "2025-09-01" in arguments else "R2")
    assert (kept / "kept.duckdb").read_bytes() == before
    assert sorted(entry.name for entry in kept.iterdir()) == ["a.ndjson", "kept.duckdb"]


def test_an_unknown_id_gets_near_ones(explain):
    code, out, err = explain("permited")
    assert (code, out) == (3, "")
    assert "no transfer has the id 'permited'" in err
    assert "did you mean permitted?" in err


def test_what_logs_say_is_shown_and_never_obeyed(explain, tmp_path):
    hostile = transfer("\x1b[31mred", elements=["[bold]x[/bold]", "a\u202eb"], actor="\x07bell")
    log = tmp_path / "hostile.ndjson"
    log.write_text(json.dumps(hostile) + "\n")
    code, out, _ = explain("\x1b[31mred", where=[str(log)])
    assert code == 0
    assert not {"\x1b", "\x07", "\u202e"} & set(out)
    assert "\\x1b[31mred" in out
    assert "[bold]x[/bold]" in out
