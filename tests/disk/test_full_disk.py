"""A disk that takes no more is told as one, wherever it is met, and whatever wraps the system's words."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import scans
from auditscan.cli import run
from auditscan.disk import dbfile, wholefile
from auditscan.disk.wholefile import disk_fault
from auditscan.errors import StoreError
from auditscan.store import open_store
from ledger.keeping import lines, record

AS_OF = ["--as-of", "2026-03-01"]
CODES = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG)


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("logs").mkdir()
    Path("logs/a.ndjson").write_text(lines(*map(record, range(500))), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("code", CODES)
def test_what_the_engine_says_of_a_disk_is_told_as_such(code):
    said = os.strerror(code)
    for error in (OSError(code, said), duckdb.IOException(f'IO Error: Could not write file "x": {said}')):
        fault = disk_fault(error)
        assert fault is not None
        assert fault.why == said
        assert fault.hint
    with pytest.raises(StoreError) as caught, open_store(Path("a.duckdb"), scans.LIBRARY):
        raise duckdb.IOException(f"IO Error: Could not write file: {said}")
    assert (caught.value.where, caught.value.why) == ("a.duckdb", said)
    assert sorted(path.name for path in Path().iterdir()) == ["logs"]


@pytest.mark.parametrize(
    "said", ["Checkpoint failed. Original error: fsync failed!", "failed to offload ... 'max_temp_directory_size'"]
)
def test_what_the_engine_says_in_words_of_its_own_is_told_as_a_disk_too(said):
    assert disk_fault(duckdb.FatalException(f"FATAL Error: {said}")) is not None


def test_other_faults_are_no_faults_of_the_disk():
    assert disk_fault(OSError(errno.ENOENT, "no such file")) is None
    assert disk_fault(duckdb.ConversionException("Conversion Error: x")) is None


def test_what_a_caller_meets_inside_is_not_told_as_the_database(place):
    with pytest.raises(FileNotFoundError), open_store(Path("a.duckdb"), scans.LIBRARY):
        Path("logs/gone.ndjson").read_bytes()


@pytest.mark.parametrize("code", CODES)
def test_a_disk_that_is_full_when_a_database_is_copied_or_put_in_place(monkeypatch, capsys, code):
    def full(*_):
        raise OSError(code, os.strerror(code))

    scan = ["--no-config", "scan", "logs", "--db", "case.duckdb", *AS_OF]
    with monkeypatch.context() as patched:
        patched.setattr(wholefile, "keep_rights", full)
        assert run(scan) == 1
    assert f"where: case.duckdb\n  why:   {os.strerror(code)}\n  do:" in capsys.readouterr().err
    assert sorted(path.name for path in Path().iterdir()) == ["logs"]
    Path("case.duckdb").write_bytes(b"old")
    monkeypatch.setattr(dbfile.shutil, "copyfile", full)
    assert run(scan) == 1
    assert f"where: case.duckdb\n  why:   {os.strerror(code)}\n  do:" in capsys.readouterr().err
    assert Path("case.duckdb").read_bytes() == b"old"


def test_files_that_may_not_grow_are_named():
    assert run(["--no-config", "scan", "logs", "--db", "case.duckdb", *AS_OF]) == 10
    limited = """
import os, resource, sys
from auditscan.cli import run
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
query = ["--no-config", "query", "--sql", "from answers", "--db", "case.duckdb", "--as-of", "2026-03-01"]
for name in sys.argv[1:]:
    print(run([*query, "--out", name]), file=sys.stderr)
"""
    names = ["r.csv", "r.ndjson", "r.parquet", "r.xlsx", "r.md", "r.txt"]
    command = [sys.executable, "-B", "-c", limited, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.count("why:   File too large\n") == len(names), done.stderr
    assert all(f"the file {name} could not be written" in done.stderr for name in names)
    assert sorted(path.name for path in Path().iterdir()) == ["case.duckdb", "logs"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 2000
