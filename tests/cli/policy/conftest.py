"""A working folder with the shipped what-ifs in it, and `auditscan policy` run there."""

from __future__ import annotations

import shutil

import pytest

from auditscan.cli import run
from auditscan.policy import what_ifs


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder of its own, with the shipped what-ifs in it under short names."""
    for what_if in what_ifs():
        if what_if.name not in ("names-enjoined", "wisconsin-plaintiff-now"):
            shutil.copytree(what_if.folder, tmp_path / what_if.name.split("-")[0])
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("AUDITSCAN_POLICY", raising=False)
    return tmp_path


@pytest.fixture
def policy(folder, capsys):
    """Return a function that runs a command of `auditscan policy` and returns its code and streams."""

    def ran(*arguments):
        code = run(["policy", *map(str, arguments)])
        return code, *capsys.readouterr()

    return ran


@pytest.fixture
def shown(policy):
    """Return a function that runs a command and returns what it wrote to standard output."""

    def out(*arguments):
        code, written, said = policy(*arguments)
        assert (code, said) == (0, "")
        return written

    return out
