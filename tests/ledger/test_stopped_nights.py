"""A nightly scan that is killed, meets a full disk or another scan leaves the old ledger or the new one, whole."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from auditscan.cli import run
from auditscan.store import open_store
from ledger.keeping import COMMAND, Keeper, record
from scans import LIBRARY

POINTS = int(os.environ.get("KILLS", "5"))
"""At how many moments a scan is killed. Set the variable to try more."""

PROGRAM = [sys.executable, "-m", "auditscan", *COMMAND, "--json"]


@pytest.fixture
def keeper(commanded):
    return commanded


def many(first, count):
    return [record(number, elements=[["ssn", "address", "name"][number % 3]]) for number in range(first, first + count)]


def scans():
    """The scans of the ledger, its receipts among them, as a reader finds them."""
    with open_store(Path("ledger/ledger.duckdb"), LIBRARY, read_only=True) as store:
        return store.rows(
            "select s.scan_id, s.exit_code, r.sha256 is not null, "
            "(select count(*) from records r inner join sources f on f.source_id = r.record_key // 68719476736 "
            "where f.scan_id = s.scan_id) from scans s left join receipts r using (scan_id) order by scan_id"
        )


def test_killed_at_any_moment_the_ledger_is_the_old_one_or_the_new_one(tmp_path, monkeypatch):
    """While a reader holds the ledger open, who neither stops the scan nor sees anything of it."""
    monkeypatch.chdir(tmp_path)
    keeper = Keeper()
    keeper.log("a.ndjson", record(1), record(2, elements=["ssn"]))
    keeper.log("z.ndjson", *many(1000, 100))
    assert run([*COMMAND, "--exit-zero"]) == 0
    keeper.log("b.ndjson", *many(2000, 1000))
    with (keeper.logs / "z.ndjson").open("a") as file:
        file.write("\n".join(many(5000, 1000)) + "\n")
    luck = random.Random(7)
    with ExitStack() as stack:
        reader = stack.enter_context(duckdb.connect("ledger/ledger.duckdb", read_only=True))
        held = reader.execute("select count(*) from answers").fetchone()
        longest = None
        for point in range(POINTS):
            scan = subprocess.Popen(PROGRAM, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            if longest is None:
                # One run to its end says how long there is something to kill; what it did is undone below.
                undo = Path("ledger/ledger.duckdb").read_bytes()
                started = time.monotonic()
                scan.communicate()
                longest = time.monotonic() - started
                undisturbed = keeper.answers(), scans()
                for path in Path("ledger/receipts").glob("000002*"):
                    path.unlink()
                Path("ledger/ledger.duckdb").unlink()
                Path("ledger/ledger.duckdb").write_bytes(undo)
                continue
            time.sleep(longest * (point - luck.random()) / (POINTS - 1))
            scan.send_signal(signal.SIGKILL)
            scan.communicate()
            found = scans()
            # One that was killed after its ledger was in place leaves nothing for the next to read.
            assert found[:2] == undisturbed[1][: len(found[:2])]
            assert all((exit_code, receipt, records) == (12, True, 0) for _, exit_code, receipt, records in found[2:])
            if len(found) > 1:
                assert keeper.answers() == undisturbed[0]
        assert reader.execute("select count(*) from answers").fetchone() == held
    last = subprocess.run(PROGRAM, capture_output=True, text=True, check=False)
    assert json.loads(last.stdout)["complete"], last.stderr
    assert keeper.answers() == undisturbed[0] == keeper.answers_at_once()
    assert sorted(path.name for path in Path("ledger").glob(".auditscan-*")) == []
    assert len(list(Path("ledger/receipts").glob("*.json"))) == len(scans())
    assert run(["--no-config", "verify", "--ledger", "ledger"]) == 0


def test_a_full_disk_leaves_the_ledger_as_it_was(keeper):
    before = Path("ledger/ledger.duckdb").read_bytes()
    keeper.log("b.ndjson", *many(10, 1500))

    def full():
        # No file may grow beyond this: the nearest thing to a full disk that needs no disk of its own.
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 100_000,) * 2)

    ended = subprocess.run(PROGRAM, capture_output=True, text=True, check=False, preexec_fn=full)
    assert ended.returncode == 1, ended.stderr
    assert "Traceback" not in ended.stderr
    assert Path("ledger/ledger.duckdb").read_bytes() == before
    assert run([*COMMAND, "--exit-zero"]) == 0
    assert len(scans()) == 2


def test_a_second_scan_at_once_is_refused(keeper, capsys):
    with FileLock("ledger/lock"):
        assert run([*COMMAND, "--json"]) == 20
    assert "another nightly scan is at work" in capsys.readouterr().err
    assert len(scans()) == 1


def test_what_a_killed_scan_left_lying_is_cleared_away(keeper):
    left = Path("ledger/.auditscan-abc")
    left.mkdir()
    (left / "scan.duckdb").write_text("half")
    assert run([*COMMAND, "--exit-zero"]) == 0
    assert not left.exists()


def test_a_damaged_ledger_is_told_and_left_alone(keeper, capsys):
    database = Path("ledger/ledger.duckdb")
    database.write_bytes(b"junk" + database.read_bytes()[4:])
    damaged = database.read_bytes()
    assert run([*COMMAND, "--json"]) == 1
    assert "no database that DuckDB can open" in capsys.readouterr().err
    assert database.read_bytes() == damaged


def test_nobody_else_writes_to_a_ledger(keeper, capsys):
    before = Path("ledger/ledger.duckdb").read_bytes()
    assert run(["--no-config", "scan", "logs", "--db", "ledger/ledger.duckdb"]) == 2
    assert "this is a ledger" in capsys.readouterr().err
    assert run(["--no-config", "report", "--db", "ledger/ledger.duckdb", "--as-of", "2025-09-01"]) == 0
    assert Path("ledger/ledger.duckdb").read_bytes() == before
