"""Records far longer than a block."""

from __future__ import annotations

import json

import pytest

from auditscan.ingest import csv_log, load, together
from auditscan.readers import blocks, json_array
from readers.reading import line, read_folder, row, table

LONG = 15 << 20
"""Shorter than the longest record that is read."""


def test_long_records(tmp_path):
    text = "x" * LONG
    a, c = line("a"), line("c")
    (tmp_path / "valid.ndjson").write_bytes(a + line("b", note=text) + c)
    (tmp_path / "invalid.ndjson").write_bytes(a + b"y" * LONG + b"\n" + c)
    (tmp_path / "valid.csv").write_bytes(b'transfer_id,sender,note\na,CMS,x\nb,CMS,"' + text.encode() + b'"\nc,CMS,x\n')
    seen = read_folder(tmp_path, workers=1)
    three = {1: "a", 2: "b", 3: "c"}
    assert seen["valid.ndjson"].kept == three
    assert seen["valid.csv"].kept == {2: "a", 3: "b", 4: "c"}
    assert seen["invalid.ndjson"].kept == {1: "a", 3: "c"}
    assert len(seen["invalid.ndjson"].raw[2]) == 1 << 16
    assert seen["invalid.ndjson"].offsets[2] == len(a)


@pytest.mark.parametrize("block_bytes", [1 << 12, 1 << 15, 1 << 24])
def test_a_record_that_is_too_long_costs_only_itself(tmp_path, monkeypatch, block_bytes):
    for where in (blocks, csv_log):
        monkeypatch.setattr(where, "BLOCK_BYTES", block_bytes)
    monkeypatch.setattr(blocks, "MAX_RECORD_BYTES", 1 << 16)
    # A record that is too long makes a file too large to be read with others.
    monkeypatch.setattr(together, "SMALL_BYTES", 1 << 10)
    monkeypatch.setattr(json_array, "MAX_RECORD_BYTES", 1 << 16)
    monkeypatch.setattr(json_array, "CHUNK", 1 << 14)
    text = 'x, \\" [' * (1 << 15)
    last = line("d", purpose=text)
    records = [line("a"), line("b", purpose=text), *(line(f"c{n}") for n in range(300)), last]
    (tmp_path / "a.ndjson").write_bytes(b"".join(records))
    (tmp_path / "b.ndjson").write_bytes(b"y" * (1 << 17) + b"\n" + line("a") + b"z" * (1 << 16))
    (tmp_path / "a.json").write_bytes(b"[" + b",".join([*records, line("e")]) + b"]")
    (tmp_path / "b.json").write_bytes(
        b'{"Records":[' + b",".join(records) + b'],"more":' + json.dumps(text).encode() + b"}"
    )
    rows = table(
        row("a"), row("b", purpose='"' + "y" * (1 << 17) + '"'), row("c"), '"open', row("d" * (1 << 17)), row("e")
    )
    (tmp_path / "a.csv").write_bytes(rows)
    (tmp_path / "good.ndjson").write_bytes(line("good-1") + line("good-2"))
    seen = read_folder(tmp_path)
    kept = {1: "a"} | {n + 3: f"c{n}" for n in range(300)}
    too_long = "it is longer than 16 MiB, which no record of a log is"
    for name, more in (("a.ndjson", {}), ("a.json", {304: "e"}), ("b.json", {})):
        assert (seen[name].status, seen[name].kept) == ("read", kept | more)
        assert seen[name].bad == {2: too_long, 303: too_long}
    assert seen["a.ndjson"].offsets == {2: len(records[0]), 303: sum(map(len, records[:-1]))}
    assert seen["a.ndjson"].raw[2] == records[1][: 1 << 16]
    assert (seen["b.ndjson"].kept, seen["b.ndjson"].bad.keys()) == ({2: "a"}, {1, 3})
    assert seen["b.ndjson"].bad[1] == too_long
    assert seen["a.csv"].kept == {2: "a", 4: "c", 7: "e"}
    assert (seen["a.csv"].bad[3], seen["a.csv"].bad[6]) == (too_long, too_long)
    assert seen["a.csv"].bad[5] == "a quote is opened and never closed"


def test_a_text_that_does_not_fit_in_the_memory_of_the_engine(tmp_path, monkeypatch):
    monkeypatch.setattr("auditscan.scanning.scan.scan_memory", lambda _: "300MB")
    monkeypatch.setattr(load, "MORE_MEMORY", ("302MB", "305MB"))
    (tmp_path / "a.ndjson").write_bytes(line("a") + line("b", purpose="x" * (15 << 20)))
    (tmp_path / "good.ndjson").write_bytes(line("good-1") + line("good-2"))
    seen = read_folder(tmp_path, workers=1)
    assert (seen["a.ndjson"].status, seen["a.ndjson"].records) == ("unreadable", 0)
    assert "too long for the memory" in seen["a.ndjson"].note
    monkeypatch.setattr(load, "MORE_MEMORY", ("302MB", "6GB"))
    assert read_folder(tmp_path, workers=1)["a.ndjson"].kept == {1: "a", 2: "b"}
