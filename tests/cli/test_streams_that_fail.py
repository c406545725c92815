"""Standard error and standard output that are full, closed or gone do not change how a command ended."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ledger.keeping import lines, record

NIGHT = "--no-config nightly --logs logs --ledger ledger --as-of 2026-03-01"
COMMAND = f"{sys.executable} -m auditscan"


def shell(text, folder):
    return subprocess.run(["bash", "-c", text], cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def logs(tmp_path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.ndjson").write_text(lines(record(1), record(2, elements=["ssn"])), encoding="utf-8")
    return tmp_path


def test_a_night_whose_narration_nobody_can_read_ends_as_it_ended(logs):
    for narration in ("2>/dev/full", "2>&-", "2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}", "0<&- 1>&- 2>&-"):
        done = shell(f"{COMMAND} {NIGHT} {narration}", logs)
        assert done.returncode == 12, (narration, done)
        assert not done.stdout
    verified = shell(f"{COMMAND} --no-config verify --ledger ledger", logs)
    assert verified.returncode == 0, verified.stdout
    assert "4 receipts" in verified.stdout


def test_an_answer_that_cannot_be_written_is_told_and_has_a_code_of_its_own(logs):
    for answer in (">/dev/full", ">&-"):
        done = shell(f"{COMMAND} {NIGHT} --json {answer}", logs)
        assert done.returncode == 20, (answer, done)
        assert "the output could not be written whole\n  where: standard output" in done.stderr
        assert "fault of the program" not in done.stderr
    assert shell(f"{COMMAND} queries show words >&-", logs).returncode == 20
