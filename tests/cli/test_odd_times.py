"""Times at the ends of the calendar and counts at the end of their range are judged and reported."""

from __future__ import annotations

import json

import auditscan
from auditscan.cli import run

TIMES = {
    "east": ("0001-01-01T00:00:00+14:00", None),
    "none": ("0001-01-01T00:00:00Z", None),
    "first": ("0001-01-02T00:00:00Z", "0001-01-02T00:00:00Z"),
    "last": ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    "west": ("9999-12-31T23:59:59-14:00", None),
    "day": ("9999-12-31", "9999-12-31"),
    "sound": ("2026-01-05T10:00:00Z", "2026-01-05T10:00:00Z"),
}


def test_times_at_the_ends_of_the_calendar(tmp_path, capsys):
    log, database = tmp_path / "a.ndjson", tmp_path / "case.duckdb"
    said = {"sender": "CMS", "recipient": "ICE", "elements": ["ssn"], "states": ["CA"], "record_count": 2**63 - 1}
    lines = [{"transfer_id": name, "occurred_at": time} | said for name, (time, _) in TIMES.items()]
    log.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert run(["scan", str(log), "--db", str(database), "--as-of", "2026-03-01"]) == 12
    assert run(["report", "--db", str(database), "--as-of", "2026-03-01", "--full"]) == 0
    assert "fault of the program" not in capsys.readouterr().err
    with auditscan.connect(database, as_of="2026-03-01") as case:
        told = dict(case.sql("select transfer_id, occurred_at from answers").rows())
        assert told == {name: read for name, (_, read) in TIMES.items()}
        assert case.sql("from answers").rows()
        assert case.sql("from moments").rows()
