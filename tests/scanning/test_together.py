"""Small logs are read together, and nobody can tell: each is accounted for as if it were read alone."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditscan.ingest import NOTHING_SAID, Reads, load_file, mapped
from auditscan.scanning import reading
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from scans import EXAMPLES, LEFT_BEHIND, LIBRARY, POLICY

TOGETHER = {"", ".log", ".json", ".gz", ".txt"}
"""How logs end of which many are read together, where their format says so."""
OTHERS = Path(__file__).parents[2] / "sample_logs/other-systems"
AS_OF = date(2026, 3, 1)
VALUES = {
    "occurred_at": st.sampled_from(["2025-07-01T10:00:00Z", "2025-07-02", "yesterday", 20250703, None]),
    "sender": st.sampled_from(["CMS", "cms ", "é\u2028", '\\"', ["CMS"], {"a": 1}]),
    "recipient": st.sampled_from(["ICE", "DHS", "?", 5, True]),
    "actor": st.sampled_from(["user1", "user2", '{"x": 1}']),
    "states": st.sampled_from([["CA"], ["CA", "OR"], [], "CA", ["CA", 1], None]),
    "elements": st.sampled_from([["ssn"], ["name", "diagnosis code"], ["ssn", "ssn "], [["ssn"]]]),
    "record_count": st.sampled_from([5, "5", 5.0, -1, "many", 12345678901234567890]),
    "purpose": st.sampled_from(["immigration enforcement", "", "a\tb", "[1]"]),
}
PLAIN = {
    "transfer_id": st.integers(0, 30).map("T-{}".format),
    "occurred_at": st.just("2025-07-01T10:00:00Z"),
    "sender": st.just("CMS"),
    "recipient": st.sampled_from(["ICE", "DHS"]),
    "elements": st.sampled_from([["ssn"], ["name", "diagnosis code"]]),
    "record_count": st.integers(0, 10**6),
}
IDS = st.one_of(st.integers(0, 30).map("T-{}".format), st.sampled_from(["17", 17, "true", "NaN", "", None, "a\u2028"]))

LINES = [
    b"", b"  ", b"\t", b"{}", b"null", b"[]", b"17", b"not json", b'{"transfer_id":"T-1"', b"}", b"{", b'{"a":"{"}',
    b'{"transfer_id":"T-1","sender":"CMS","sender":"HHS"}', b'{"transfer_id":"T-1","sender":"CMS"}\r',
    b'{"transfer_id":"T-1","sender":"CMS"}{"transfer_id":"T-2","sender":"CMS"}', b'{"transfer_id":"T-1","x":1}',
    b'{"transfer_id":NaN,"sender":"CMS"}', b'{"transfer_id":"T-1","sender":"CMS",}', b'{"sender":"\\ud800"}',
    b'{"sender":"\xff"}', b'{"sender":"\x00"}', b'{"Transfer-ID":"T-9","Sender":"CMS"}',
    b'\xef\xbb\xbf{"sender":"CMS"}',
    b'{"transfer_id":"T-1"}\x0b', b'{"transfer_id":"T-1","sender":"CMS","elements":["ssn" , ]}', b'{"sender":"CMS"} ',
]  # fmt: skip
"""Whatever may stand on a line."""


def compact(record: dict) -> str:
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False)


@st.composite
def logs(draw: st.DrawFn) -> bytes:
    """A small log: most are plain, some odd in one way or another."""
    kind = draw(st.sampled_from(["plain", "plain", "plain", "spaced", "escaped", "values", "line", "bytes", "ending"]))
    shape = st.fixed_dictionaries(PLAIN)
    if kind == "values":
        shape = st.fixed_dictionaries({}, optional={"transfer_id": IDS, **VALUES})
    records = draw(st.lists(shape, min_size=1, max_size=4))
    write = {"spaced": lambda record: json.dumps(record, ensure_ascii=False), "escaped": json.dumps}.get(kind, compact)
    lines = [write(record).encode() for record in records]
    if kind == "line":
        lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(LINES)))
    content = b"\n".join(lines) + b"\n"
    if kind == "bytes":
        at = draw(st.integers(0, len(content) - 1))
        content = content[:at] + draw(st.sampled_from([b"", b"\n", b"{", b"}", b'"', b" ", b"\r"])) + content[at + 1 :]
    if kind == "ending":
        change = draw(st.sampled_from([0, 1, 2, 3, 4, 5]))
        content = [
            content[:-1], content[:-2], b"\xef\xbb\xbf" + content, gzip.compress(content, mtime=0),
            content.replace(b"\n", b"\r\n"), b"[" + b",".join(lines) + b"]",
        ][change]  # fmt: skip
    return content


def read(folder: Path, patch: pytest.MonkeyPatch, at_once: int, reads: Reads = NOTHING_SAID) -> list[object]:
    """All that a scan leaves behind, and what it says of each file."""
    patch.setattr(reading, "TOGETHER_FILES", at_once)
    with open_store(None, LIBRARY, threads=1) as store:
        files = scan(store, [folder], POLICY, AS_OF, reads=reads).files
        said = [(file.path, file.status, file.note, file.records, file.sha256, sorted(file.fields)) for file in files]
        return [said, *(store.rows(query) for query in LEFT_BEHIND)]


def test_an_odd_log_among_plain_ones_is_read_alone_and_changes_none(tmp_path, monkeypatch):
    def line(number: int) -> bytes:
        return compact({"transfer_id": f"T-{number}", "sender": "CMS", "elements": ["ssn"]}).encode() + b"\n"

    for number, odd in enumerate(LINES):
        (tmp_path / f"{number:02} odd.ndjson").write_bytes(line(number) + odd + b"\n" + line(-number))
        (tmp_path / f"{number:02} plain.ndjson").write_bytes(line(100 + number) + line(200 + number))
    (tmp_path / "spaced.ndjson").write_bytes(line(300).replace(b":", b": "))
    (tmp_path / "numbers.ndjson").write_bytes(
        b'{"transfer_id":17,"sender":"CMS"}\n{"transfer_id":"18","recipient":"ICE"}'
    )
    (tmp_path / "copy.ndjson").write_bytes(line(100) + line(200))
    alone = set()

    def load_alone(store, path, *rest):
        alone.add(path.name)
        return load_file(store, path, *rest)

    monkeypatch.setattr(reading, "load_file", load_alone)
    together = read(tmp_path, monkeypatch, 1000, Reads(keep_bytes=True))
    assert alone == {f"{number:02} odd.ndjson" for number in range(len(LINES))}
    assert together == read(tmp_path, monkeypatch, 1, Reads(keep_bytes=True))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(logs(), min_size=2, max_size=12), st.integers(0, 2), st.sampled_from([2, 3, 1000]))
def test_logs_read_together_are_as_logs_read_alone(contents, copies, at_once):
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for number, content in enumerate(contents + contents[:copies]):
            (Path(folder) / f"{number:02}.ndjson").write_bytes(content)
        assert read(Path(folder), patch, at_once) == read(Path(folder), patch, 1)


def halves(log: bytes) -> list[bytes]:
    """A log as two: of one that is a single document, or packed, the second is the same again, written otherwise."""
    if log.startswith(b"\x1f\x8b"):
        return [log, gzip.compress(gzip.decompress(log), 1, mtime=0)]
    lines = log.splitlines(keepends=True)
    if len(lines) < 2 or not all(line.startswith(b"{") == lines[0].startswith(b"{") for line in lines):
        return [log, log + b"\n"]
    return [b"".join(lines[: len(lines) // 2]), b"".join(lines[len(lines) // 2 :])]


def test_logs_of_other_systems_read_or_staged_together_are_as_logs_read_alone(tmp_path, monkeypatch):
    for log in sorted(OTHERS.iterdir()):
        for number, half in enumerate(halves(log.read_bytes()) if log.suffix in TOGETHER else [log.read_bytes()]):
            (tmp_path / f"{number}-{log.name}").write_bytes(half)
    lines = (OTHERS / "xferlog").read_bytes().splitlines(keepends=True)
    (tmp_path / "broken-xferlog").write_bytes(b"".join([lines[0], b"not a line\n", *lines[1:]]))
    (tmp_path / "blank-xferlog").write_bytes(b"".join([lines[0], b"\n", *lines[1:]]))
    alone = set()

    def load_alone(store, path, *rest):
        # Those of an archive lie elsewhere.
        if path.parent == tmp_path and path.suffix in TOGETHER:
            alone.add(path.name[2:] if path.name[1] == "-" else path.name)
        return load_file(store, path, *rest)

    monkeypatch.setattr(reading, "load_file", load_alone)
    together = read(tmp_path, monkeypatch, 1000, Reads(keep_bytes=True))
    prepared = {"atna-audit.log", "iis-ftp.log", "transfer-sessions.json", "zeek-files.log", "zeek-ftp.log"}
    linked = {"databricks-query-history.json", "snowflake-query-history.json"}
    assert alone == prepared | linked | {"broken-xferlog", "blank-xferlog"}
    assert together == read(tmp_path, monkeypatch, 1, Reads(keep_bytes=True))
    # Small blocks of logs that are read alone wait for each other, and are staged together.
    monkeypatch.setattr(mapped, "FEW_BYTES", 0)
    assert together == read(tmp_path, monkeypatch, 1, Reads(keep_bytes=True))


def test_logs_whose_format_was_named_are_read_together(tmp_path, monkeypatch):
    lines = (OTHERS / "xferlog").read_bytes().splitlines(keepends=True)
    for number, line in enumerate(lines):
        (tmp_path / f"{number}.log").write_bytes(line)
    (tmp_path / "other.log").write_bytes(b'{"transfer_id":"T-1","sender":"CMS"}\n')
    named = Reads(log_format="xferlog")
    together = read(tmp_path, monkeypatch, 1000, named)
    assert together == read(tmp_path, monkeypatch, 1, named)
    assert len(together[1]) > 1
