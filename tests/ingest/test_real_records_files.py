"""Logs of file servers that other people published: every record is kept, and mapped as it was written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditscan.scanning.scan import scan
from auditscan.store import open_store
from scans import LIBRARY, POLICY

SAMPLES = Path(__file__).parents[1] / "samples"

KEPT = (
    "source_record, recipient, action, outcome, file_name, bytes, peer, "
    "strftime(occurred_at::timestamp, '%Y-%m-%d %H:%M:%S')"
)


def read(path: Path) -> tuple[dict[str, Any], dict[str, int], list[tuple[Any, ...]]]:
    """The accounting of a log, what was set aside, and its transfers."""
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [path], POLICY, date(2026, 3, 1))
        source = dict(
            zip(
                ("format", "status", "records", "not_transfers", "quarantined"),
                store.rows("select format, status, records, not_transfers, quarantined from sources")[0],
                strict=True,
            )
        )
        aside = dict(store.rows("select reason, records from set_aside"))
        kept = store.rows(f"select {KEPT} from transfers left join traces using (record_key) order by source_record")
        source["duplicates"] = store.one("select count(*) from duplicates")
    return source, aside, kept


def test_a_log_of_wu_ftpd() -> None:
    source, aside, kept = read(SAMPLES / "xferlog" / "recordstream_xferlog.log")
    assert source == {
        "format": "xferlog", "status": "read", "records": 4, "not_transfers": 0, "quarantined": 0, "duplicates": 0,
    }  # fmt: skip
    assert aside == {}
    assert len(kept) == 4
    told = ("tmbranno", "download", "success")
    assert kept[0] == (1, *told, "FILENAME", 2611, "127.0.0.1", "2001-10-01 17:09:23")
    assert kept[2] == (3, *told, "file with spaces in it.zip", 22, "127.0.0.1", "2001-10-01 17:09:27")


def test_a_log_of_vsftpd() -> None:
    source, aside, kept = read(SAMPLES / "vsftpd" / "plaso_vsftpd.log")
    assert source == {
        "format": "vsftpd", "status": "read", "records": 25, "not_transfers": 20, "quarantined": 0, "duplicates": 0,
    }  # fmt: skip
    assert aside == {"a login": 8, "an upload to the server": 11, "a file or folder was changed on the server": 1}
    assert len(kept) == 5
    assert kept[0][1:6] == ("jean", "download", "failure", "/home/jean/trains/Thomas*", None)
    peer = "192.168.1.9"
    file = "/home/jean/trains/Thomas_142553k.jpg"
    assert kept[1] == (9, "jean", "download", "success", file, 40120, peer, "2016-06-06 18:44:25")


@pytest.mark.parametrize("folder", ["xferlog", "vsftpd"])
def test_every_record_of_a_sample_is_accounted_for(folder: str) -> None:
    for path in sorted((SAMPLES / folder).iterdir()):
        source, _, kept = read(path)
        others = source["not_transfers"] + source["duplicates"] + source["quarantined"]
        assert source["records"] == len(kept) + others
