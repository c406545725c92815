"""The metrics file: what a Prometheus reads in it, and that it is whole or not there."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from auditscan.errors import ExitCode
from auditscan.ledger.night import Deliveries
from auditscan.ledger.telling import metrics
from ledger.nights import ALL, BROKEN_DISK, HOSTILE, QUIET, VANISHED, WORSE

GOLDEN = Path(__file__).parents[1] / "golden" / "metrics.prom"


@pytest.fixture(name="file")
def _file(tmp_path):
    return tmp_path / "auditscan.prom"


def written(night, file, deliveries=None, exit_code=None):
    """The samples of a night's file: name and labels -> value."""
    assert metrics.write(night, deliveries or Deliveries(), exit_code or night.exit_code, file) == []
    families = text_string_to_metric_families(file.read_text(encoding="utf-8"))
    return {(s.name, *sorted(s.labels.items())): s.value for family in families for s in family.samples}


def test_golden(file):
    written(WORSE, file)
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_bytes(file.read_bytes())
    assert file.read_bytes() == GOLDEN.read_bytes(), "UPDATE_GOLDEN=1 accepts what has changed"


def test_what_prometheus_reads(file):
    found = written(WORSE, file, Deliveries(undelivered=2))
    assert found["auditscan_last_run_timestamp_seconds",] == WORSE.finished_at.timestamp()
    assert found["auditscan_last_run_duration_seconds",] == 72
    assert found["auditscan_last_run_exit_code",] == 12
    assert found["auditscan_transfers", ("time", "now"), ("verdict", "enjoined")] == 12
    labels = ("rule", "plaintiff_state"), ("severity", "grave")
    assert found["auditscan_findings", *labels, ("state", "open")] == 15
    assert found["auditscan_last_run_new_findings", *labels] == 3
    assert found["auditscan_last_run_files", ("change", "vanished")] == 0
    assert found["auditscan_last_run_files", ("change", "unchanged")] == 365
    assert found["auditscan_undelivered_messages",] == 2


def test_when_it_was_last_complete_is_carried_over(file):
    assert ("auditscan_last_complete_run_timestamp_seconds",) not in written(BROKEN_DISK, file)
    then = written(QUIET, file)["auditscan_last_complete_run_timestamp_seconds",]
    for night, exit_code in ((BROKEN_DISK, None), (QUIET, ExitCode.INCOMPLETE)):
        found = written(replace(night, finished_at=night.finished_at.replace(day=7)), file, exit_code=exit_code)
        assert found["auditscan_last_complete_run_timestamp_seconds",] == then
        assert found["auditscan_last_run_complete",] == 0
        assert found["auditscan_last_run_timestamp_seconds",] > then


def test_a_time_without_a_zone_is_in_utc(file, monkeypatch):
    naive = replace(
        QUIET, started_at=QUIET.started_at.replace(tzinfo=None), finished_at=QUIET.finished_at.replace(tzinfo=None)
    )
    assert written(naive, file) == written(QUIET, file)


@pytest.mark.parametrize("junk", [b"", b"\xff", metrics.LAST_COMPLETE.encode() + b" x\n", b"{{{"], ids=range(4))
def test_junk_that_stands_there_is_replaced(file, junk):
    file.write_bytes(junk)
    assert written(BROKEN_DISK, file)["auditscan_last_run_complete",] == 0


def test_labels_are_few_and_hold_nothing_of_a_log(file):
    written(VANISHED, file)
    text = file.read_text()
    assert "/mnt" not in text
    assert text.count("\n") < 200
    written(HOSTILE, file)
    assert "evil" not in file.read_text()


def test_names_are_as_prometheus_wants_them(file):
    for night in ALL.values():
        for name, *_ in written(night, file):
            assert name.startswith("auditscan_")
            assert not name.endswith(("_total", "_count", "_sum", "_bucket"))


def test_the_collector_may_read_it_whatever_the_umask(file):
    before = os.umask(0o077)
    try:
        written(QUIET, file)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


@pytest.mark.parametrize("name", ["no/such/folder.prom", ""])
def test_a_file_that_cannot_be_written_is_said_and_leaves_nothing(tmp_path, name):
    (problem,) = metrics.write(QUIET, Deliveries(), 0, tmp_path / name)
    assert "the metrics file" in problem
    assert "cannot be written" in problem
    assert list(tmp_path.iterdir()) == []
