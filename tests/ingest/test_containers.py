"""Logs in what collectors, consoles and exports put around them: the same records as without, each in its place."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from auditscan.scanning.scan import scan
from auditscan.store import open_store
from readers.reading import AS_OF
from scans import LIBRARY, POLICY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def event(number: int) -> str:
    """A call of CloudTrail."""
    return json.dumps({
        "eventVersion": "1.11", "eventTime": f"2026-01-07T19:4{number}:02Z", "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject", "sourceIPAddress": "198.51.100.20",
        "userIdentity": {"type": "AWSAccount", "accountId": "444455556666", "principalId": "X:y"},
        "requestParameters": {"bucketName": "example-extracts", "key": f"xtr/elg, \"{number}\".csv"},
        "additionalEventData": {"bytesTransferredOut": 1.5e3}, "eventID": f"e-{number}",
        "recipientAccountId": "111122223333",
    })  # fmt: skip


def operation(number: int) -> str:
    """A record of the Microsoft 365 audit log."""
    return json.dumps({
        "CreationTime": f"2026-01-07T19:4{number}:02", "Id": f"i-{number}", "Operation": "FileDownloaded",
        "RecordType": 6, "UserType": 0, "Workload": "SharePoint", "UserId": "u@ice.dhs.gov", "OrganizationId": "o",
        "ClientIP": "198.51.100.20", "ObjectId": f"https://x.example/sites/x/elg_{number}.csv",
        "SiteUrl": "https://x.example/sites/x/", "SourceFileName": f"elg_{number}.csv",
    })  # fmt: skip


SESSION = [
    '{"activity-type":"CONNECTED","user":"ice-ero","source-ip":"198.51.100.20","session-id":"s1"}',
    '{"activity-type":"OPEN","mode":"READ","path":"/x/elg_1.csv","session-id":"s1"}',
    '{"activity-type":"CLOSE","path":"/x/elg_1.csv","bytes-out":"4100","session-id":"s1"}',
]

RECORDS = {
    "cloudtrail_s3": [event(number) for number in range(3)],
    "m365_audit": [operation(number) for number in range(3)],
    "transfer_family": SESSION,
    "vsftpd": [
        f'Wed Jan  7 19:4{number}:02 2026 [pid 48] [ice] OK DOWNLOAD: Client "198.51.100.20", '
        f'"/out/elg {number}, x.dat", {number}4100 bytes, 8.10Kbyte/sec'
        for number in range(3)
    ],
    "xferlog": [
        f"Wed Jan  7 19:4{number}:02 2026 2 198.51.100.20 {number}4100 /out/elg_{number}.csv b _ o r ice sftp 0 * c"
        for number in range(3)
    ],
}

STAMP = "2026-01-07T19:44:00.123Z"


def each(made: Callable[[str], str]) -> Callable[[list[str]], str]:
    return lambda lines: "".join(made(line) + "\n" for line in lines)


def dumped(made: Callable[[str], Any]) -> Callable[[list[str]], str]:
    return each(lambda line: json.dumps(made(line)))


def table(header: list[str], made: Callable[[str], list[str]], first: str = "") -> Callable[[list[str]], str]:
    def written(lines: list[str]) -> str:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([header, *map(made, lines)])
        return first + out.getvalue()

    return written


def loaded(line: str) -> Any:
    return json.loads(line) if line.startswith("{") else line


CONTAINERS: dict[str, Callable[[list[str]], str]] = {
    "bare.log": each(lambda line: line),
    "indented.txt": each(lambda line: f"   {line}"),
    "cloudwatch_s3.log": each(lambda line: f"{STAMP} {line}"),
    "kubernetes.log": each(lambda line: f"2026-01-07T19:44:00.123456789Z stdout F {line}"),
    "compose.log": each(lambda line: f"ftp_1  | {line}"),
    "compose_syslog.log": each(lambda line: f"ftp-1  | Jan  7 19:44:00 host ftp[48]: {line}"),
    "syslog.log": each(lambda line: f"Jan  7 19:44:00 host collector[48]: {line}"),
    "priority.log": each(lambda line: f"<86>Jan  7 19:44:00 host collector: {line}"),
    "rfc5424.log": each(lambda line: f'<86>1 {STAMP} host collector 48 - [x@1 a="]\\" b"] {line}'),
    "found.log": each(lambda line: f"var/log/x.log.1:12:{line}"),
    "docker.json": dumped(lambda line: {"log": line + "\n", "stream": "stdout", "time": STAMP}),
    "splunk.json": dumped(lambda line: {"preview": False, "result": {"_raw": line, "_time": STAMP}}),
    "elastic.jsonl": dumped(
        lambda line: {"_index": "x", "_source": {"@timestamp": STAMP, "event": {"original": line}}}
    ),
    "filebeat.jsonl": dumped(lambda line: {"_source": {"@timestamp": STAMP, "message": line}}),
    "kafka.jsonl": dumped(lambda line: {"schema": {"type": "string"}, "payload": loaded(line)}),
    "eventbridge.jsonl": dumped(lambda line: {"id": "x", "source": "aws.x", "detail": loaded(line)}),
    "loki.jsonl": dumped(lambda line: {"labels": {"a": "b"}, "line": line, "timestamp": STAMP}),
    "numbered.log": each(lambda line: f"   12\t{line}"),
    "quoted.jsonl": dumped(lambda line: line),
    "datadog.jsonl": dumped(lambda line: {"id": "x", "attributes": {"message": line}}),
    "discover.csv": table(["@timestamp", "event.original"], lambda line: [STAMP, line]),
    "gelf.jsonl": dumped(lambda line: {"version": "1.1", "full_message": line, "level": 6}),
    "console.csv": table(["timestamp", "message"], lambda line: ["1767814330000", line]),
    "insights.csv": table(["@timestamp", "@message", "@logStream"], lambda line: ["2026-01-07 19:44:00.1", line, "x"]),
    "powershell.csv": table(["PSComputerName", "RawEventData"], lambda line: ["o", line], '#TYPE "Selected.X"\n'),
    "excel.csv": table(["time", "_raw"], lambda line: [STAMP, line], "sep=,\n"),
}
"""Name of the log -> what its lines are written as, a line each."""

LISTS: dict[str, Callable[[list[str]], str]] = {
    "subscription.json": lambda lines: json.dumps(
        {
            "messageType": "DATA_MESSAGE",
            "logEvents": [{"id": "1", "timestamp": 1767814330000, "message": line} for line in lines],
        }
    ),
    "firehose": lambda lines: "".join(
        json.dumps({"messageType": "DATA_MESSAGE", "logEvents": [{"timestamp": 1767814330000, "message": line}]})
        for line in lines
    ),
    "insights.json": lambda lines: json.dumps(
        {
            "results": [
                [{"field": "@timestamp", "value": "2026-01-07 19:44:00.1"}, {"field": "@message", "value": line}]
                for line in lines
            ],
            "status": "Complete",
        },
        indent=4,
    ),
    "elastic.json": lambda lines: json.dumps(
        {"took": 1, "hits": {"total": {"value": 3}, "hits": [{"_source": {"message": line}} for line in lines]}}
    ),
    "array.json": lambda lines: json.dumps([{"_raw": line} for line in lines], indent=1),
}
"""As above, for what holds several records in one object or list."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("contained")
    for log_format, lines in RECORDS.items():
        for name, written in (CONTAINERS | LISTS).items():
            path = folder / log_format / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("\ufeff" * name.endswith(".csv") + written(lines), encoding="utf-8")
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [folder], POLICY, AS_OF)
        files = store.rows("select path, format, status, note, records, not_transfers, quarantined from sources")
        kept = defaultdict(list)
        for path, *said in store.rows(
            "select s.path, place_text(s.places, s.sheets, r.record_key % 68719476736), r.occurred_at, "
            "t.file_name, t.bytes from records r left join traces t using (record_key) "
            "join sources s on s.source_id = r.record_key // 68719476736 order by all"
        ):
            kept[path].append(said)
        return {path.removeprefix(f"{folder}/"): (*said, kept[path]) for path, *said in files}


@pytest.mark.parametrize("name", [*CONTAINERS, *LISTS])
@pytest.mark.parametrize("log_format", RECORDS)
def test_records_are_the_same_in_every_container(seen: dict[str, Any], log_format: str, name: str) -> None:
    found, status, note, records, others, bad, kept = next(
        said for path, said in seen.items() if path.endswith(f"{log_format}/{name}")
    )
    bare = next(said for path, said in seen.items() if path.endswith(f"{log_format}/bare.log"))
    assert (found, status) == (log_format, "read"), note
    assert (records, others, bad) == (3, bare[4], 0)
    assert bare[-1]
    told = [said[2:] for said in kept], [said[1] for said in kept]
    assert told[0] == [said[2:] for said in bare[-1]]
    if log_format != "transfer_family":
        assert told[1] == [said[1] for said in bare[-1]]
    above = {"powershell.csv": 2, "discover.csv": 1, "excel.csv": 2, "console.csv": 1, "insights.csv": 1}.get(name, 0)
    places = [int(said[0].split(" ")[1]) for said in bare[-1]]
    unit = "line"
    if name in LISTS:
        key = {"subscription.json": "logEvents", "firehose": "logEvents", "insights.json": "results"}.get(name, "")
        key = "hits.hits" if name == "elastic.json" else key
        unit = "item"
        assert all(said[0].endswith(f"of {key}" if key else said[0]) for said in kept)
    assert [said[0].split(" ")[:2] for said in kept] == [[unit, str(place + above)] for place in places]


def test_a_program_is_found_among_others_in_a_system_log(tmp_path: Path) -> None:
    others = [f"Jan  7 19:{at // 60:02}:{at % 60:02} host sshd[{at}]: Accepted publickey for a\n" for at in range(300)]
    for log_format, lines in RECORDS.items():
        others[7] = "Jan  7 19:00:07 host sshd[7]: Accepted publickey for ero at ice.dhs.gov\n"
        log = [*others, *(f"Jan  7 19:44:00 host ftp[48]: {line}\n" for line in lines), *others]
        (tmp_path / f"{log_format}.log").write_text("".join(log))
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [tmp_path], POLICY, AS_OF)
        for log_format in RECORDS:
            records, others_of, bad, found = store.rows(
                "select records, not_transfers, quarantined, format from sources where path like '%' || $1 || '.log'",
                [log_format],
            )[0]
            assert (records, bad, found) == (603, 0, log_format)
            assert others_of == 600 + (2 if log_format == "transfer_family" else 0)
        aside = store.rows(
            "select distinct first_record, naming, first_naming from set_aside where reason like '%another program%'"
        )
        assert aside == [(1, 2, 8)]
        where = store.rows("select min(record_key % 68719476736) from records")
        assert where == [(301,)]


def test_rows_of_parquet_are_records_too(tmp_path: Path) -> None:
    import duckdb

    for log_format, lines in RECORDS.items():
        rows = ", ".join(f"({at}, $${line}$$)" for at, line in enumerate(lines))
        (tmp_path / log_format).mkdir()
        path = tmp_path / log_format / "x.parquet"
        duckdb.sql(f"copy (select * from (values {rows}) t (timestamp, message)) to '{path}' (format parquet)")
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [tmp_path], POLICY, AS_OF)
        found = store.rows("select format, status, records, quarantined, places from sources order by all")
        assert found == [(log_format, "read", 3, 0, "row") for log_format in sorted(RECORDS)]
