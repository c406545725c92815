"""`auditscan status`: what a monitor hears of a ledger, by exit code, first line and JSON."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest

from auditscan.cli import run
from auditscan.ledger import status
from auditscan.ledger.telling import delivery
from ledger.nights import WORSE
from scans import LIBRARY

LOG = (
    '{"transfer_id":"T-1","occurred_at":"2026-01-05T15:00:00Z","sender":"CMS","recipient":"ICE",'
    '"programs":["medicaid"],"states":["CA"],"elements":["ssn"],"populations":["citizens"]}\n'
)


@pytest.fixture(name="made", scope="module")
def _made(tmp_path_factory):
    """A database that a scan made, which a ledger is made of below."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "log.ndjson").write_text(LOG)
    arguments = ["scan", str(folder / "log.ndjson"), "--db", str(folder / "made.duckdb"), "--as-of", "2026-02-01"]
    assert run(arguments) in (10, 11, 12)
    return folder / "made.duckdb"


@pytest.fixture(name="ledger")
def _ledger(made, tmp_path):
    """Makes a ledger whose last scan, the second, began on 6 January 2026 at 02:15."""

    def ledger(*because, exit_code=12, receipts=2):
        folder = tmp_path / "ledger"
        (folder / "receipts").mkdir(parents=True)
        shutil.copy(made, folder / "ledger.duckdb")
        with duckdb.connect(str(folder / "ledger.duckdb")) as connection:
            for scan in (1, 2):
                began = f"2026-01-0{4 + scan} 02:15:00"
                connection.execute(
                    "insert into scans (scan_id, started_at, finished_at, as_of, regime_now, complete,"
                    " incomplete_because, exit_code) select $1, $2, $2, date '2026-02-01', 'R2', $3, $4, $5",
                    [scan, began, not because, because, exit_code],
                )
                connection.execute("insert into receipts values ($1, $2, '')", [scan, f"{scan:064}"])
        for scan in range(1, receipts + 1):
            (folder / "receipts" / f"{scan:06}.json").write_text("")
        return folder

    return ledger


def asked(folder, *more, now="2026-01-06T03:00:00Z"):
    return run(["status", "--ledger", str(folder), "--now", now, *more])


def test_all_is_well(ledger, capsys):
    assert asked(ledger()) == 0
    out = capsys.readouterr().out
    folder = out.split("ledger     ")[1].splitlines()[0]
    assert out.replace(folder, "FOLDER") == (
        "OK: scan 2 ended with 12, 45 min ago\n"
        "ledger     FOLDER\n"
        "last scan  6 January 2026 02:15 UTC, complete\n"
        "schedule   every 24 hours, 0 missed since\n"
        "transfers  1\n"
        "now        1 enjoined (2026-02-01, R2)\n"
        "then       1 enjoined\n"
        "messages   all delivered\n"
        "receipts   2, each in its file\n"
        f"head       {2:064}\n"
    )


LATE = [
    ("2026-01-06T02:15:00Z", 24, 0),
    # A day on which clocks go back has 25 hours.
    ("2026-01-07T03:20:00Z", 24, 0),
    ("2026-01-07T14:14:59Z", 24, 0),
    ("2026-01-07T14:15:00Z", 24, 1),
    ("2026-01-08T14:15:00Z", 24, 2),
    ("2026-01-06T04:00:00Z", 1, 1),
    ("2026-01-13T02:15:00Z", 168, 0),
]


def test_a_scan_that_is_half_a_period_late_was_missed(ledger):
    found = status.read(ledger(), LIBRARY, 24, datetime(2026, 1, 6, 3, tzinfo=UTC))
    for now, every, missed in LATE:
        then = replace(found, at=datetime.fromisoformat(now), every=every)
        assert (then.missed, then.exit_code) == (missed, 20 if missed else 0), now


@pytest.mark.parametrize("now", ["2026-01-07T09:15:00-05:00", "2026-01-07T14:15:00"])
def test_json_for_a_program(ledger, capsys, now):
    assert asked(ledger(), "--json", "--every=24", now=now) == 20
    said = json.loads(capsys.readouterr().out)
    assert (said["missed"], said["ok"], said["age_seconds"]) == (1, False, 36 * 3600)
    assert said["last_scan"]["exit_code"] == 12


def test_an_incomplete_scan_says_why(ledger, capsys):
    assert asked(ledger("/logs/a\n.csv could not be read: x", exit_code=20)) == 20
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "NOT OK: scan 2 ended with 20, 45 min ago",
        "  ! scan 2 did not look at everything",
        "    /logs/a\\n.csv could not be read: x",
    ]


def test_many_reasons_are_counted(ledger, capsys):
    assert asked(ledger(*[f"{number} could not be read" for number in range(30)])) == 20
    assert "    and 20 more\n" in capsys.readouterr().out


def test_a_message_that_waits(ledger, capsys):
    folder = ledger()
    delivery.keep(WORSE, folder, ["json://127.0.0.1:9"])
    assert asked(folder) == 20
    out = capsys.readouterr().out
    assert "  ! 1 message not delivered to everybody: of scan 7\n" in out
    assert "messages   1 not delivered\n" in out


def test_junk_in_the_outbox_is_said_and_left(ledger, capsys):
    folder = ledger()
    (folder / "outbox").mkdir()
    (folder / "outbox" / "000002.json").write_text("{")
    assert asked(folder) == 20
    assert "000002.json is no message" in capsys.readouterr().out
    assert [path.name for path in (folder / "outbox").iterdir()] == ["000002.json"]


def test_a_receipt_without_its_file_is_shown(ledger, capsys):
    asked(ledger(receipts=1))
    assert "receipts   2, 1 without a file\n" in capsys.readouterr().out


def test_a_clock_that_was_set_back(ledger, capsys):
    assert asked(ledger(), now="2026-01-01T00:00:00Z") == 20
    assert "a time to come" in capsys.readouterr().out


def test_it_writes_nothing_into_the_ledger(ledger):
    folder = ledger()
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}
    asked(folder)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")} == before


def test_no_ledger_is_no_input(made, tmp_path, capsys):
    assert asked(tmp_path / "none") == 3
    assert "there is no ledger" in capsys.readouterr().err
    shutil.copy(made, tmp_path / "ledger.duckdb")
    assert asked(tmp_path) == 3
    assert "no nightly scan was ever done here" in capsys.readouterr().err


def test_what_is_no_ledger_is_a_fault(tmp_path, capsys):
    (tmp_path / "ledger.duckdb").write_text("not a database")
    assert asked(tmp_path) == 1
    assert run(["status", "--no-config"]) == 2
    assert run(["status"]) == 2
    assert "--ledger" in capsys.readouterr().err
    assert asked(tmp_path, now="yesterday") == 2
