"""Records far longer than a block."""

from __future__ import annotations

from auditscan.ingest import load
from auditscan.readers import blocks, json_array
from readers.reading import line, read_folder

LONG = 50 << 20


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


def test_a_record_that_would_not_fit_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1 << 12)
    monkeypatch.setattr(blocks, "MAX_RECORD_BYTES", 1 << 16)
    monkeypatch.setattr(json_array, "MAX_RECORD_BYTES", 1 << 16)
    text = "x" * (4 << 20)
    (tmp_path / "a.ndjson").write_bytes(line("a") + line("b", purpose=text))
    (tmp_path / "a.json").write_bytes(b"[" + line("a") + b"," + line("b", purpose=text) + b"]")
    (tmp_path / "good.ndjson").write_bytes(line("good-1") + line("good-2"))
    seen = read_folder(tmp_path)
    for name in ("a.ndjson", "a.json"):
        assert (seen[name].status, seen[name].kept) == ("unreadable", {})
        assert "is longer than 0 MiB" in seen[name].note


def test_a_text_that_does_not_fit_in_the_memory_of_the_engine(tmp_path, monkeypatch):
    for where in ("auditscan.scanning", "auditscan.ingest.load"):
        monkeypatch.setattr(f"{where}.SCAN_MEMORY", "300MB")
    monkeypatch.setattr(load, "LARGE_MEMORY", "320MB")
    (tmp_path / "a.ndjson").write_bytes(line("a") + line("b", purpose="x" * (20 << 20)))
    (tmp_path / "good.ndjson").write_bytes(line("good-1") + line("good-2"))
    seen = read_folder(tmp_path, workers=1)
    assert (seen["a.ndjson"].status, seen["a.ndjson"].records) == ("unreadable", 0)
    assert "too long for the memory" in seen["a.ndjson"].note
    monkeypatch.setattr(load, "LARGE_MEMORY", "6GB")
    assert read_folder(tmp_path, workers=1)["a.ndjson"].kept == {1: "a", 2: "b"}
