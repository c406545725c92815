"""Files that are hard to open, to name or to find."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest

import auditscan
from auditscan.errors import NoInputError
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from readers.reading import AS_OF, line, read_folder
from scans import LIBRARY, POLICY

NAMES = [
    "a b.ndjson",
    "😀.ndjson",
    "it's.ndjson",
    'say "x".ndjson',
    "two\nlines.ndjson",
    "[1].ndjson",
    "st*r?.ndjson",
    "%s{}$1;--.ndjson",
    "-rf.ndjson",
    "noending",
    "e\u0301.ndjson",
]


def test_names(tmp_path):
    for name in NAMES:
        (tmp_path / name).write_bytes(line(name))
    seen = read_folder(tmp_path)
    assert {name: file.kept for name, file in seen.items()} == {name: {1: name} for name in NAMES}


def test_names_of_parquet_logs(tmp_path):
    """The engine takes brackets and stars in a name for a pattern."""
    for name in NAMES:
        made = tmp_path / "made"
        duckdb.sql("select 1 as transfer_id").write_parquet(str(made))
        made.rename(tmp_path / name)
    seen = read_folder(tmp_path)
    assert {file.status for file in seen.values()} == {"read", "copy"}


def test_a_name_that_is_no_text(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.ndjson")).write_bytes(line("a"))
    (tmp_path / os.fsdecode(b"caf\xe8.ndjson")).write_bytes(line("b"))
    seen = read_folder(tmp_path)
    assert {name: file.kept for name, file in seen.items()} == {
        "caf\\xe8.ndjson": {1: "b"},
        "caf\\xe9.ndjson": {1: "a"},
    }


def test_links_and_pipes(tmp_path):
    logs = tmp_path / "logs"
    (logs / "deep").mkdir(parents=True)
    (logs / "deep" / "a.ndjson").write_bytes(line("a"))
    (logs / "deep" / "round").symlink_to(logs)
    (logs / "gone.ndjson").symlink_to(tmp_path / "nowhere")
    (logs / "self.ndjson").symlink_to(logs / "self.ndjson")
    os.mkfifo(logs / "pipe.ndjson")
    (logs / ".hidden.ndjson").write_bytes(line("h"))
    (logs / "README.md").write_text("What these logs are.")
    seen = read_folder(logs)
    assert {name: (file.status, file.kept) for name, file in seen.items()} == {
        ".hidden.ndjson": ("read", {1: "h"}),
        "README.md": ("skipped", {}),
        "deep/a.ndjson": ("read", {1: "a"}),
        "gone.ndjson": ("unreadable", {}),
        "pipe.ndjson": ("skipped", {}),
        "self.ndjson": ("unreadable", {}),
    }
    assert "No such file" in seen["gone.ndjson"].note
    assert seen["pipe.ndjson"].note == "pipe: not a regular file"


def test_a_link_to_a_log_is_read_once(tmp_path):
    (tmp_path / "a.ndjson").write_bytes(line("a"))
    (tmp_path / "b.ndjson").symlink_to(tmp_path / "a.ndjson")
    seen = read_folder(tmp_path)
    assert seen["a.ndjson"].kept == {1: "a"}
    assert (seen["b.ndjson"].status, seen["b.ndjson"].kept) == ("copy", {})


@pytest.mark.parametrize("names", [[], ["README.md"], [".hidden"]])
def test_a_folder_without_logs(tmp_path, names):
    for name in names:
        (tmp_path / name).write_text("x")
    with open_store(None, LIBRARY, threads=1) as store, pytest.raises(NoInputError, match="no log"):
        scan(store, [tmp_path], POLICY, AS_OF)


AS_NOBODY = """
import os, sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from readers.reading import read_folder
read_folder(Path(sys.argv[1]))  # What is imported late may not be open to everybody.
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
for name, seen in sorted(read_folder(Path(sys.argv[2])).items()):
    print(name, seen.status, seen.note, seen.kept, sep="|")
"""


def test_without_permission():
    base = Path(tempfile.mkdtemp())
    try:
        sound, logs, scratch = base / "sound", base / "logs", base / "scratch"
        for folder in (sound, logs, scratch, logs / "shut"):
            folder.mkdir()
        for log in (
            sound / "a.ndjson",
            logs / "a.ndjson",
            logs / "b.ndjson",
            logs / "shut" / "c.ndjson",
        ):
            log.write_bytes(line(log.stem))
        base.chmod(0o755)
        scratch.chmod(0o777)
        (logs / "b.ndjson").chmod(0)
        (logs / "shut").chmod(0)
        folders = [Path(__file__).parents[1], Path(auditscan.__file__).parents[1]]
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, sound, logs, *folders],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "TMPDIR": str(scratch)},
        )
    finally:
        (logs / "shut").chmod(0o755)
        shutil.rmtree(base)
    assert done.stdout.splitlines() == [
        "a.ndjson|read||{1: 'a'}",
        "b.ndjson|unreadable|cannot be opened: Permission denied|{}",
        "shut|unreadable|cannot be opened: Permission denied|{}",
    ], done.stderr


def test_a_file_that_fails_while_it_is_read(tmp_path, monkeypatch):
    from auditscan.readers.raw import HashedFile

    read = HashedFile.readinto

    def failing(self, view):
        if self.size >= 1 << 16:
            raise OSError(5, "Input/output error")
        return read(self, view[: 1 << 15])

    (tmp_path / "a.ndjson").write_bytes(line("a"))
    (tmp_path / "b.ndjson").write_bytes(b"".join(line(f"b{n}") for n in range(5000)))
    monkeypatch.setattr(HashedFile, "readinto", failing)
    seen = read_folder(tmp_path)
    assert seen["a.ndjson"].kept == {1: "a"}
    failed = seen["b.ndjson"]
    assert (failed.status, failed.note, failed.kept) == (
        "unreadable",
        "cannot be read: Input/output error",
        {},
    )
    assert failed.records == 0
