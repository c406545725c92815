"""Small blocks of other systems' logs wait for each other; one that cannot be staged is left out alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditscan.ingest import mapped, mapped_lines
from auditscan.scanning.scan import scan
from auditscan.store import Store, open_store
from scans import LEFT_BEHIND, LIBRARY, POLICY

LINE = "Thu Mar  5 09:14:0{0} 2026 1 sftp.hhs.example 52000 /out/{1} b _ o r ice-ero sftp 0 * c\n"
HOSTILE = "what-the-engine-trips-over.csv"


def read(folder: Path) -> tuple[dict[str, tuple], list[object]]:
    """What a scan says of each file, and all that it leaves behind."""
    with open_store(None, LIBRARY, threads=1) as store:
        files = scan(store, [folder], POLICY, date(2026, 4, 1)).files
        said = {Path(file.path).name: (file.status, file.note, file.records, sorted(file.fields)) for file in files}
        return said, [store.rows(query) for query in LEFT_BEHIND]


@pytest.fixture
def hostile_step(monkeypatch):
    """A step that the engine cannot do while a hostile record is there, after it did others."""
    whole = Store.run

    def step(self, name, **variables):
        done = whole(self, name, **variables)
        if name == "write_traces" and self.one("select count(*) from traces where file_name = $1", ["/out/" + HOSTILE]):
            self.connection.execute("select 'x'::integer")
        return done

    monkeypatch.setattr(Store, "run", step)


def test_a_log_that_cannot_be_staged_is_left_out_alone(tmp_path, hostile_step):
    for number in range(4):
        name = HOSTILE if number == 2 else "a.csv"
        (tmp_path / f"xferlog-{number}").write_text(LINE.format(number, name) + LINE.format(number + 4, "b.csv"))
    said, (_, records, *_) = read(tmp_path)
    assert [status for status, *_ in said.values()] == ["read", "read", "unreadable", "read"]
    assert "a fault of its own" in said["xferlog-2"][1]
    assert len(records) == 6


def test_nothing_is_left_of_a_long_log_whose_end_cannot_be_staged(tmp_path, monkeypatch, hostile_step):
    monkeypatch.setattr(mapped_lines, "BLOCK_BYTES", 1 << 12)
    monkeypatch.setattr(mapped, "FEW_BYTES", 1 << 11)
    (tmp_path / "xferlog").write_text(LINE.format(1, "a.csv"))
    long = [LINE.format(number % 10, f"{number}.csv") for number in range(90)]
    (tmp_path / "xferlog-long").write_text("".join(long) + LINE.format(1, HOSTILE))
    said, (_, records, *_) = read(tmp_path)
    assert [said[name][::2] for name in sorted(said)] == [("read", 1), ("unreadable", 0)]
    assert len(records) == 1
