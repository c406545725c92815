"""docs/notebook.py runs from top to bottom without a network, and its picture shows the answers."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import warnings
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import auditscan

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.py"
# The logs of other systems are more files and no other table: they are read in other tests.
LOGS = sorted(path for path in auditscan.sample_logs().iterdir() if path.name != "other-systems")


@pytest.fixture(scope="module")
def ran():
    """What the cells of the notebook defined, run as marimo runs them."""
    spec = importlib.util.spec_from_file_location("auditscan_notebook", NOTEBOOK)
    notebook = importlib.util.module_from_spec(spec)

    def refuse(*_):
        raise OSError("the notebook reached for the network")

    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        # Those of marimo itself are no business of ours.
        warnings.simplefilter("ignore")
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(auditscan, "sample_logs", lambda: LOGS)
        spec.loader.exec_module(notebook)
        _, defined = notebook.app.run()
        yield defined
        defined["session"].close()


@pytest.fixture(scope="module")
def answers(ran):
    """The answers that the notebook is about, counted another way."""
    session = ran["session"]
    assert (session.as_of, session.complete) == (date(2026, 11, 22), False)
    rows = session.answers().collect()
    assert {Path(path) for path in rows["source_file"]} <= {path for log in LOGS for path in (log, *log.rglob("*"))}
    return rows.filter(pl.col("outcome") != "failure", pl.col("verdict_now") != "out_of_scope")


def test_the_picture_has_the_data_of_the_answers(ran, answers):
    drawn = ran["chart"].to_dict()
    rows = pl.DataFrame(max(drawn["datasets"].values(), key=len))
    timed = answers.filter(pl.col("occurred_at").is_not_null())
    for time in ("then", "now"):
        shown = rows.filter(pl.col("time") == time).group_by("verdict").agg(pl.col("transfers").sum())
        expected = timed.group_by(verdict=f"verdict_{time}").agg(transfers=pl.len())
        assert dict(shown.rows()) == dict(expected.rows())


def test_the_days_of_the_orders_are_marked(ran):
    drawn = ran["chart"].to_dict()
    marked = {row["day"][:10] for rows in drawn["datasets"].values() for row in rows if "day" in row}
    assert marked == {"2025-08-12", "2026-01-06"}


def test_the_counts_are_those_of_the_answers(ran, answers):
    assert ran["counts"]["transfers"].sum() == answers.height


def test_something_changes_and_something_is_explained(ran):
    assert ran["difference"].headline["changed_now"] > 0
    assert ran["explained"]["severity"][0] == "enjoined"


def test_it_runs_as_a_script_with_neither_pandas_nor_pyarrow(tmp_path):
    code = (
        "import sys, runpy\n"
        "for name in ('pandas', 'pyarrow'): sys.modules[name] = None\n"
        f"import auditscan; auditscan.sample_logs = lambda: {[str(log) for log in LOGS]}\n"
        f"runpy.run_path({str(NOTEBOOK)!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(auditscan.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_marimo_finds_nothing_wrong_with_it():
    done = subprocess.run(
        [sys.executable, "-m", "marimo", "check", "--strict", str(NOTEBOOK)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
