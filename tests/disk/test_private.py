"""What is written is for its owner alone, keeps the rights that it had, and is put where a link points."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from auditscan.cli import run
from auditscan.disk import private, wholefile
from auditscan.disk.private import keep_rights, private_folder
from auditscan.disk.wholefile import publish, taking_place_of, write_whole
from auditscan.errors import UnsureWarning, UsageError
from auditscan.ledger.telling import delivery
from ledger.keeping import lines, record

AS_OF = ["--as-of", "2026-03-01"]


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o022)
    Path("logs").mkdir()
    Path("logs/a.ndjson").write_text(lines(record(1), record(2, elements=["ssn"])), encoding="utf-8")
    yield tmp_path
    os.umask(before)


def rights(path):
    return stat.S_IMODE(Path(path).stat().st_mode)


def test_what_is_new_is_for_its_owner_alone(monkeypatch):
    monkeypatch.setattr(delivery, "PAUSES", (0.0, 0.0))
    night = [
        "nightly",
        "--logs",
        "logs",
        "--ledger",
        "ledger",
        "--metrics",
        "m.prom",
        "--run-log",
        "run.ndjson",
        *AS_OF,
    ]
    assert run(["--no-config", *night, "--notify", "json://127.0.0.1:9/"]) == 20
    assert run(["--no-config", "scan", "logs", "--db", "case.duckdb", "--out", "answers.csv", *AS_OF]) == 12
    for name in ("result.csv", "result.xlsx", "result.parquet", "result.md", "result.txt", "result.ndjson"):
        assert run(["--no-config", "query", "by_state", "--db", "case.duckdb", "--out", name, *AS_OF]) == 0
    assert run(["--no-config", "verify", "--ledger", "ledger", "--write-tables", "tables"]) == 0
    written = [path for path in Path().rglob("*") if path.is_file() and "logs" not in path.parts]
    assert {path.name for path in written} > {"ledger.duckdb", "000001.json", "deliveries.ndjson", "run.ndjson"}
    others = {str(path): oct(rights(path)) for path in written if rights(path) != 0o600}
    assert others == {"m.prom": "0o644"}, "metrics are read by another user"
    assert rights("ledger") == rights("tables") == 0o700


def test_what_is_replaced_keeps_its_rights():
    def write():
        scan = ["scan", "logs", "--db", "case.duckdb", "--out", "answers.csv", *AS_OF]
        assert run(["--no-config", *scan]) == 12
        night = ["nightly", "--logs", "logs", "--ledger", "ledger", "--metrics", "m.prom", "--run-log", "run.ndjson"]
        assert run(["--no-config", *night, *AS_OF]) == 12
        assert run(["--no-config", "query", "by_state", "--db", "case.duckdb", "--out", "result.xlsx", *AS_OF]) == 0

    write()
    chosen = {"case.duckdb": 0o640, "answers.csv": 0o400, "ledger/ledger.duckdb": 0o644, "m.prom": 0o640}
    chosen |= {"run.ndjson": 0o660, "result.xlsx": 0o664}
    for path, mode in chosen.items():
        Path(path).chmod(mode)
    if os.geteuid() == 0:
        os.chown("case.duckdb", 12345, 23456)
    write()
    assert {path: rights(path) for path in chosen} == chosen
    if os.geteuid() == 0:
        assert (Path("case.duckdb").stat().st_uid, Path("case.duckdb").stat().st_gid) == (12345, 23456)


def test_a_group_that_cannot_be_kept_is_shut_out(monkeypatch):
    def refused(*_):
        raise PermissionError(errno.EPERM, "no")

    Path("old").write_text("old")
    Path("old").chmod(0o664)
    if os.geteuid() == 0:
        os.chown("old", 12345, 23456)
    else:
        pytest.skip("only root can give a file away")
    monkeypatch.setattr(private.os, "fchown", refused)
    with Path("new").open("w") as file:
        keep_rights(file.fileno(), Path("old"))
    assert rights("new") == 0o604


def test_a_folder_whose_owner_listed_readers_decides_for_new_files(place):
    # u::rwx g::r-x m::r-x o::--- and one group more, as `setfacl -d -m g:1234:rX` writes it.
    entries = [(1, 7, -1), (4, 5, -1), (8, 5, 1234), (16, 5, -1), (32, 0, -1)]
    listed = b"\2\0\0\0" + b"".join(
        tag.to_bytes(2, "little") + mode.to_bytes(2, "little") + (who & 0xFFFFFFFF).to_bytes(4, "little")
        for tag, mode, who in entries
    )
    try:
        os.setxattr(place, "system.posix_acl_default", listed)
    except (OSError, AttributeError):
        pytest.skip("this file system keeps no lists of readers")
    write_whole(Path("new"), b"x")
    assert rights("new") & 0o077 == 0o040
    acl = os.getxattr("new", "system.posix_acl_access")
    write_whole(Path("new"), b"y")
    assert (rights("new") & 0o077, os.getxattr("new", "system.posix_acl_access")) == (0o040, acl)


def test_links_are_kept_and_what_they_point_to_is_written():
    Path("real").mkdir()
    for name in ("case.duckdb", "answers.csv", "result.csv", "m.prom"):
        Path(name).symlink_to(Path("real") / name)
    Path("ledger").mkdir(mode=0o700)
    Path("ledger/ledger.duckdb").symlink_to("../real/ledger.duckdb")
    for _ in range(2):
        assert run(["--no-config", "scan", "logs", "--db", "case.duckdb", "--out", "answers.csv", *AS_OF]) == 12
        night = ["nightly", "--logs", "logs", "--ledger", "ledger", "--metrics", "m.prom", *AS_OF]
        assert run(["--no-config", *night]) == 12
        assert run(["--no-config", "query", "by_state", "--db", "case.duckdb", "--out", "result.csv", *AS_OF]) == 0
        assert all(Path(name).is_symlink() for name in ("case.duckdb", "answers.csv", "result.csv", "m.prom"))
        assert Path("ledger/ledger.duckdb").is_symlink()
        names = {"case.duckdb", "answers.csv", "result.csv", "m.prom", "ledger.duckdb"}
        assert {path.name for path in Path("real").iterdir()} == names
    assert run(["--no-config", "verify", "--ledger", "ledger"]) == 0
    assert not list(Path("ledger").glob(".auditscan-*"))


def test_what_is_no_file_is_not_replaced():
    os.mkfifo("pipe.csv")
    for path in (Path("pipe.csv"), Path("/dev/null"), Path("logs")):
        with pytest.raises(UsageError), taking_place_of(path):
            pass
    assert stat.S_ISFIFO(Path("pipe.csv").lstat().st_mode)


def test_a_folder_that_cannot_be_put_on_disk_is_a_warning(monkeypatch):
    def broken(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(wholefile.os, "fsync", broken)
    Path("made").write_text("new")
    with pytest.warns(UnsureWarning, match="a power cut may still undo it"):
        publish(Path("made"), Path("there"))
    assert Path("there").read_text() == "new"


def test_a_night_whose_folder_cannot_be_put_on_disk_counts(monkeypatch, capsys):
    def broken(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(wholefile.os, "fsync", broken)
    assert run(["--no-config", "nightly", "--logs", "logs", "--ledger", "ledger", *AS_OF]) == 12
    assert "warning: ledger/ledger.duckdb is written and in its place" in capsys.readouterr().err
    assert run(["--no-config", "verify", "--ledger", "ledger"]) == 0


def test_what_killed_processes_left_goes_and_what_is_in_use_stays(monkeypatch, place):
    monkeypatch.setattr(private.tempfile, "tempdir", str(place))
    script = "import os\nfrom auditscan.disk.private import private_folder\nwith private_folder(): os._exit(9)"
    environment = {**os.environ, "TMPDIR": str(place)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", script], check=False, env=environment)
        assert len(list(place.glob(".auditscan-*"))) == 1, "the second clears away what the first left"
    Path(".auditscan-file").write_text("no folder")
    Path("elsewhere").mkdir()
    Path(".auditscan-link").symlink_to("elsewhere")
    with private_folder() as first, private_folder() as second:
        assert first.exists()
        assert rights(second) == 0o700
        assert {path.name for path in place.glob(".auditscan-*")} == {
            first.name,
            second.name,
            ".auditscan-file",
            ".auditscan-link",
        }
    assert {path.name for path in place.glob(".auditscan-*")} == {".auditscan-file", ".auditscan-link"}
    assert Path("elsewhere").is_dir()


def test_a_folder_that_another_process_cleared_away_is_made_again(monkeypatch, place):
    made = []

    def cleared(**how):
        made.append(private_made(**how))
        if len(made) == 1:
            Path(made[0].name).rmdir()
        return made[-1]

    private_made = private.tempfile.TemporaryDirectory
    monkeypatch.setattr(private.tempfile, "TemporaryDirectory", cleared)
    with private_folder(place) as folder:
        assert folder.is_dir()
    assert len(made) == 2
