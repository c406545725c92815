"""auditscan.scan as a function."""

from __future__ import annotations

import pytest

import auditscan
from api import AS_OF, transfer, write
from auditscan.cli import run


def test_scan_keeps_what_the_command_line_keeps(kept, tmp_path):
    log = kept.with_name("log.ndjson")
    auditscan.scan([log], db=tmp_path / "a.duckdb", out=tmp_path / "a.csv", as_of=AS_OF)
    run(["scan", str(log), "--out", str(tmp_path / "b.csv"), "--as-of", AS_OF])
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    again = auditscan.scan(db=tmp_path / "a.duckdb", as_of=AS_OF, policy="names-permitted")
    assert again.counts.now["permitted"] == 2
    assert again.overlays[0]["folder"] == "what_ifs/names-permitted"


def test_quarantined_records_can_be_allowed(tmp_path):
    log = write(tmp_path / "a.ndjson", transfer(1), "{broken\n")
    assert auditscan.scan(log, as_of=AS_OF, allow_quarantined=1).complete
    for wrong in (-1, True, "1", 1.0):
        with pytest.raises(auditscan.UsageError):
            auditscan.scan(log, as_of=AS_OF, allow_quarantined=wrong)


def test_scan_refuses_to_write_among_the_logs(kept, tmp_path):
    log = kept.with_name("log.ndjson")
    (tmp_path / "logs").mkdir()
    inside = tmp_path / "logs" / "a.ndjson"
    inside.write_bytes(log.read_bytes())
    for more in ({"out": inside}, {"out": tmp_path / "logs" / "out.csv"}, {"db": tmp_path / "logs" / "a.duckdb"}):
        with pytest.raises(auditscan.UsageError, match="lies among the logs") as caught:
            auditscan.scan(tmp_path / "logs", as_of=AS_OF, **more)
        assert caught.value.where == next(iter(more))
    with pytest.raises(auditscan.UsageError, match="nothing to look at"):
        auditscan.scan()
    with pytest.raises(auditscan.NoInputError, match="no such database"):
        auditscan.scan(db=tmp_path / "none.duckdb")
    with pytest.raises(auditscan.UsageError, match="ends in"):
        auditscan.scan(log, out=tmp_path / "a.txt")


def test_hints_name_arguments(tmp_path):
    log = write(tmp_path / "a.ndjson", transfer(1))
    auditscan.scan(log, db=tmp_path / "a.duckdb", as_of=AS_OF, zone="America/New_York")
    with pytest.raises(auditscan.UsageError) as caught:
        auditscan.scan(log, db=tmp_path / "a.duckdb", as_of=AS_OF)
    assert caught.value.hint == "scan it with zone=America/New_York, or into another database"
    assert caught.value.__notes__ == [f"do: {caught.value.hint}"]
    with pytest.raises(auditscan.StoreError) as caught:
        auditscan.scan(db=log, as_of=AS_OF)
    assert caught.value.hint == "name a file made with scan(db=...), or a new one"
    with auditscan.connect(log, as_of=AS_OF) as session, pytest.raises(auditscan.SqlError) as caught:
        session.sql("set threads = 7")
    assert caught.value.hint == "`set variable NAME = VALUE`; limits are arguments of connect: memory, timeout, threads"
