"""What a scan finds: whatever it is called and wherever a link leads, it is read, or it is named with the reason."""

from __future__ import annotations

import json
import os
import socket
import zipfile
from pathlib import Path

import pytest

from auditscan.cli import run
from auditscan.readers.raw import HashedFile
from readers.reading import line, read_folder


def told(logs: Path, capsys, *more: str) -> tuple[int, dict[str, dict], str]:
    """Scan: the exit code, what was said of each file below the folder, and what stood on standard error."""
    code = run(["scan", str(logs), "--as-of", "2026-03-01", "--json", *more])
    shown = capsys.readouterr()
    files = json.loads(shown.out)["files"]
    return code, {file["path"].removeprefix(f"{logs}/"): file for file in files}, shown.err


def test_the_longest_names_and_paths(tmp_path, capsys):
    """A mapping beside such a log would have a name that is too long; a path may be longer than can be opened."""
    logs = tmp_path / "logs"
    logs.mkdir()
    names = ["x" * (length - 7) + ".ndjson" for length in (230, 243, 244, 246, 255)]
    for name in names:
        (logs / name).write_bytes(line(name))
    handle = os.open(logs, os.O_RDONLY)
    for _ in range(22):
        os.mkdir("d" * 200, dir_fd=handle)
        handle = os.open("d" * 200, os.O_RDONLY, dir_fd=handle)
    code, files, _ = told(logs, capsys)
    assert [files[name]["status"] for name in names] == ["read"] * len(names)
    (deep,) = (file for name, file in files.items() if name.startswith("ddd"))
    assert (code, deep["status"], deep["note"]) == (20, "unreadable", "cannot be opened: File name too long")
    assert run(["nightly", "--logs", str(logs), "--ledger", str(tmp_path / "ledger")]) == 20
    said = capsys.readouterr().err
    assert f"{len(names)} new transfers" in said
    assert "cannot be opened: File name too long" in said
    assert "database" not in said


def test_folders_deeper_than_python_calls(tmp_path, capsys):
    inner = tmp_path / "logs"
    inner.mkdir()
    for _ in range(1200):
        inner = inner / "d"
        inner.mkdir()
    (inner / "a.ndjson").write_bytes(line("a"))
    try:
        code, files, _ = told(tmp_path / "logs", capsys)
        assert [file["status"] for file in files.values()] == ["read"]
        assert code == 12
    finally:
        while inner != tmp_path:
            for file in inner.glob("*.ndjson"):
                file.unlink()
            inner.rmdir()
            inner = inner.parent


@pytest.mark.skipif(not Path("/proc/self/mountinfo").exists(), reason="no file system of the kernel")
def test_links_into_the_kernel(tmp_path):
    """Reading `/proc/kmsg` waits for ever, `/proc/kcore` is larger than any disk, `/proc/self/root` leads anywhere."""
    (tmp_path / "a.ndjson").write_bytes(line("a"))
    places = ["/proc/kmsg", "/proc/kcore", "/proc/self", "/proc/self/mem", "/sys", "/proc/cpuinfo"]
    places = [place for place in places if Path(place).exists()]
    for number, place in enumerate(places):
        (tmp_path / f"k{number}.ndjson").symlink_to(place)
    seen = read_folder(tmp_path)
    assert seen.pop("a.ndjson").kept == {1: "a"}
    assert [file.status for file in seen.values()] == ["unreadable"] * len(places)
    assert {file.note.partition(" (")[0] for file in seen.values()} == {"it lies on a file system of the kernel"}


def test_a_log_that_is_a_pipe_by_the_time_it_is_opened(tmp_path):
    os.mkfifo(tmp_path / "a.ndjson")
    with pytest.raises(OSError, match="not a regular file"):
        HashedFile(tmp_path / "a.ndjson")


def test_a_round_of_links_named_by_the_user(tmp_path, capsys):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert run(["scan", str(tmp_path / "a"), "--out", str(tmp_path / "x.csv")]) == 20
    assert "Too many levels of symbolic links" in capsys.readouterr().err
    assert run(["nightly", "--logs", str(tmp_path / "a"), "--ledger", str(tmp_path / "ledger")]) == 20
    assert "Too many levels of symbolic links" in capsys.readouterr().err


def test_what_begins_with_a_dot_or_is_called_readme_is_read_where_it_is_a_log(tmp_path, capsys):
    example = b"Each line is a record, such as:\n\n" + line("example")
    for name, content in {
        ".2026/b.ndjson": line("b"), ".2026/.x/c.csv": b"transfer_id,occurred_at\nc,2026-01-01\n",
        ".hidden.ndjson": line("d"), ".secret": line("e"), "README_export_2026-01.ndjson": line("f"),
        "README": line("g"), "a.mapping.toml": line("h"), "README.txt": example, "README.md": example,
        "notes/.profile": b"export A=1\n", ".git/config": b"[core]\n", ".git/a.ndjson": line("z"),
        ".notes.swp": b"b0VIM 8.2", "x.mapping.toml": b"[[table]]\n",
    }.items():  # fmt: skip
        (tmp_path / "logs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "logs" / name).write_bytes(content)
    os.mkfifo(tmp_path / "logs" / "p")
    code, files, _ = told(tmp_path / "logs", capsys)
    assert {name for name, file in files.items() if file["status"] == "read" and file["transfers"] == 1} == {
        ".2026/b.ndjson", ".2026/.x/c.csv", ".hidden.ndjson", ".secret", "README_export_2026-01.ndjson", "README",
        "a.mapping.toml",
    }  # fmt: skip
    aside = {name: file["note"] for name, file in files.items() if file["status"] in ("skipped", "no_log")}
    assert aside == {
        "README.txt": "documentation", "README.md": "documentation", "notes/.profile": "hidden file",
        ".git": "version control folder", ".notes.swp": "editor file", "p": "pipe: not a regular file",
        "x.mapping.toml": "the mapping of a register",
    }  # fmt: skip
    assert (code, len(files)) == (12, 14)


def test_what_is_left_aside_is_told_by_kind(tmp_path, capsys):
    logs = tmp_path / "logs"
    (logs / ".git").mkdir(parents=True)
    (logs / "a.ndjson").write_bytes(line("a"))
    for name in (".profile", ".other", "README.md"):
        (logs / name).write_text("hello\n")
    os.mkfifo(logs / "p.ndjson")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(logs / "s"))
    (logs / "b.pdf").write_bytes(b"%PDF-1.7 ")
    (logs / "c.pdf").write_bytes(b"%PDF-1.7 x")
    kinds = "2 hidden files, 1 pipe, 1 socket, 2 PDF, 1 documentation, 1 version control folder"
    assert run(["scan", str(logs), "--as-of", "2026-03-01"]) == 12
    assert f"no logs, left aside: {kinds};" in capsys.readouterr().err
    assert run(["scan", str(logs), "--as-of", "2026-03-01", "--exclude", ".*"]) == 12
    said = capsys.readouterr().err
    assert "3 files excluded by .*" in said
    assert "left aside: 1 pipe, 1 socket, 2 PDF, 1 documentation;" in said
    run(["report", str(logs), "--as-of", "2026-03-01", "--section", "files", "--no-pager", "--width", "200"])
    assert f"No logs, left aside: {kinds}." in " ".join(capsys.readouterr().out.split())
    run(["report", str(logs), "--as-of", "2026-03-01", "--section", "files", "--full", "--no-pager", "--width", "200"])
    shown = " ".join(capsys.readouterr().out.split())
    for said in ("p.ndjson (pipe: not a regular file)", ".profile (hidden file)", ".git (version control folder)"):
        assert said in shown
    ledger = tmp_path / "ledger"
    assert run(["nightly", "--logs", str(logs), "--ledger", str(ledger), "--as-of", "2026-03-01", "--json"]) == 12
    night = capsys.readouterr()
    assert f"no logs, left aside: {kinds}" in night.err
    counts = {"PDF": 2, "hidden file": 2, "documentation": 1, "pipe": 1, "socket": 1, "version control folder": 1}
    assert json.loads(night.out)["left_aside"] == counts
    (receipt,) = (ledger / "receipts").glob("*.json")
    assert '"left_aside"' in receipt.read_text()
    run(["nightly", "--logs", str(logs), "--ledger", str(tmp_path / "new"), "--as-of", "2026-03-01", "--dry-run"])
    assert f"no logs, left aside: {kinds}" in " ".join(capsys.readouterr().out.split())


def test_names_that_would_be_shown_alike(tmp_path):
    """A byte that is no UTF-8 is spelled out, and a name may hold the very letters."""
    (tmp_path / os.fsdecode(b"x\xff.ndjson")).write_bytes(line("a"))
    (tmp_path / "x\\xff.ndjson").write_bytes(line("b"))
    (tmp_path / "a\\b.ndjson").write_bytes(line("c"))
    seen = read_folder(tmp_path)
    assert {name: file.kept for name, file in seen.items()} == {
        "x\\xff.ndjson": {1: "a"},
        "x\\\\xff.ndjson": {1: "b"},
        "a\\b.ndjson": {1: "c"},
    }


def test_members_that_would_be_shown_alike(tmp_path):
    inner = tmp_path / "inner"
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr("c.ndjson", line("c1"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("b", inner.read_bytes())
        file.writestr("b/c.ndjson", line("c2"))
        file.writestr(".x/d.ndjson", line("d"))
    inner.unlink()
    seen = read_folder(tmp_path)
    assert {name: file.kept for name, file in seen.items()} == {
        "a.zip/.x/d.ndjson": {1: "d"},
        "a.zip/b/c.ndjson": {1: "c1"},
        "a.zip/b/c.ndjson#2": {1: "c2"},
    }


@pytest.mark.parametrize("part", ["word/document.xml", "xl/workbook.bin"])
def test_logs_packed_like_a_document(tmp_path, part):
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as file:
        for name in ("[Content_Types].xml", part):
            file.writestr(name, "<x/>")
        file.writestr("b.ndjson", line("b"))
    assert read_folder(tmp_path)["a.docx/b.ndjson"].kept == {1: "b"}


def test_a_log_in_a_folder_that_is_shut_tonight_is_not_gone(tmp_path, capsys):
    logs = tmp_path / "logs"
    (logs / "day").mkdir(parents=True)
    (logs / "a.ndjson").write_bytes(line("a"))
    (logs / "day" / "b.ndjson").write_bytes(line("b"))
    night = ["nightly", "--logs", str(logs), "--ledger", str(tmp_path / "ledger"), "--as-of", "2026-03-01", "--json"]
    assert run(night) == 12
    capsys.readouterr()
    (logs / "day").rename(tmp_path / "away")
    # As for a folder that may not be entered, for who may enter every folder.
    (logs / "day").symlink_to(logs / "day")
    assert run(night) == 20
    files = {Path(file["path"]).name: file for file in json.loads(capsys.readouterr().out)["files"]}
    assert files["day"]["change"] == "unreadable"
    assert "day could not be read tonight: it is not looked at; its transfers are kept" in files["b.ndjson"]["note"]


def test_a_table_of_more_columns_than_a_sheet_has(tmp_path):
    extra = [f"c{number}" for number in range(20_000)]
    header = ",".join(["transfer_id", "occurred_at", "sender", "recipient", *extra])
    (tmp_path / "a.csv").write_text(f"{header}\nT-1,2026-01-01,CMS,ICE,{',' * (len(extra) - 1)}\n")
    seen = read_folder(tmp_path)["a.csv"]
    assert seen.status == "unrecognized"
    assert "its header has 20,004 columns, and 16,384 are the most that are read" in seen.note


def test_items_that_have_no_end_and_lie_in_each_other(tmp_path):
    """Each is read to the end of all before the next is tried: not every one of a hundred thousand."""
    deep, lists = '[{"a":' * 60_000 + "1" + "}]" * 60_000, "[" * 300_000
    (tmp_path / "good.ndjson").write_bytes(line("good-1") + line("good-2"))
    for name, odd in (("a", deep), ("b", lists)):
        (tmp_path / f"{name}.json").write_text(odd)
        (tmp_path / f"{name}-behind.json").write_bytes(b"[" + line(f"{name}-1") + b"," + odd.encode())
    seen = read_folder(tmp_path)
    for name in "ab":
        assert seen[f"{name}.json"].status == "unrecognized"
        assert len(seen[f"{name}-behind.json"].kept) == 1
        assert seen[f"{name}-behind.json"].bad
