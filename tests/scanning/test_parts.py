"""What several scans read, put together, is what one scan would have read."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from auditscan.cli import run

SAMPLES = Path(__file__).parents[2] / "sample_logs"
PARTS = ("a", "b", "c")
AS_OF = ["--as-of", "2026-03-01"]


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """A folder with the samples in three folders, each read into a database of its own."""
    folder = tmp_path_factory.mktemp("parts")
    files = sorted(path for path in SAMPLES.rglob("*") if path.is_file() and path.suffix != ".md")
    for number, path in enumerate(files):
        part = folder / "logs" / PARTS[number * len(PARTS) // len(files)]
        part.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, part / f"{number:02}-{path.name}")
    for part in PARTS:
        run(["scan", *AS_OF, "--db", str(folder / f"{part}.duckdb"), str(folder / "logs" / part)])
    return folder


def scan(folder: Path, out: str, *arguments: str) -> tuple[int, dict, bytes]:
    """The exit code of a scan, what it says of the files and how it judged, and its answers."""
    code = run(["scan", *AS_OF, "--receipt", str(folder / f"{out}.json"), "--out", str(folder / out), *arguments])
    receipt = json.loads((folder / f"{out}.json").read_text())
    logs = [
        (name, {key: value for key, value in said.items() if key != "note"})
        for name, said in receipt["materials"].items()
        if name.startswith("log:")
    ]
    said = receipt["byproducts"]
    # Its sentences name the notes.
    said["incomplete_because"] = len(said["incomplete_because"])
    return code, {"logs": logs, **said}, (folder / out).read_bytes()


@pytest.fixture(scope="module")
def whole(parts):
    """What one scan says of all these logs."""
    return scan(parts, "whole.csv", str(parts / "logs"))


def taken(folder: Path, *names: str) -> list[str]:
    return [word for name in names for word in ("--part", str(folder / f"{name}.duckdb"))]


def test_parts_together_are_as_the_whole(parts, whole):
    together = scan(parts, "parts.csv", *taken(parts, *PARTS))
    assert together == whole
    sha256 = hashlib.sha256((parts / "c.duckdb").read_bytes()).hexdigest()
    materials = json.loads((parts / "parts.csv.json").read_text())["materials"]
    notes = [said.get("note", "") for said in materials.values() if said.get("status") in ("read", "damaged")]
    assert all("read by another scan: " in note for note in notes)
    assert any(f"c.duckdb, SHA-256 {sha256}" in note for note in notes)


def test_a_part_and_logs_beside_it_are_as_the_whole_and_a_part_counts_once(parts, whole):
    logs = [str(parts / "logs" / part) for part in ("b", "c")]
    kept = ["--db", str(parts / "kept.duckdb")]
    assert scan(parts, "mixed.csv", *kept, *taken(parts, "a"), *logs) == whole
    _, said, answers = scan(parts, "again.csv", *kept, *taken(parts, "a", "c"))
    assert answers == whole[2]
    # None of its files was taken for a copy of itself.
    assert said["logs"] == whole[1]["logs"]


def test_a_log_in_two_parts_is_a_copy(parts, tmp_path):
    log = parts / "logs" / "a" / "twice.ndjson"
    shutil.copy(SAMPLES / "clean.ndjson", log)
    shutil.copy(SAMPLES / "clean.ndjson", tmp_path / "again.ndjson")
    for name, path in (("one", log), ("two", tmp_path / "again.ndjson")):
        run(["scan", *AS_OF, "--db", str(tmp_path / f"{name}.duckdb"), str(path)])
    log.unlink()
    code, _, answers = scan(tmp_path, "both.csv", *taken(tmp_path, "one", "two"))
    assert (code, answers) == (0, scan(tmp_path, "one.csv", *taken(tmp_path, "one"))[2])


def test_what_is_no_part_is_refused(parts, tmp_path, capsys):
    (tmp_path / "junk.duckdb").write_text("no database")
    assert run(["scan", *AS_OF, "--part", str(tmp_path / "junk.duckdb")]) == 1
    assert "no database" in capsys.readouterr().err
    assert run(["scan", *AS_OF, "--part", str(tmp_path / "none.duckdb")]) == 3
    assert "there is no such database" in capsys.readouterr().err
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "parties.csv").write_text("kind,value,agency\nmail_domain,agency.example,ICE\n")
    assert run(["scan", *AS_OF, "--policy", str(tmp_path / "mine"), *taken(parts, "a")]) == 2
    assert "another policy" in capsys.readouterr().err
