"""What `import auditscan` offers: which names, that they come late, that their types and examples hold."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys

import pytest
from mypy import api as mypy

import auditscan
from tools.make_api_page import PAGE, names, page

HEAVY = ("duckdb", "polars", "rich", "typer", "nanoarrow")


def in_a_process(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)


def test_importing_it_imports_nothing_heavy():
    done = in_a_process(f"import sys, auditscan; sys.exit(str(sorted(set({HEAVY!r}) & set(sys.modules))))")
    assert done.stderr.strip() == "[]"


def test_the_names_of_the_package_agree():
    offered = set(auditscan.__all__)
    assert len(offered) == len(auditscan.__all__)
    assert offered <= set(dir(auditscan))
    assert names() == offered - {"errors", "__version__"}
    assert all(getattr(auditscan, name) is not None for name in offered)


def test_names_do_not_give_way_to_modules_of_the_package():
    # A submodule becomes an attribute of its package when it is imported, in the place of a function of its name.
    code = (
        "import auditscan, pkgutil, importlib;"
        "[importlib.import_module(f'auditscan.{m.name}') for m in pkgutil.iter_modules(auditscan.__path__)"
        " if m.name != '__main__'];"
        "from types import ModuleType as M;"
        "print([n for n in auditscan.__all__ if isinstance(getattr(auditscan, n), M)])"
    )
    assert in_a_process(code).stdout.strip() == "['errors']"


def test_a_star_import_and_an_unknown_name():
    done = in_a_process("from auditscan import *; print(connect.__name__, scan.__name__, Session.__name__)")
    assert done.stdout == "connect scan Session\n"
    with pytest.raises(AttributeError, match="no attribute 'conect'"):
        _ = auditscan.conect


def test_every_error_is_an_error_of_ours():
    from auditscan import errors

    for name in auditscan.__all__:
        if name.endswith("Error"):
            assert issubclass(getattr(auditscan, name), errors.AuditscanError)


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tools.make_api_page` in tests/"


@pytest.mark.parametrize("name", ["auditscan.api.doors", "auditscan.policy.load"])
def test_the_examples_run(name):
    done = doctest.testmod(importlib.import_module(name))
    assert done.attempted > 2
    assert not done.failed


def test_the_examples_of_a_session_run(tmp_path, monkeypatch):
    # All of them open the same log: it is judged once, and opened as it was kept.
    log, connect = auditscan.sample_logs() / "02-eft-pushes.csv", auditscan.connect
    auditscan.scan(log, db=tmp_path / "kept.duckdb", as_of="2026-03-01")

    def connect_to_kept(source, *, as_of):
        assert source == log
        return connect(tmp_path / "kept.duckdb", as_of=as_of)

    monkeypatch.setattr(auditscan, "connect", connect_to_kept)
    done = doctest.testmod(importlib.import_module("auditscan.api.session"))
    assert done.attempted > 15
    assert not done.failed


CALLER = """
from datetime import date
from pathlib import Path

import auditscan
import polars as pl

policy = auditscan.Policy.load("names-permitted")
summary: auditscan.Summary = auditscan.scan(["a", Path("b")], db="c.duckdb", policy=policy, as_of=date(2026, 3, 1))
done: bool = summary.complete
with auditscan.connect(Path("c.duckdb"), policy=["names-permitted", Path("mine")], timeout=1.5) as session:
    frame: pl.DataFrame = session.sql("select $n", n=1)
    lazy: pl.LazyFrame = session.answers()
    changed: auditscan.Difference = session.diff("base", policy, limit=-1)
    reasons: tuple[str, ...] = session.incomplete_because
    why: list[auditscan.Explanation] = session.explanation("T-1")
    reveal_type(session)
try:
    session.query("by_state", select_states=["CA"])
except auditscan.LimitError as error:
    print(error.hint, error.exit_code)
"""
WRONG = """
import auditscan

auditscan.connect("logs", as_of=20260301)
auditscan.conect("logs")
auditscan.connect("logs").sql("select 1").no_such_method()
"""


def test_callers_are_type_checked(tmp_path, monkeypatch):
    (tmp_path / "caller.py").write_text(CALLER)
    (tmp_path / "wrong.py").write_text(WRONG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MYPYPATH", str(PAGE.parents[1] / "src"))
    config = str(PAGE.parents[1] / "pyproject.toml")
    # Where `make types` keeps what it knows of other packages, which takes most of the time to learn.
    cache = str(PAGE.parents[1] / ".mypy_cache")
    said, err, _ = mypy.run(["--strict", "--config-file", config, "--cache-dir", cache, "caller.py", "wrong.py"])
    assert not err
    assert 'Revealed type is "auditscan.api.session.Session"' in said
    assert "Found 3 errors in 1 file" in said
    wrong = [line for line in said.splitlines() if line.startswith("wrong.py:") and ": error: " in line]
    assert len(wrong) == 3
    assert all(part in "".join(wrong) for part in ('"as_of"', '"conect"', '"no_such_method"'))
