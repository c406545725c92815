"""The run log: a line a night, whole whoever else writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditscan.errors import ExitCode
from auditscan.ledger.night import Deliveries
from auditscan.ledger.telling import runlog
from ledger.nights import ALL, HOSTILE, QUIET, VANISHED, WORSE

GOLDEN = Path(__file__).parents[1] / "golden" / "runlog.ndjson"


def test_golden(tmp_path):
    file = tmp_path / "runs.ndjson"
    assert runlog.append(QUIET, Deliveries(), QUIET.exit_code, file) == []
    failed = Deliveries(delivered=1, undelivered=1, problems=["json://host was not told of scan 7: timed out"])
    assert runlog.append(WORSE, failed, ExitCode.INCOMPLETE, file) == []
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_bytes(file.read_bytes())
    assert file.read_bytes() == GOLDEN.read_bytes(), "UPDATE_GOLDEN=1 accepts what has changed"


def test_a_line_says_how_the_run_ended_and_who_was_not_told(tmp_path):
    file = tmp_path / "runs.ndjson"
    runlog.append(WORSE, Deliveries(undelivered=1, problems=["nobody listens"]), ExitCode.INCOMPLETE, file)
    line = json.loads(file.read_text())
    assert (line["exit_code"], line["undelivered"], line["delivery_problems"]) == (20, 1, ["nobody listens"])
    assert (line["started_at"], line["complete"], line["matters"]) == ("2026-01-06T02:15:00Z", True, True)


@pytest.mark.parametrize("night", ALL.values(), ids=ALL)
def test_every_night_is_one_line_that_is_not_too_long(tmp_path, night):
    file = tmp_path / "runs.ndjson"
    assert runlog.append(night, Deliveries(), night.exit_code, file) == []
    (line,) = file.read_bytes().splitlines()
    assert len(line) < 64_000
    assert json.loads(line)["format"] == 1


def test_what_is_left_out_is_counted():
    line = runlog.line_of(VANISHED, Deliveries(), 20)
    assert len(line["files"]) == runlog.MOST_ITEMS
    assert line["left_out"] == {"files": 9_900, "incomplete_because": 9_900}
    assert line["files_by_change"] == {"vanished": 10_000}


def test_evidence_does_not_leave_the_machine():
    assert WORSE.findings[0].examples
    assert "T-1009" not in json.dumps(runlog.line_of(WORSE, Deliveries(), 12))
    assert all("examples" not in count for count in runlog.line_of(HOSTILE, Deliveries(), 12)["findings"])


def test_two_processes_do_not_tear_each_others_lines(tmp_path):
    file = tmp_path / "runs.ndjson"
    code = (
        "import sys, pathlib; from auditscan.ledger.telling.runlog import append_line\n"
        "for number in range(150): append_line(pathlib.Path(sys.argv[1]), [sys.argv[2] * 5_000, number])"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(file), name]) for name in "ab"]
    assert [process.wait(60) for process in both] == [0, 0]
    found = [json.loads(line) for line in file.read_text().splitlines()]
    assert sorted((text[0], number) for text, number in found) == [
        (name, number) for name in "ab" for number in range(150)
    ]


def test_a_line_that_was_cut_off_spoils_no_other(tmp_path):
    file = tmp_path / "runs.ndjson"
    file.write_text('{"a":1}\n{"b":')
    runlog.append_line(file, {"c": 3})
    assert file.read_text() == '{"a":1}\n{"b":\n{"c":3}\n'


def test_a_log_that_cannot_be_written_is_said(tmp_path):
    (problem,) = runlog.append(QUIET, Deliveries(), 0, tmp_path / "no" / "runs.ndjson")
    assert "cannot be written: No such file or directory" in problem


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said():
    assert "No space left" in runlog.append(QUIET, Deliveries(), 0, Path("/dev/full"))[0]
