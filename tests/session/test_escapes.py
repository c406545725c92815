"""Every way out of a session that anybody thought of, tried at both doors.

The first door is `Session.run`, which must refuse with a sentence. The second is the engine's own connection,
where no filter stands in front: there the engine's lock alone must hold.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys

import duckdb
import polars
import pytest

from auditscan.errors import AuditscanError, StoreError
from auditscan.library import Library
from auditscan.session.locked import open_session
from session.attempts import ENGINE, ONLY_FILTERED, OWN, READ, WRITE

LIBRARY = Library.shipped()

SECRET = "the canary sings at midnight"

AS_PYTHON_TABLE = polars.DataFrame({"a": [SECRET]})


@pytest.fixture(scope="session")
def other(tmp_path_factory):
    """A database that no session was opened on."""
    file = tmp_path_factory.mktemp("other") / "other.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table t as select $1 as a", [SECRET])
    return file


@pytest.fixture
def place(tmp_path, database, other, monkeypatch):
    """A folder with something to steal, as the working directory; what stands in braces in an attempt."""
    folder = tmp_path / "there"
    folder.mkdir()
    secret = folder / "secret.csv"
    secret.write_text(f"a\n{SECRET}\n")
    link = tmp_path / "there" / "link.csv"
    link.symlink_to(secret)
    linked = tmp_path / "there" / "linked"
    linked.symlink_to(folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CANARY", SECRET)
    return {
        "folder": folder,
        "secret": secret,
        "link": link,
        "linked_folder": linked,
        "target": folder / "written",
        "database": database,
        "other": other,
    }


@pytest.fixture(scope="module")
def shared(database):
    """One session for all attempts that must fail: nothing that fails may change it."""
    with open_session(database, LIBRARY) as session:
        yield session


def everything(folder):
    return {path: path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


def filled(attempt, place):
    return attempt.format(**place)


@pytest.mark.parametrize("attempt", [*READ, *WRITE, *ENGINE, *ONLY_FILTERED])
def test_a_session_refuses_with_a_sentence(shared, place, capfd, attempt):
    shared.run("set variable x = $path", {"path": str(place["secret"])})
    before = everything(place["folder"])
    with pytest.raises(AuditscanError) as caught:
        shared.run(filled(attempt, place)).frame()
    assert SECRET not in str(vars(caught.value))
    assert not re.search(r"Error:|configuration", caught.value.message), caught.value.message
    assert everything(place["folder"]) == before
    assert capfd.readouterr().out == ""
    assert shared.run("select count(*) as n from records").frame().rows() == [(6,)], "the session goes on"


@pytest.mark.parametrize("attempt", [*READ, *WRITE, *ENGINE])
def test_the_lock_of_the_engine_holds_alone(shared, place, capfd, attempt):
    shared.run("set variable x = $path", {"path": str(place["secret"])})
    before = everything(place["folder"])
    with pytest.raises((duckdb.Error, ValueError)):
        shared.connection.execute(filled(attempt, place)).fetchall()
    assert everything(place["folder"]) == before
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("attempt", ONLY_FILTERED)
def test_what_the_engine_runs_stays_in_the_memory_of_the_session(session, place, capfd, attempt):
    before = everything(place["folder"])
    try:
        rows = session.connection.execute(filled(attempt, place)).fetchall()
    except duckdb.Error:
        rows = []
    assert SECRET not in str(rows)
    assert everything(place["folder"]) == before
    assert capfd.readouterr().out == ""


LETTING_GO = {
    "into memory": ["use memory", "detach auditscan"],
    "into another": ["attach ':memory:' as m", "use m", "detach auditscan", "detach memory"],
    "not at all": [],
}


@pytest.mark.parametrize("way", LETTING_GO)
def test_a_file_that_the_session_let_go_of_cannot_be_reached_either(tmp_path, place, database, way):
    folder = tmp_path / "case"
    folder.mkdir()
    case = folder / "case.duckdb"
    shutil.copyfile(database, case)
    (folder / "hard.duckdb").hardlink_to(case)
    (folder / "soft.duckdb").symlink_to(case)
    os.chdir(folder)
    place |= {"database": case, "hard": folder / "hard.duckdb", "soft": folder / "soft.duckdb", "name": folder.name}
    before = everything(tmp_path)
    with open_session(case, LIBRARY) as session:
        for connection in (session.connection, session.spare):
            for attempt in LETTING_GO[way]:
                # The second connection finds it done.
                with contextlib.suppress(duckdb.Error):
                    connection.execute(attempt)
            for attempt in [*OWN, *READ, *WRITE, *ENGINE]:
                try:
                    rows = connection.execute(filled(attempt, place)).fetchall()
                except (duckdb.Error, ValueError):
                    continue
                assert SECRET not in str(rows), attempt
                assert everything(tmp_path) == before, attempt
    assert everything(tmp_path) == before


def test_what_another_program_left_beside_the_database_is_not_read_as_part_of_it(tmp_path, database):
    case = tmp_path / "case.duckdb"
    shutil.copyfile(database, case)
    other = "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('delete from records'); os._exit(0)"
    subprocess.run([sys.executable, "-c", other, str(case)], check=True)
    assert case.with_name("case.duckdb.wal").exists()
    with pytest.raises(StoreError) as caught, open_session(case, LIBRARY):
        pass
    assert caught.value.where == f"{case}.wal"
    case.with_name("case.duckdb.wal").unlink()
    with open_session(case, LIBRARY) as session:
        assert session.run("select count(*) as n from records").frame().rows() == [(6,)]


def test_no_setting_can_be_changed(session):
    forms = (
        "set {} = 1",
        "set {} = 'x'",
        "set {} = true",
        "set {} = default",
        "set global {} = 'x'",
        "set session {} = 'x'",
        "reset {}",
        "reset global {}",
        "pragma {} = 'x'",
    )
    # Which schema a bare name means: the session's own affair.
    own = {"schema", "search_path"}
    names = [row[0] for row in session.connection.execute("select name from duckdb_settings()").fetchall()]
    assert len(names) > 100
    values = "select name, value from duckdb_settings() where name not in ('schema', 'search_path')"
    before = session.connection.execute(values).fetchall()
    changed = []
    for name in names:
        for form in forms:
            with pytest.raises(AuditscanError):
                session.run(form.format(name))
            try:
                session.connection.execute(form.format(name)).fetchall()
            except duckdb.Error:
                continue
            if name not in own:
                changed.append(form.format(name))
    assert changed == []
    assert session.connection.execute(values).fetchall() == before


@pytest.mark.parametrize("method", ["install_extension", "load_extension", "read_csv", "read_json", "read_parquet"])
def test_the_other_doors_of_the_connection_are_locked_too(session, place, method):
    def attempt():
        return getattr(session.connection, method)(str(place["secret"])).fetchall()

    with pytest.raises(duckdb.Error):
        attempt()


def test_a_result_cannot_be_written_by_the_engine(session, place):
    relation = session.connection.sql("select 1 as a")
    for method in ("write_csv", "write_parquet"):
        with pytest.raises(duckdb.Error):
            getattr(relation, method)(str(place["target"]))
    assert not place["target"].exists()


def test_a_second_connection_is_under_the_same_lock(session, place):
    other = session.connection.cursor()
    with pytest.raises(duckdb.Error):
        other.execute(f"select * from read_text('{place['secret']}')").fetchall()
    with pytest.raises(duckdb.Error):
        other.execute("set enable_external_access = true")


def test_a_session_leaves_no_files(session, place, monkeypatch):
    before = everything(place["folder"]), sorted(place["database"].parent.iterdir())
    session.run("select * from answers order by transfer_id").frame()
    session.run("pivot answers on outcome using count(*)").frame()
    assert (everything(place["folder"]), sorted(place["database"].parent.iterdir())) == before
