"""A log behind junk is found there or not at all: never is a file a canonical log by its name."""

from __future__ import annotations

import gzip
import json
import random
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import pytest

from auditscan.ingest import Reads, detect
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from readers.reading import AS_OF, KNOWN, line, read_folder
from scans import LIBRARY, POLICY

if TYPE_CHECKING:
    from pathlib import Path

HEADER = b"transfer_id,occurred_at,sender,recipient,states,elements\n"


def canonical(number: int, name: str = "T") -> bytes:
    return json.dumps({"transfer_id": f"{name}-{number}"} | KNOWN).encode() + b"\n"


def cloudtrail(number: int) -> bytes:
    event = {
        "eventVersion": "1.08",
        "userIdentity": {"type": "AssumedRole", "arn": f"arn:aws:sts::1:assumed-role/ICE/u{number}"},
        "eventTime": "2026-03-01T10:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "requestParameters": {"bucketName": "cms", "key": f"medicaid/CA/ssn{number}.csv"},
        "eventID": f"e{number}",
    }
    return json.dumps(event).encode() + b"\n"


def lines(make, count: int = 5) -> list[bytes]:
    return [make(number) for number in range(count)]


LOGS = {
    "ndjson": (lines(canonical), "ndjson"),
    "jsonl": (lines(cloudtrail), "cloudtrail_s3"),
    "csv": ([HEADER, *(b"T-%d,2026-03-01,CMS,ICE,CA,ssn\n" % n for n in range(5))], "csv"),
}
JUNK = {
    "nuls": b"\0" * 70_000 + b"\n",
    "nuls_without_an_end": b"\0" * 70_000,
    "short_lines": b"x1\n" * 201,
    "many_short_lines": b"x1\n" * 999,
    "a_long_line": b"x" * 70_000 + b"\n",
    "bytes": random.Random(1).randbytes(70_000) + b"\n",
    "lines_of_nuls": b"\0\0\0\n" * 300,
    "text": b"Export of 2026\nprepared by X, for Y\n\n",
    "a_mark": b"\xff\xfe junk\n",
}


class Odd(NamedTuple):
    """A file, and what a scan says of it."""

    content: bytes
    format: str | None
    good: int
    """Records that were read."""
    bad: int | None = None
    """Records that could not be; None where that hangs on how many lines random bytes have."""


def together(log: list[bytes]) -> bytes:
    return b"".join(log)


FILES = {
    f"{junk}.{name}": Odd(content + together(log), log_format, 5, None if junk in ("bytes",) else 0)
    for name, (log, log_format) in LOGS.items()
    for junk, content in JUNK.items()
}
FILES |= {
    f"bytes_of_two_megabytes.{name}": Odd(random.Random(2).randbytes(2_000_000) + b"\n" + together(log), log_format, 5)
    for name, (log, log_format) in LOGS.items()
    if name != "csv"
}
FILES |= {
    f"cut.{name}": Odd((log[1][:40] + b"\n") * 300 + together(log), log_format, 5, 300)
    for name, (log, log_format) in LOGS.items()
    if name != "csv"
}
FILES |= {
    f"between.{name}": Odd((b"x1\n" * 300).join(log), log_format, 5, 1500 if name == "csv" else 1200)
    for name, (log, log_format) in LOGS.items()
}
CANONICAL, CLOUD = lines(canonical), lines(cloudtrail)
FILES |= {
    "mark_between.ndjson": Odd(together(CANONICAL) + b"\xef\xbb\xbf" + together(CANONICAL), "ndjson", 10, 0),
    "nuls_and_a_mark.ndjson": Odd(b"\0" * 70_000 + b"\xef\xbb\xbf" + together(CANONICAL), "ndjson", 5, 0),
    "nuls_between.jsonl": Odd(CLOUD[0][:90] + b"\0" * 70_000 + together(CLOUD), "cloudtrail_s3", 4, 1),
    # Records of two systems: those of the other one are told, and no transfers.
    "two.ndjson": Odd(together(lines(canonical, 150)) + together(CLOUD), "ndjson", 150, 5),
    "two.jsonl": Odd(together(lines(cloudtrail, 150)) + together(CANONICAL), "cloudtrail_s3", 150, 5),
    "two.csv": Odd(together(LOGS["csv"][0]) + b"name,age\nx,1\n", "csv", 5, 2),
    # A name alone says nothing.
    "one_line.ndjson": Odd(b"hello\n", None, 0),
    "lines.json": Odd(b"x1\n" * 300, None, 0),
    "stamped.json": Odd(b"[2026-01-05 10:00] a line of some log\n" * 300, None, 0),
    "nuls.jsonl": Odd(b"\0" * 70_000 + b"\nabc\n", None, 0),
    "numbers.json": Odd(b"[1, 2, 3]", None, 0),
    "cut_off.jsonl": Odd(CLOUD[0][:90], None, 0),
    "all_cut_off.jsonl": Odd((CLOUD[0][:90] + b"\n") * 300, None, 0),
    # Though it cannot be read, it begins as a record of ours does.
    "cut_off.ndjson": Odd(CANONICAL[0][:90], "ndjson", 0, 1),
    # A damaged item hides none of those behind it.
    "damaged.json": Odd(
        b'{"Records": [' + b", ".join([CLOUD[0].replace(b"1.08", b"1.0\n8"), *CLOUD[1:]]) + b"]}",
        "cloudtrail_s3", 4, 1,
    ),
    "no_items.json": Odd(b"[]\n", "json", 0, 0),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("behind")
    for name, odd in FILES.items():
        (made / name).write_bytes(odd.content)
    # Packed, and in an archive; another transfer, or they would be copies of the others.
    packed = JUNK["short_lines"] + canonical(1, "packed")
    (made / "packed.ndjson.gz").write_bytes(gzip.compress(packed))
    with zipfile.ZipFile(made / "all.zip", "w") as archive:
        archive.writestr("in/member.json", JUNK["nuls"] + together([canonical(1, "member")]))
        archive.writestr("in/none.json", b"x2\n" * 300)
    return made


@pytest.fixture(scope="module")
def scanned(folder: Path) -> dict[str, tuple[str | None, str, int, int, int]]:
    """File -> its format and status, its records, those that could not be read, and transfers out of scope."""
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [folder], POLICY, AS_OF)
        rows = store.rows("""
            select regexp_extract(path, '[^/]*$'), format, status, records, quarantined,
                (select count(*) from answers a where a.source_file = s.path and verdict_now = 'out_of_scope')
            from sources s
        """)
    return {name: said for name, *said in rows}


@pytest.mark.parametrize("name", FILES)
def test_a_log_is_found_behind_junk_or_not_at_all(folder, scanned, name):
    odd = FILES[name]
    found, status, records, bad, out_of_scope = scanned[name]
    if odd.format is None:
        assert (found, status, records) == (None, "unrecognized", 0)
    else:
        assert (found, status, records - bad) == (odd.format, "read", odd.good)
        assert odd.bad in (None, bad) or (odd.bad == 0 and name.partition(".")[0] in JUNK)
    assert out_of_scope == 0
    taken = detect(folder / name, LIBRARY, Reads())
    assert (taken.kind if taken.log_format is None else taken.log_format.name) == odd.format


def test_every_line_of_junk_is_told(folder, scanned):
    for name, odd in FILES.items():
        found, status, records, *_ = scanned[name]
        if status == "read" and found != "json" and not name.startswith(("nuls", "damaged")):
            content = odd.content.lstrip(b"\0").replace(HEADER, b"", 1)
            assert records == sum(bool(line.strip()) for line in content.split(b"\n")), name


def test_packed_logs_and_members(scanned):
    assert scanned["packed.ndjson.gz"][:4] == ["ndjson.gz", "read", 202, 201]
    assert scanned["member.json"][:4] == ["ndjson", "read", 1, 0]
    assert scanned["none.json"][:2] == [None, "unrecognized"]


def test_lines_above_a_header_keep_their_places(tmp_path):
    log = tmp_path / "log.csv"
    content = b"\0" * 3 + b"Export of 2026\r\n\r\nby \xffX, Y\r\n" + together(LOGS["csv"][0][:2]) + b"short,row\n"
    log.write_bytes(content)
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [log], POLICY, AS_OF, reads=Reads(keep_bytes=True))
        bad = store.rows("select source_record, bytes, byte_offset, byte_length from quarantine order by all")
        kept = store.rows("select transfer_id, source_record from answers")
        blank = store.one("select blank_lines from sources")
    assert [number for number, *_ in bad] == [1, 3, 6]
    assert all(content[at : at + length] == raw for _, raw, at, length in bad)
    assert (kept, blank) == ([("T-0", 5)], 1)


@pytest.mark.parametrize("head", [b"%PDF-1.7\n1 0 obj\n%%EOF\n", b"Received: from a\nSubject: logs\n\nAttached.\n"])
def test_a_log_behind_a_document_is_found_or_something_is_missing(tmp_path, head):
    """Under the name of a log it is no document of a production, that is only counted."""
    (tmp_path / "a.ndjson").write_bytes(head + line("a") * 3)
    (tmp_path / "b.csv").write_bytes(head)
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n%%EOF\n")
    seen = read_folder(tmp_path)
    assert len(seen["a.ndjson"].kept) == 3
    assert seen["a.ndjson"].bad
    assert seen["b.csv"].status == "unrecognized"
    assert seen["c.pdf"].status == "no_log"
