"""A folder of logs, and the report on it."""

from __future__ import annotations

from contextlib import chdir

import pytest

from auditscan.cli import run
from reporting import AS_OF, make_folder


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory):
    """A folder that no test changes."""
    return make_folder(tmp_path_factory.mktemp("shared"))


@pytest.fixture
def folder(shared_folder, monkeypatch):
    """The shared folder, as the working directory."""
    monkeypatch.chdir(shared_folder)
    monkeypatch.delenv("COLUMNS", raising=False)
    return shared_folder


@pytest.fixture(scope="session")
def kept(shared_folder):
    """The database of the shared folder, judged once; no test changes it."""
    with chdir(shared_folder):
        assert run(["scan", "logs", "--db", "kept.duckdb", "--as-of", AS_OF, "--exit-zero"]) in (0, 20)
    return shared_folder / "kept.duckdb"


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """A folder like it that the test may change, as the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    return make_folder(tmp_path)


@pytest.fixture
def show(capsys):
    """Run `report` in this process and return what it wrote to standard output."""

    def show(*arguments):
        assert run(["report", "--as-of", AS_OF, *map(str, arguments)]) == 0
        return capsys.readouterr().out

    return show


@pytest.fixture(scope="session")
def remembered():
    """What was shown before, by arguments."""
    return {}


@pytest.fixture
def told(folder, kept, show, remembered):
    """As `shown`, of the database: where it makes no difference, for the logs are not read again."""

    def told(*arguments):
        if (kept, *arguments) not in remembered:
            remembered[kept, *arguments] = show("--db", kept.name, *arguments)
        return remembered[kept, *arguments]

    return told


@pytest.fixture
def shown(folder, show, remembered):
    """Return what `report` shows of the shared folder: each command line runs once."""

    def shown(*arguments):
        if arguments not in remembered:
            remembered[arguments] = show("logs", *arguments)
        return remembered[arguments]

    return shown
