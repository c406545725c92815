"""What a file is taken for: by detection as by a scan, and one bad file takes nothing from the others."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from auditscan.cli import run
from auditscan.ingest import Reads, detect, load
from auditscan.scanning import reading
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from readers.reading import AS_OF, GOOD, KNOWN
from scans import LIBRARY, POLICY

XFERLOG = b"Wed Jan  7 14:40:02 2026 472 198.51.100.20 40265 /out/x.csv b _ o r icepull sftp 0 * c\n"
SFTP = (
    b"Jan  7 14:32:01 eft internal-sftp[4711]: session opened for local user ero from [198.51.100.7]\n"
    b'Jan  7 14:32:02 eft internal-sftp[4711]: open "/out/elg.csv" flags READ mode 0666\n'
    b'Jan  7 14:32:09 eft internal-sftp[4711]: close "/out/elg.csv" bytes read 4096 written 0\n'
)
SSHD = b"".join(
    b"Jan  7 10:00:01 eft sshd[%d]: Accepted publickey for ero from 198.51.100.7\n" % n for n in range(20_000)
)
EVENT = {"eventSource": "s3.amazonaws.com", "eventName": "GetObject"}

# name -> (content, format or None for unrecognized, status, records, part of what is said of it)
FILES: dict[str, tuple[bytes, str | None, str, int, str]] = {
    # Words that stand in the logs of many systems make no canonical log.
    "login.jsonl": (b'{"action":"user.login","actor":"bob","created_at":"2026-03-02"}\n', None, "unrecognized", 0, ""),
    "login.csv": (b"action,actor,created_at\nuser.login,bob,2026-03-02\n", None, "unrecognized", 0, ""),
    "mail.jsonl": (b'{"sender":"a@b","recipient":["c@d"],"subject":"x","ts":1}\n', None, "unrecognized", 0, ""),
    "two.jsonl": (b'{"sender":"CMS","recipient":"ICE","x":1}\n', None, "unrecognized", 0, ""),
    "short.jsonl": (b'{"sender":"CMS","states":["CA"],"x":1}\n', "ndjson", "read", 1, ""),
    "many.jsonl": (
        json.dumps(KNOWN | {f"own_{n}": n for n in range(40)}).encode() + b"\n", "ndjson", "read", 1, "",
    ),
    "named.csv": (b"transfer_id,occurred_at,elments\n1,2026-01-05,ssn\n", "csv", "read", 1, ""),
    # A log whose first lines are others.
    "auth.log": (SSHD + SFTP, "openssh_sftp", "read", 20_003, ""),
    "started.log": (b"the server starts\n" * 150 + XFERLOG * 200, "xferlog", "read", 350, ""),
    "truncated.log": (b"\0" * 100_000 + XFERLOG, "xferlog", "read", 1, "its first 100,000 bytes are NUL"),
    "truncated.ndjson": (b"\0" * 5 + json.dumps(KNOWN).encode(), "ndjson", "read", 1, "its first 5 bytes are NUL"),
    "nothing.log": (b"\0" * 70_000, None, "empty", 0, ""),
    "mark.csv": (b"\xef\xbb\xbf", None, "empty", 0, ""),
    "pasted.log": (b"  " + XFERLOG + b"  " + XFERLOG.replace(b"40265", b"1"), "xferlog", "read", 2, ""),
    # What an unrecognized file is most like.
    "some.log": (b"something else\n" * 3 + XFERLOG, None, "unrecognized", 0, "most like xferlog: 1 of its first 4"),
    "near.jsonl": (
        json.dumps(EVENT | {"who": "x"}).encode(), None, "unrecognized", 0,
        "most like cloudtrail_s3: its records lack useridentity",
    ),
    "sheet.csv": (b"Recipient Agency,State,Contact\nICE,CA,Roe\n", None, "unrecognized", 0, "sources map"),
    # Hostile shapes.
    "deep.json": (b"[" * 100_000 + b"]" * 100_000, None, "unrecognized", 0, ""),
    "nested.jsonl": (b'{"message":' * 50_000 + b"1" + b"}" * 50_000, None, "unrecognized", 0, ""),
    "long.txt": (b"x" * 8_000_000, None, "unrecognized", 0, ""),
    "dashes.log": (b"-a." * 100_000 + b"\n", None, "unrecognized", 0, ""),
    "wide.csv": (b",".join(b"c%d" % n for n in range(3000)) + b"\n" + b"1," * 2999, None, "unrecognized", 0, ""),
    "keys.jsonl": (json.dumps({f"k{n}": n for n in range(9000)}).encode(), None, "unrecognized", 0, ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("logs")
    for name, (content, *_) in FILES.items():
        (made / name).write_bytes(content)
    duckdb.sql(f"""copy (
        select 3002 as class_uid, {{'version': '1.1.0', 'uid': 'e-1'}} as metadata, 1772463660000 as time,
            {{'user': {{'name': 'u@ice.dhs.gov'}}}} as actor, 1 as activity_id
    ) to '{made / "lake.parquet"}'""")
    duckdb.sql(f"copy (select 'login' as action, 'bob' as actor) to '{made / 'login.parquet'}'")
    return made


ROWS = {"lake.parquet": ("ocsf", "read", 1, ""), "login.parquet": ("parquet", "unrecognized", 0, "")}
EXPECTED = {name: said[1:] for name, said in FILES.items()} | ROWS


@pytest.fixture(scope="module")
def scanned(folder: Path) -> dict[str, tuple[str | None, str, int, str]]:
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [folder], POLICY, AS_OF)
        found = store.rows("select path, format, status, records, note from sources")
        return {path.rpartition("/")[2]: said for path, *said in found}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_scan_takes_it_for_what_it_is(scanned, name):
    log_format, status, records, told = EXPECTED[name]
    assert tuple(scanned[name][:3]) == (log_format, status, records)
    assert told in scanned[name][3]


@pytest.mark.parametrize("name", EXPECTED)
def test_detection_says_the_same(folder, scanned, name):
    taken = detect(folder / name, LIBRARY, Reads())
    found = taken.kind if taken.log_format is None else taken.log_format.name
    if scanned[name][1] == "read":
        assert found == scanned[name][0]
    else:
        assert taken.kind == {"unrecognized": None}.get(scanned[name][1], scanned[name][1])
    if scanned[name][1] == "unrecognized":
        assert taken.why == scanned[name][3]


def good(folder: Path) -> None:
    (folder / GOOD).write_text(json.dumps(KNOWN) + "\n")


@pytest.mark.parametrize("log_format", ["cloudtrail_s3", "moveit", "redshift_unload"])
def test_a_table_without_a_field_of_the_format_that_was_named_ends_nothing(tmp_path, log_format, capsys):
    (tmp_path / "ab.csv").write_text("a,b\n1,2\n")
    (tmp_path / "c.csv").write_text("LogTime,Action,Username,XferSize\n2026-01-05 10:00:00,file_download,u,5\n")
    assert run(["scan", str(tmp_path), "--log-format", log_format, "--as-of", "2026-03-01"]) == 20
    told = " ".join(capsys.readouterr().err.split())
    assert f"ab.csv is not a log that auditscan knows: its header names none of the fields of `{log_format}`" in told


def test_whatever_is_raised_of_a_file_is_said_of_that_file_alone(tmp_path, monkeypatch):
    good(tmp_path)
    errors = {
        f"bad-{type(error).__name__}.log": error
        for error in (RecursionError("too deep"), MemoryError(), duckdb.ConversionException("no number"), KeyError("x"))
    }
    for lines, name in enumerate(errors, start=1):
        (tmp_path / name).write_bytes(XFERLOG * lines)

    def fails(file):
        if file.path.name in errors:
            raise errors[file.path.name]
        return loads(file)

    loads = load.LogFile.load
    monkeypatch.setattr(load.LogFile, "load", fails)
    monkeypatch.setattr(reading, "TOGETHER_FILES", 1)
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [tmp_path], POLICY, AS_OF)
        found = store.rows("select path, status, records, note from sources where path like '%.log'")
        assert {Path(path).name: said for path, *said in found}.keys() == errors.keys()
        for path, status, records, note in found:
            assert (status, records) == ("unreadable", 0), path
            assert type(errors[Path(path).name]).__name__ in note, path
        assert store.one("select count(*) from answers") == 1


def test_a_format_whose_sql_fails_ends_nothing(tmp_path, capsys):
    good(tmp_path)
    (tmp_path / "x.gate").write_text("GATE 1\n")
    sources = tmp_path / "queries" / "sources"
    sources.mkdir(parents=True)
    header = "/*\ntitle = 'x'\ndescription = 'x'\nreader = 'lines'\npattern = '^GATE'\n*/\n"
    (sources / "gate.sql").write_text(header + "select record_no, line::bigint::varchar as recipient from incoming\n")
    assert run(["scan", str(tmp_path), "--queries", str(tmp_path / "queries"), "--as-of", "2026-03-01"]) == 20
    told = " ".join(capsys.readouterr().err.split())
    assert "x.gate could not be read: " in told
    assert "1 records: 1 transfers" in told
