"""`auditscan scan` from outside: exit codes, what it writes where, and that it leaves nothing half done."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from asking import AS_OF, transfer
from auditscan.cli import run

COUNTS = ("records", "transfers", "not_transfers", "duplicates", "quarantined")


BARRED = {}
UNKNOWN = {"elements": ["shoe size"]}
ALLOWED = {"elements": ["address"]}
ELSEWHERE = {"elements": ["address"], "states": ["TX"]}


def write(path, *records):
    """Write records, or lines as they are, and return the path."""
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("".join(line + "\n" for line in lines))
    return path


@pytest.fixture
def scan(capsys, tmp_path, monkeypatch):
    """Run `scan` in this process, in a folder of its own; return its code, output and narration."""
    monkeypatch.chdir(tmp_path)

    def scan(*arguments):
        code = run(["scan", "--as-of", AS_OF, "--threads", "2", *map(str, arguments)])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return scan


def counted(scan, *arguments):
    """Run `scan --json` and return its exit code and the object it wrote."""
    code, out, err = scan(*arguments, "--json")
    assert err == ""
    return code, json.loads(out)


# --- exit codes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([ELSEWHERE], 0),
        ([ALLOWED], 10),
        ([ALLOWED, UNKNOWN], 11),
        ([ALLOWED, UNKNOWN, BARRED], 12),
        ([BARRED | {"outcome": "failure"}, ELSEWHERE], 0),
        ([BARRED | {"recipient": "SSA"}], 0),
        ([BARRED | {"occurred_at": "2025-05-30"}], 0),
    ],
)
def test_the_worst_verdict_now_is_the_exit_code(scan, tmp_path, records, code):
    log = write(tmp_path / "a.ndjson", *(transfer(n, **r) for n, r in enumerate(records, 1)))
    assert scan(log)[0] == code


def test_exit_zero_hides_what_was_found(scan, tmp_path):
    assert scan(write(tmp_path / "a.ndjson", transfer(1)), "--exit-zero")[0] == 0


def test_a_record_that_cannot_be_read_makes_the_run_incomplete(scan, tmp_path):
    log = write(tmp_path / "a.ndjson", transfer(1), '{"transfer_id": "T-', "[1]")
    code, found = counted(scan, log)
    assert code == found["exit_code"] == 20
    assert found["complete"] is False
    assert found["incomplete_because"] == [f"{log}: 2 records could not be read"]
    assert scan(log, "--exit-zero")[0] == 20
    assert scan(log, "--allow-quarantined", "1")[0] == 20
    code, found = counted(scan, log, "--allow-quarantined", "2")
    assert (code, found["complete"], found["allowed_quarantined"]) == (12, True, 2)


def test_a_file_of_no_known_format_makes_the_run_incomplete(scan, tmp_path):
    write(tmp_path / "a.ndjson", transfer(1))
    (tmp_path / "b.bin").write_bytes(bytes(range(256)))
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7 \x00\x01")
    code, found = counted(scan, "a.ndjson", "b.bin", "c.pdf", "--allow-quarantined", "9")
    assert code == 20
    (sentence,) = found["incomplete_because"]
    assert sentence.startswith("b.bin is not a log that auditscan knows: ")
    assert [(line["status"], line["note"]) for line in found["files"] if line["path"] == "c.pdf"] == [("no_log", "PDF")]


def test_a_rule_that_fails_makes_the_run_incomplete(scan, tmp_path):
    log = write(tmp_path / "a.ndjson", transfer(1))
    (tmp_path / "more" / "rules").mkdir(parents=True)
    (tmp_path / "more" / "rules" / "broken.sql").write_text(
        '/*\ntitle = "Broken"\ndescription = "Fails."\nseverity = "note"\nreads = "transfers"\n'
        'citation = "None"\nevidence = "A"\nwhy = "To fail."\nfalse_positives = "None."\n*/\n'
        "select record_key, '' as evidence, '' as citation, 'A' as certainty\n"
        "from kept_records where error('on purpose') is null\n"
    )
    code, found = counted(scan, log, "--queries", "more")
    assert code == 20
    (sentence,) = found["incomplete_because"]
    assert sentence.startswith("rule broken failed: ")
    assert "on purpose" in sentence
    outcomes = {rule["id"]: rule["outcome"] for rule in found["rules"]}
    assert outcomes["broken"] == "failed"
    assert outcomes["enjoined_category"] == "ran"


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        ([], 2, "nothing to look at"),
        (["nowhere"], 3, "no such file"),
        (["--db", "none.duckdb"], 3, "no such database"),
        (["a.ndjson", "--out", "a.txt"], 2, ".parquet"),
        (["a.ndjson", "--out", "none/a.csv"], 2, "no such folder"),
        (["a.ndjson", "--out", "a.ndjson"], 2, "among the logs"),
        ([".", "--out", "answers.csv"], 2, "among the logs"),
        ([".", "--db", "all.duckdb"], 2, "among the logs"),
        (["a.ndjson", "--source-zone", "Mars/Phobos"], 2, "Mars/Phobos"),
        (["a.ndjson", "--since", "20250601"], 2, "2025-06-01"),
        (["a.ndjson", "--threads", "0"], 2, "threads"),
        (["a.ndjson", "--policy", "nowhere"], 2, "nowhere"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_is_read(scan, tmp_path, arguments, code, word):
    log = write(tmp_path / "a.ndjson", transfer(1))
    before = log.read_bytes()
    ended, out, err = scan(*arguments)
    assert (ended, out) == (code, "")
    assert word in err
    assert "Traceback" not in err
    assert log.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.ndjson"]


# --- what it says -------------------------------------------------------------------------------


def test_standard_output_is_data(scan, tmp_path):
    log = write(tmp_path / "a.ndjson", transfer(1), transfer(2, **ALLOWED))
    _, out, err = scan(log)
    assert out == ""
    assert "2 records: 2 transfers, 0 others, 0 duplicates, 0 in the quarantine" in err
    _, out, err = scan(log, "--out", "answers.csv")
    assert out == ""
    assert "2 answers in answers.csv" in err


def test_the_accounting_of_every_file(scan, tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    write(logs / "a.ndjson", transfer(1), transfer(2), "not json")
    write(logs / "b.ndjson", transfer(2), transfer(3, elments=["ssn"]))
    (logs / "c.ndjson").write_bytes((logs / "a.ndjson").read_bytes())
    (logs / "README.md").write_text("# Logs\n")
    (logs / "empty.csv").write_text("")
    _, found = counted(scan, logs)
    lines = {line["path"].split("/")[-1]: line for line in found["files"]}
    assert {name: line["status"] for name, line in lines.items()} == {
        "README.md": "skipped",
        "a.ndjson": "read",
        "b.ndjson": "read",
        "c.ndjson": "copy",
        "empty.csv": "empty",
    }
    assert [tuple(lines[f"{n}.ndjson"][c] for c in COUNTS) for n in "abc"] == [
        (3, 2, 0, 0, 1),
        (2, 1, 0, 1, 0),
        (3, 0, 0, 2, 1),
    ]
    assert lines["b.ndjson"]["unknown_fields"] == ["elments"]
    assert lines["a.ndjson"]["sha256"] == hashlib.sha256((logs / "a.ndjson").read_bytes()).hexdigest()
    assert found["totals"] == {name: sum(line[name] for line in found["files"]) for name in COUNTS}
    assert found["totals"]["transfers"] == sum(found["verdicts_now"].values())


def test_attempts_are_counted_apart(scan, tmp_path):
    log = write(
        tmp_path / "a.ndjson",
        transfer(1, outcome="failure"),
        transfer(2, outcome="partial"),
        transfer(3, **ALLOWED),
    )
    _, found = counted(scan, log)
    assert found["verdicts_now"] == {
        "enjoined": 1, "review": 0, "permitted": 1, "outside": 0, "attempt": 1, "unattributed": 0, "out_of_scope": 0
    }  # fmt: skip
    assert found["flagged"] == 2
    assert found["transfers"] == sum(found["verdicts_now"].values()) == 3
    assert found["attempts"]["verdicts_now"]["enjoined"] == 1


def test_overlays_are_named_with_each_change(scan, tmp_path):
    log = write(tmp_path / "a.ndjson", transfer(1))
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "regimes.toml").write_text(
        '[[regimes]]\nid = "R2"\n[regimes.categories]\ndiagnosis = "permitted"\n'
    )
    assert scan(log)[0] == 12
    code, found = counted(scan, log, "--policy", "ours")
    assert code == 10
    assert found["overlays"] == [
        {"folder": "ours", "changes": ["regimes.toml:4 adds R2.categories.diagnosis: permitted"]}
    ]


def test_settings_come_from_the_environment_too(scan, tmp_path, monkeypatch):
    log = write(tmp_path / "a.ndjson", transfer(1))
    monkeypatch.setenv("AUDITSCAN_SINCE", "2026-02-15")
    monkeypatch.setenv("AUDITSCAN_DB", "kept.duckdb")
    assert counted(scan, log)[1]["since"] == "2026-02-15"
    assert (tmp_path / "kept.duckdb").exists()
    assert counted(scan, log, "--since", "2026-02-01")[1]["since"] == "2026-02-01"


# --- the database -------------------------------------------------------------------------------


def test_the_same_content_again_adds_nothing(scan, tmp_path):
    log = write(tmp_path / "a.ndjson", transfer(1), transfer(2), "junk")
    first = counted(scan, log, "--db", "kept.duckdb", "--out", "1.ndjson")
    again = counted(scan, log, "--db", "kept.duckdb", "--out", "2.ndjson")
    assert again == first
    alone = counted(scan, "--db", "kept.duckdb", "--out", "3.ndjson")
    assert alone == first
    texts = {(tmp_path / f"{n}.ndjson").read_bytes() for n in (1, 2, 3)}
    assert len(texts) == 1


def test_a_kept_database_takes_what_is_new(scan, tmp_path):
    one = write(tmp_path / "a.ndjson", transfer(1), transfer(2))
    two = write(tmp_path / "b.ndjson", transfer(2), transfer(3))
    counted(scan, one, "--db", "kept.duckdb")
    kept = counted(scan, two, "--db", "kept.duckdb", "--out", "kept.csv")
    fresh = counted(scan, one, two, "--out", "fresh.csv")
    assert kept == fresh
    assert (tmp_path / "kept.csv").read_bytes() == (tmp_path / "fresh.csv").read_bytes()


def test_a_file_that_could_be_read_later_is_complete(scan, tmp_path):
    log = tmp_path / "a.ndjson"
    log.write_text('{"somebody": "else"}\n')
    code, found = counted(scan, log, "--db", "kept.duckdb")
    assert (code, found["files"][0]["status"]) == (20, "unrecognized")
    write(log, transfer(1))
    code, found = counted(scan, log, "--db", "kept.duckdb")
    assert (code, found["complete"]) == (12, True)
    assert [line["status"] for line in found["files"]] == ["read"]


def test_a_database_of_somebody_else_is_left_alone(scan, tmp_path):
    log = write(tmp_path / "a.ndjson", transfer(1))
    (tmp_path / "theirs.duckdb").write_bytes(b"SQLite format 3\x00" + bytes(5000))
    before = (tmp_path / "theirs.duckdb").read_bytes()
    code, _, err = scan(log, "--db", "theirs.duckdb")
    assert code == 1
    assert "Traceback" not in err
    assert (tmp_path / "theirs.duckdb").read_bytes() == before


# --- ended early --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_log(tmp_path_factory):
    """A log that takes some seconds to read."""
    path = tmp_path_factory.mktemp("long") / "long.ndjson"
    lines = "".join(
        json.dumps(transfer(1, transfer_id=f"T-{n % 40}", states=[["OR", "CA", "TX"][n % 3]])) + "\n"
        for n in range(2_000)
    )
    # Ids repeat: finding the duplicates of two million records takes its time as well.
    with path.open("w") as log:
        for _ in range(700):
            log.write(lines)
    return path


@pytest.fixture(scope="module")
def small_database(tmp_path_factory):
    """What an earlier scan kept."""
    folder = tmp_path_factory.mktemp("small")
    log = write(folder / "small.ndjson", transfer(1))
    assert run(["scan", str(log), "--db", str(folder / "kept.duckdb"), "--as-of", AS_OF]) == 12
    return folder / "kept.duckdb"


@pytest.mark.parametrize(("sent", "after"), [(signal.SIGINT, 0.2), (signal.SIGINT, 1.5), (signal.SIGTERM, 0.7)])
def test_interrupted_it_leaves_everything_as_it_was(long_log, small_database, tmp_path, sent, after):
    shutil.copy(small_database, tmp_path)
    out = tmp_path / "answers.ndjson"
    out.write_text("of an earlier scan\n")
    before = {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()}
    command = [sys.executable, "-m", "auditscan", "scan", str(long_log)]
    scan = subprocess.Popen(
        [*command, "--db", str(tmp_path / "kept.duckdb"), "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    # From when it has begun to write: how long a process takes to start is the machine's affair.
    while not list(tmp_path.glob(".auditscan-*")):
        assert scan.poll() is None
        time.sleep(0.02)
    time.sleep(after)
    scan.send_signal(sent)
    asked = time.monotonic()
    said, told = scan.communicate(timeout=60)
    assert scan.returncode == 130, told
    assert time.monotonic() - asked < 10
    assert said == ""
    assert "auditscan: interrupted" in told
    assert "Traceback" not in told
    assert {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()} == before
