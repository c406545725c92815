"""`auditscan connect`: what its file does in a client, and where it lies."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from auditscan.cli import run
from auditscan.text import literal

ODD = 'it\'s "odd"; \n.shell touch pwned\n--é.duckdb'

CLIENT = """
import json, sys, duckdb
connection = duckdb.connect(":memory:")
text = open(sys.argv[1], encoding="utf-8").read()
assert text.endswith(";\\n.safe_mode\\n")
for statement in connection.extract_statements(text.removesuffix(".safe_mode\\n")):
    connection.execute(statement)
# What the command of the client does to the settings.
connection.execute("set lock_configuration = true")
said = [connection.execute("select count(*) from answers").fetchall()[0][0]]
for attempt in json.loads(sys.argv[2]):
    try:
        connection.execute(attempt).fetchall()
        said.append(attempt)
    except duckdb.Error:
        pass
print(json.dumps(said))
"""

ESCAPES = [
    "select * from read_text('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from glob('*')",
    "copy (select 1) to 'written.csv'",
    "export database 'export'",
    "attach 'other.duckdb'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set memory_limit = '100GB'",
    "set temp_directory = '.'",
    "delete from records",
    "create table auditscan.main.t (a integer)",
    "drop view answers",
]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """A kept database."""
    log = tmp_path_factory.mktemp("case") / "log.ndjson"
    record = {"transfer_id": "T-1", "occurred_at": "2026-02-01", "sender": "CMS", "recipient": "ICE"}
    log.write_text(json.dumps(record) + "\n")
    database = log.with_name("case.duckdb")
    assert run(["scan", str(log), "--db", str(database), "--as-of", "2026-03-01", "--exit-zero"]) == 0
    return database


@pytest.fixture
def folder(case, tmp_path, monkeypatch):
    """A folder with its log and a copy of it under an odd name, as the working directory, and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copy(case.with_name("log.ndjson"), tmp_path)
    shutil.copy(case, ODD)
    return tmp_path


@pytest.fixture
def connect(capsys, folder):
    def connect(*arguments):
        capsys.readouterr()
        code = run(["connect", *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return connect


def test_it_prints_the_name_of_a_private_file_and_nothing_else(connect, folder):
    code, out, err = connect("--db", ODD)
    assert code == 0
    assert err.startswith("answers as of 2026-03-01")
    file = Path(out.removesuffix("\n"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert connect("--db", ODD)[1] == out
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_file_locks_an_engine_that_runs_it(connect, folder):
    _, out, _ = connect("--db", ODD, "--memory", "1GB")
    before = sorted(folder.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", CLIENT, out.removesuffix("\n"), json.dumps(ESCAPES)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == [1]
    assert sorted(folder.iterdir()) == before


def test_the_client_itself_is_locked(connect, folder):
    # The package's own command sets an option behind our file, which the lock refuses: the client lies beside it.
    client = Path(find_spec("duckdb_cli").origin).with_name("duckdb")
    _, out, _ = connect("--db", ODD)
    before = sorted(folder.iterdir())
    command = [str(client), "-init", out.removesuffix("\n")]
    asked = subprocess.run(
        [*command, "-csv", "-c", "select count(*) as n from answers"], capture_output=True, text=True, check=True
    )
    assert asked.stdout == "n\n1\n"
    own = [".shell touch pwned", ".output pwned", ".open pwned", ".read log.ndjson", "select getenv('HOME')"]
    for attempt in [*ESCAPES, *own]:
        done = subprocess.run([*command, "-c", attempt], capture_output=True, check=False)
        assert done.returncode != 0, attempt
    assert sorted(folder.iterdir()) == before


LETTING_GO = (
    "use memory; detach auditscan;",
    "attach ':memory:' as m; use m; detach auditscan; detach memory;",
    "select 1;",
)

AT_THE_FILE = [
    "attach {case} as rw; delete from rw.records",
    "attach {case} as rw (read_write); delete from rw.records",
    "attach {hard} as rw; delete from rw.records",
    "attach {soft} as rw; delete from rw.records",
    "attach {relative} as rw; delete from rw.records",
    "attach {address} as rw; delete from rw.records",
    "attach {working} as rw; delete from rw.records",
    "attach {wal} as rw; create table rw.t (a integer)",
    "copy (select 1) to {case} (use_tmp_file false)",
    "copy (select 1) to {case}",
    "copy (select 1) to {hard} (use_tmp_file false)",
    "copy (select 1) to {soft} (use_tmp_file false)",
    "copy (select 1) to {wal} (use_tmp_file false)",
    "copy (select 1) to {checkpoint} (use_tmp_file false)",
    "copy (select 1) to '/proc/self/fd/3' (use_tmp_file false)",
    "copy (select 1) to '/proc/self/fd/4' (use_tmp_file false)",
    "export database {case}",
    "export database 'export'",
    "import database {case}",
    "reset enable_external_access; copy (select 1) to {case} (use_tmp_file false)",
    "reset disabled_filesystems; copy (select 1) to {case} (use_tmp_file false)",
    "set disabled_filesystems = ''; copy (select 1) to {case} (use_tmp_file false)",
    "set allowed_directories = ['/']; copy (select 1) to 'written' (use_tmp_file false)",
    "checkpoint",
    "force checkpoint",
    "vacuum",
]
OF_THE_CLIENT = [
    ".open {case}",
    ".open --readonly {case}",
    ".open --new {case}",
    ".read log.ndjson",
    ".import log.ndjson records",
    ".output {case}",
    ".once written",
    ".shell touch written",
    ".system touch written",
    ".sh touch written",
    ".log written",
    ".cd /",
    ".excel",
    ".edit",
    ".safe_mode off",
]


def test_the_client_cannot_write_even_when_it_let_go_of_the_file(connect, folder):
    # Every attempt in every way of letting go: a client each way runs them one after the other.
    client = Path(find_spec("duckdb_cli").origin).with_name("duckdb")
    case = folder / "case.duckdb"
    (folder / ODD).rename(case)
    _, out, _ = connect("--db", "case.duckdb")
    (folder / "hard").hardlink_to(case)
    (folder / "soft").symlink_to(case)
    places = {
        "case": case,
        "hard": folder / "hard",
        "soft": folder / "soft",
        "relative": f"../{folder.name}/case.duckdb",
        "address": f"file://{case}",
        "working": "/proc/self/cwd/case.duckdb",
        "wal": f"{case}.wal",
        "checkpoint": f"{case}.wal.checkpoint",
    }
    named = {name: literal(place) for name, place in places.items()}
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for letting_go in LETTING_GO:
        # A statement a line, for an error takes the rest of its line with it.
        attempts = [attempt.format(**named) for attempt in AT_THE_FILE]
        typed = [letting_go, *(f"{part};" for attempt in attempts for part in attempt.split("; "))]
        typed += [attempt.format(case="hard") for attempt in OF_THE_CLIENT]
        done = subprocess.run(
            [str(client), "-init", out.removesuffix("\n")],
            input="\n".join([*typed, "select 'the end';", ""]),
            capture_output=True,
            text=True,
            check=False,
        )
        assert "the end" in done.stdout, letting_go
        assert done.stderr.count("cannot be used in -safe mode") >= len(OF_THE_CLIENT) - 2
        assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before, letting_go


@pytest.mark.parametrize("name", ["memory.duckdb", "main.duckdb", "temp.duckdb", "system.db", "auditscan", "a b;'c.x"])
def test_the_database_has_one_name_in_the_client_whatever_its_file_is_called(connect, folder, name):
    client = Path(find_spec("duckdb_cli").origin).with_name("duckdb")
    (folder / ODD).rename(folder / name)
    _, out, _ = connect("--db", name)
    ask = "select count(*) as n from auditscan.answers where transfer_id in (select transfer_id from transfers)"
    done = subprocess.run(
        [str(client), "-init", out.removesuffix("\n"), "-csv", "-c", ask], capture_output=True, text=True, check=True
    )
    assert done.stdout == "n\n1\n"


@pytest.mark.parametrize(
    "arguments", [[], ["--db", "none.duckdb"], ["--db", "log.ndjson"], ["--db", ODD, "--memory", "x"]]
)
def test_what_cannot_be_opened_is_refused(connect, folder, arguments):
    code, out, err = connect(*arguments)
    assert code in (1, 2)
    assert out == ""
    assert "do:" in err
    assert not (folder / "cache" / "auditscan" / "connect").exists()


def test_a_folder_of_somebody_else_is_refused(connect, folder):
    (folder / "cache" / "auditscan").mkdir(parents=True, exist_ok=True)
    (folder / "mine").mkdir()
    (folder / "cache" / "auditscan" / "connect").symlink_to(folder / "mine")
    code, _, err = connect("--db", ODD)
    assert code == 2
    assert "no folder of your own" in err
    assert list((folder / "mine").iterdir()) == []
