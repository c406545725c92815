"""Events for a queue: every one fits the published schema, and says what the database says."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from contextlib import chdir
from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema
import ocsf_json_schema
import pytest
from ocsf_json_schema.embedded import OcsfJsonSchemaEmbedded
from ocsf_json_schema.loader import load_ocsf_schema_json

from auditscan.cli import run
from auditscan.errors import ExitCode
from auditscan.store import open_store
from ledger.keeping import Keeper, record
from scans import LIBRARY

SUPPRESSIONS = """
[[suppress]]
transfer = "T-3"
reason = "looked at"
owner = "somebody"
until = 2027-01-01
max = 50
"""


@pytest.fixture(scope="module")
def fits():
    """A function that returns what of an event the schema of OCSF 1.5.0 refuses."""
    # The JSON: the package has pickles of it too, and a pickle runs what it likes.
    file = Path(ocsf_json_schema.__file__).parent / "ocsf" / "1.5.0.json"
    schemas = OcsfJsonSchemaEmbedded(load_ocsf_schema_json(str(file)))
    checks = {}
    for uid in (2004, 2006, 6007):
        schema = schemas.get_class_schema(schemas.lookup_class_name_from_uid(uid))
        checks[uid] = jsonschema.validators.validator_for(schema)(schema)

    def errors(event):
        assert event["metadata"]["version"] == "1.5.0"
        # The schema still takes the activity Suppressed, which it gave up in 1.4.
        assert event["activity_id"] in (1, 2, 3)
        return [f"{error.json_path}: {error.message}" for error in checks[event["class_uid"]].iter_errors(event)]

    return errors


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


@pytest.fixture(scope="module")
def sample(judged_samples, tmp_path_factory):
    """The sample logs in a kept database, as events of both classes; with the folder."""
    folder = tmp_path_factory.mktemp("events")
    shutil.copy(judged_samples[0], folder / "case.duckdb")
    reported = ["report", "--db", str(folder / "case.duckdb"), "--as-of", "2026-11-22", "--brief"]
    assert run([*reported, "--out", str(folder / "a.ocsf.ndjson"), "--receipt", str(folder / "r.json")]) == 0
    assert run([*reported, "--out", str(folder / "b.ocsf.ndjson"), "--ocsf-class", "detection"]) == 0
    return folder


@pytest.mark.parametrize(("name", "class_uid"), [("a", 2006), ("b", 2004)])
def test_every_event_of_the_sample_logs_fits_the_schema(sample, fits, name, class_uid):
    *events, scan = read(sample / f"{name}.ocsf.ndjson")
    assert scan["class_uid"] == 6007
    assert fits(scan) == []
    assert {event["class_uid"] for event in events} == {class_uid}
    assert [(event["message"], wrong) for event in events if (wrong := fits(event))] == []
    assert {(event["activity_id"], event["status_id"]) for event in events} == {(1, 1)}


def test_events_say_what_the_database_says(sample):
    *events, scan = read(sample / "a.ocsf.ndjson")
    transfers = [event for event in events if event["finding_info"]["types"] == ["data transfer"]]
    with open_store(sample / "case.duckdb", LIBRARY, read_only=True) as store:
        assert Counter(
            (event["unmapped"]["verdict_now"], event["unmapped"]["verdict_then"]) for event in transfers
        ) == {
            (now, then): count
            for now, then, count in store.rows(
                "select verdict_now, verdict_then, count(*) from answers where reasons <> [] group by all"
            )
        }
        found = {
            (event["unmapped"]["transfer_id"], finding["rule"], finding["evidence"])
            for event in transfers
            for finding in event["unmapped"]["findings"]
        }
        assert found == set(store.rows("select distinct transfer_id, rule, evidence from findings"))
        logs = {(event["unmapped"]["rule"], event["unmapped"]["subject"]) for event in events if event not in transfers}
        assert logs == set(store.rows("select distinct rule, subject from source_findings"))
        (sums,) = store.rows(
            "select sum(records), sum(transfers), sum(not_transfers), sum(duplicates), sum(quarantined) "
            "from accounting where current"
        )
    assert tuple(scan["unmapped"]["accounting"].values()) == sums
    assert scan["num_detections"] == len(events)
    uids = [event["finding_info"]["uid"] for event in events]
    assert len(uids) == len(set(uids))


def test_the_scan_says_what_was_not_read_and_how_sure_the_law_is(sample):
    *events, scan = read(sample / "a.ocsf.ndjson")
    assert (scan["status"], scan["unmapped"]["caption"]) == ("Incomplete", scan["message"])
    assert "records 11" in scan["status_detail"]
    assert scan["unmapped"]["no_order_read"].startswith("No order was read in full")
    assert any("would be barred now" in line for line in scan["unmapped"]["said"])
    assert "reported, not applied" in {order["standing"] for order in scan["unmapped"]["orders"]}
    assert all(file["sha256"] for file in scan["unmapped"]["files"])
    deduced = [event for event in events if event["unmapped"].get("verdict_basis") == "deduced"]
    assert deduced
    assert all("rests on what was deduced, not logged" in event["message"] for event in deduced)
    assert all(event["severity"] != "Critical" for event in deduced)
    assert any("which is not to say lawful" in event["message"] for event in events)
    worst = next(event for event in events if event["severity"] == "Critical")
    finding = worst["unmapped"]["findings"][0]
    assert (finding["certainty"], finding["certainty_in_words"]) == ("B", "quoted by others from the text")


def test_every_event_names_the_receipt(sample):
    receipt = json.loads((sample / "r.json").read_text())
    metadata = [event["metadata"] for event in read(sample / "a.ocsf.ndjson")]
    assert {(each["log_name"], each["correlation_uid"]) for each in metadata} == {("r.json", receipt["rests_on"])}
    assert set(receipt["products"]) == {"document:a.ocsf.ndjson"}


# --- a ledger -----------------------------------------------------------------------------------------

DAY = "2025-07-15"
"""Of the last scan: before the first order, so that what was barred by it alone is found no more."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A ledger whose last scan found something new, changed, suppressed and closed; with its events."""
    folder = tmp_path_factory.mktemp("ledger")

    def log(keeper, second):
        keeper.log(
            "a.ndjson",
            record(2, elements=["ssn", "diagnosis"] if second else ["ssn"]),
            record(3, elements=["ssn"]),
            record(5, elements=["ssn"], occurred_at="2025-07-10T12:00:00Z"),
            record(8, elements=["ssn"], occurred_at="2025-07-16T12:00:00Z", states=["TX"]),
        )

    with chdir(folder):
        keeper = Keeper()
        log(keeper, second=False)
        keeper.night()
        log(keeper, second=True)
        keeper.log("b.ndjson", record(7, elements=["ssn"]))
        (folder / "suppressions.toml").write_text(SUPPRESSIONS)
        keeper.night(suppressions=folder / "suppressions.toml", as_of=date.fromisoformat(DAY))
        report = ["report", "--db", "ledger/ledger.duckdb", "--brief", "--as-of", DAY]
        assert run([*report, "--out", "e.ocsf.ndjson", "--out", "again.ocsf.ndjson"]) == ExitCode.CLEAN
    return folder


def test_what_the_last_scan_changed_is_new_changed_suppressed_or_closed(kept, fits):
    *events, scan = read(kept / "e.ocsf.ndjson")
    assert [wrong for event in (scan, *events) for wrong in fits(event)] == []
    states = {
        (event["unmapped"]["transfer_id"], event["activity_name"], event["status"])
        for event in events
        if "transfer_id" in event["unmapped"]
    }
    assert states >= {
        ("T-7", "Create", "New"),
        ("T-2", "Update", "New"),
        ("T-3", "Update", "Suppressed"),
        ("T-5", "Close", "Resolved"),
    }
    assert scan["unmapped"]["only_changes"] is True
    (closed,) = (event for event in events if event["unmapped"].get("transfer_id") == "T-5")
    assert closed["unmapped"]["findings"] == []
    assert {change["change"] for change in closed["unmapped"]["changes"]} == {"gone"}
    assert not closed["is_alert"]
    assert {event["unmapped"]["rule"] for event in events if "subject" in event["unmapped"]} == {"changed_evidence"}


def test_an_id_stays_the_same_from_scan_to_scan(kept, tmp_path, monkeypatch):
    monkeypatch.chdir(kept)
    *events, _ = read(kept / "e.ocsf.ndjson")
    now = {event["message"].split()[1]: event["finding_info"]["uid"] for event in reversed(events)}
    assert run(["report", "logs", "--out", str(tmp_path / "x.ocsf.ndjson"), "--brief"]) == 0
    *others, _ = read(tmp_path / "x.ocsf.ndjson")
    then = {event["message"].split()[1]: event["finding_info"]["uid"] for event in others}
    assert {name: now[name] for name in ("T-3", "T-7")} == {name: then[name] for name in ("T-3", "T-7")}


def test_the_events_of_a_ledger_name_its_last_receipt(kept):
    with open_store(kept / "ledger/ledger.duckdb", LIBRARY, read_only=True) as store:
        head = store.one("select max_by(sha256, scan_id) from receipts")
    assert {event["metadata"]["correlation_uid"] for event in read(kept / "e.ocsf.ndjson")} == {head}


def test_the_same_moment_gives_the_same_bytes(kept):
    assert (kept / "e.ocsf.ndjson").read_bytes() == (kept / "again.ocsf.ndjson").read_bytes()


def test_a_ledger_that_is_judged_otherwise_has_no_events(kept, monkeypatch, capsys):
    monkeypatch.chdir(kept)
    assert run(["report", "--db", "ledger/ledger.duckdb", "--out", "no.ocsf.ndjson"]) == ExitCode.USAGE
    assert f"--as-of {DAY}" in capsys.readouterr().err
    assert not (kept / "no.ocsf.ndjson").exists()


# --- hostile text -------------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>", "[x](javascript:alert(1))", "\x1b[31m\x1b]0;x\x07", "a\u202eb", "=1+1", "x" * 10_000,
    "\U0001f980", "患者", "a\x00b", "a\u2028b", '"},{"class_uid":1', "null", "\\u0041",
]  # fmt: skip


def test_hostile_text_is_data_and_nothing_else(tmp_path, monkeypatch, fits):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.ndjson").write_text(
        "".join(
            record(f"{number}{text}", elements=["ssn", text], sender=text, system=text, actor=text) + "\n"
            for number, text in enumerate(HOSTILE)
        )
    )
    assert run(["report", "logs", "--held-by", "CMS", "--out", "e.ocsf.ndjson", "--brief"]) == 0
    raw = (tmp_path / "e.ocsf.ndjson").read_bytes()
    assert not {0x00, 0x1B, 0x07, 0x0D} & set(raw)
    *events, _ = read(tmp_path / "e.ocsf.ndjson")
    assert [wrong for event in events for wrong in fits(event)] == []
    actors = {event["actor"]["user"]["name"] for event in events if "actor" in event}
    assert actors >= {text for text in HOSTILE if "\x00" not in text}
    assert datetime.fromtimestamp(events[0]["time"] / 1000, UTC).year >= 2026
