"""What a DuckDB client left beside a database is told before anything is read or written, and never lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import auditscan
from auditscan.cli import run
from auditscan.ledger.run import scan_night
from ledger.keeping import COMMAND, Keeper, record

CLIENT = """
import duckdb, os, sys
client = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
client.execute("create table theirs as select 1 as one")
os._exit(1)
"""
"""A client that opens a database for writing, waits for a line, writes, and is killed before it is done."""

NIGHT = [*COMMAND, "--exit-zero"]
AS_OF = ["--as-of", "2026-03-01"]


@pytest.fixture
def logs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Keeper().log("a.ndjson", record(1, elements=["ssn"]))


def client(database):
    process = subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"open\n"
    return process


def files(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.is_file() and path.name != "lock"}


def test_a_ledger_that_a_killed_client_wrote_to_is_refused_by_all_and_left_alone(commanded, capsys):
    client("ledger/ledger.duckdb").communicate(b"\n")
    before = files("ledger")
    assert "ledger.duckdb.wal" in before
    database = ["--db", "ledger/ledger.duckdb"]
    for command, code in (
        (NIGHT, 1),
        (["--no-config", "status", "--ledger", "ledger"], 1),
        (["--no-config", "scan", "logs", *database], 1),
        (["--no-config", "report", *database, *AS_OF], 1),
        (["--no-config", "explain", "T-1", *database, *AS_OF], 1),
        (["--no-config", "query", "--sql", "select 1", *database, *AS_OF], 1),
        (["--no-config", "connect", *database], 1),
        (["--no-config", "verify", "--ledger", "ledger"], 21),
    ):
        assert run(command) == code, command
        told = capsys.readouterr()
        words = " ".join((told.out + told.err).split())
        assert "another program wrote to this database" in words, command
        assert "ledger/ledger.duckdb.wal" in words
        assert "no database" not in words
        assert files("ledger") == before
    with pytest.raises(auditscan.StoreError, match="another program wrote"):
        auditscan.connect("ledger/ledger.duckdb", as_of="2026-03-01")
    with pytest.raises(auditscan.StoreError, match="another program wrote"):
        auditscan.scan("logs", db="ledger/ledger.duckdb", as_of="2026-03-01")
    assert files("ledger") == before
    Path("ledger/ledger.duckdb.wal").rename("theirs")
    assert run(NIGHT) == 0
    assert run(["--no-config", "verify", "--ledger", "ledger"]) == 0


def test_what_a_client_writes_to_a_ledger_that_was_replaced_meanwhile_is_told(commanded, capsys):
    process = client("ledger/ledger.duckdb")
    commanded.log("b.ndjson", record(3))
    assert run(NIGHT) == 0
    process.communicate(b"\n")
    capsys.readouterr()
    before = files("ledger")
    assert run(NIGHT) == 1
    said = capsys.readouterr().err
    assert "had it open while a scan replaced it" in said
    assert "no database" not in said
    assert "move it away" in said
    assert files("ledger") == before
    Path("ledger/ledger.duckdb.wal").unlink()
    assert run(NIGHT) == 0
    assert run(["--no-config", "verify", "--ledger", "ledger"]) == 0


def test_a_client_that_writes_while_a_night_is_at_work_keeps_what_it_wrote(begun):
    process = client("ledger/ledger.duckdb")
    before = Path("ledger/ledger.duckdb").read_bytes()
    begun.log("b.ndjson", record(3))
    with pytest.raises(auditscan.StoreError, match="another program wrote"):
        scan_night(begun.setup, before_publishing=lambda _: process.communicate(b"\n"))
    assert Path("ledger/ledger.duckdb").read_bytes() == before
    assert Path("ledger/ledger.duckdb.wal").exists()


def test_a_ledger_that_cannot_be_read_again_is_in_place_all_the_same(logs, capsys, monkeypatch):
    from auditscan.ledger import nightly as nights

    def left(*_, **__):
        raise auditscan.StoreError("another program wrote to this database", where="ledger/ledger.duckdb.wal")

    with monkeypatch.context() as patched:
        patched.setattr(nights, "open_store", left)
        assert run(NIGHT) == 20
    said = " ".join(capsys.readouterr().err.split())
    assert "the ledger of this scan is in place, and cannot be read again: ledger/ledger.duckdb.wal" in said
    assert run(NIGHT) == 0
    assert run(["--no-config", "verify", "--ledger", "ledger"]) == 0


@pytest.mark.parametrize("name", ["case.duckdb.wal", "case.duckdb.wal.checkpoint", "case.duckdb.wal.recovery"])
def test_a_new_database_is_not_put_beside_what_is_left_of_another(logs, capsys, name):
    Path(name).write_bytes(b"what a client wrote")
    assert run(["--no-config", "scan", "logs", "--db", "case.duckdb", "--out", "a.csv", *AS_OF]) == 1
    assert name in capsys.readouterr().err
    assert sorted(path.name for path in Path().iterdir()) == [name, "logs"]


def test_changes_beside_what_a_link_points_to_are_seen(logs, capsys):
    assert run(["--no-config", "scan", "logs", "--db", "case.duckdb", *AS_OF]) == 12
    Path("link.duckdb").symlink_to("case.duckdb")
    client("case.duckdb").communicate(b"\n")
    assert run(["--no-config", "scan", "logs", "--db", "link.duckdb", *AS_OF]) == 1
    assert "case.duckdb.wal" in capsys.readouterr().err
