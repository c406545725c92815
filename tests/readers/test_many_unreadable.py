"""Files with more unreadable records, unknown fields or reasons than anybody would read."""

from __future__ import annotations

import json

from auditscan.ingest import log_file, plain
from auditscan.readers import model
from readers.reading import line, read_folder, row, table

MANY = 12_000
"""More than are held at once."""


def test_each_of_many_is_listed_in_its_order(tmp_path, monkeypatch):
    monkeypatch.setattr(model, "KEPT_A_FILE", 3 * MANY)
    (tmp_path / "a.ndjson").write_bytes(line("a") + b"x%y\n" * MANY + line("b"))
    (tmp_path / "a.csv").write_bytes(table(row("a"), *["x"] * MANY, row("b")))
    (tmp_path / "a.json").write_bytes(b"[" + line("a") + b'{"transfer_id": x},' * MANY + line("b") + b"]")
    seen = read_folder(tmp_path)
    for name, first in (("a.ndjson", 2), ("a.csv", 3), ("a.json", 2)):
        assert seen[name].kept == {first - 1: "a", first + MANY: "b"}
        assert list(seen[name].bad) == list(range(first, first + MANY)), "in the order of the file"
    begins = len(line("a"))
    assert list(seen["a.ndjson"].offsets.values()) == list(range(begins, begins + 4 * MANY, 4))
    assert set(seen["a.ndjson"].raw.values()) == {b"x%y"}
    # Of all of them together only so many bytes are kept, and that is said.
    assert 0 < sum(len(raw or b"") for raw in seen["a.json"].raw.values()) <= 3 * MANY
    assert "no bytes are kept" in seen["a.json"].note


def test_unknown_fields_are_listed_up_to_a_number(tmp_path):
    known = line("a").decode().strip()[:-1]
    more = {f"field {number:05}": 1 for number in range(3_000)} | {"l" * 5_000: 1}
    (tmp_path / "a.ndjson").write_text(f"{known},{json.dumps(more)[1:]}\n")
    seen = read_folder(tmp_path)["a.ndjson"]
    assert seen.kept == {1: "a"}
    assert len(seen.unknown) == model.MOST_NAMES
    assert seen.note == "1,000 of its unknown fields are listed, and there are 2,001 more"


def test_reasons_are_listed_up_to_a_number():
    report = model.FileReport("a log")
    for number in range(5_000):
        report.count_aside(f"operation {number:04}", model.SetAside(2, 1, 1, 2), number * 10)
    report.list_fewer()
    assert len(report.set_aside) == model.MOST_NAMES + 1
    assert report.set_aside["operation 0999"] == model.SetAside(2, 9_991, 1, 9_992)
    assert report.set_aside[model.OTHER_REASONS] == model.SetAside(8_000, 10_001, 4_000, 10_002)


def test_a_panic_and_a_lack_of_memory_are_of_one_file(tmp_path, monkeypatch):
    class PanicException(BaseException):
        """As libraries written in Rust raise it."""

    def looked(stream, source, path, *rest):
        if path.name == "panic.ndjson":
            raise PanicException("called `Option::unwrap()` on a `None` value")
        if path.name == "memory.ndjson":
            raise MemoryError
        if path.name == "deep.ndjson":
            raise RecursionError("maximum recursion depth exceeded")
        return whole(stream, source, path, *rest)

    whole = log_file.looked
    for module in (log_file, plain):
        monkeypatch.setattr(module, "looked", looked)
    for name in ("panic", "memory", "deep"):
        (tmp_path / f"{name}.ndjson").write_bytes(line(name))
    (tmp_path / "good.ndjson").write_bytes(line("good-1") + line("good-2"))
    seen = read_folder(tmp_path)
    for name, said in (
        ("panic", "PanicException: called `Option::unwrap()`"),
        ("memory", "MemoryError"),
        ("deep", "RecursionError"),
    ):
        assert seen[f"{name}.ndjson"].status == "unreadable"
        assert said in seen[f"{name}.ndjson"].note
