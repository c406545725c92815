"""What could not be looked at is never passed over in silence."""

from __future__ import annotations

import gc
import warnings
from pathlib import Path

import pytest

import auditscan
from api import AS_OF, left, transfer, write


def test_broken_logs_warn_once_and_say_what(tmp_path):
    log = write(tmp_path / "<i>.ndjson", transfer(1), "{broken\n")
    with pytest.warns(auditscan.IncompleteWarning, match="1 record could not be read") as warned:
        session = auditscan.connect(log, as_of=AS_OF)
    assert [Path(one.filename).name for one in warned] == ["test_incomplete.py"]
    with session:
        session.sql("select 1")
        assert not session.complete
        assert session.incomplete_because == (f"{log}: 1 record could not be read",)
        assert session.accounting().select("records", "transfers", "quarantined").row(0) == (2, 1, 1)
        assert "INCOMPLETE" in repr(session)
        assert "<i>" not in session._repr_html_()
        assert "&lt;i&gt;" in session._repr_html_()


def test_many_reasons_make_a_short_warning(tmp_path):
    logs = [write(tmp_path / f"{number}.ndjson", transfer(number), "{\n") for number in range(1, 7)]
    with pytest.warns(auditscan.IncompleteWarning, match="and 3 more, in incomplete_because"):
        auditscan.connect(logs, as_of=AS_OF).close()


def test_an_incomplete_kept_database_warns_too(tmp_path):
    log = write(tmp_path / "a.ndjson", transfer(1), "{broken\n")
    with pytest.warns(auditscan.IncompleteWarning):
        summary = auditscan.scan(log, db=tmp_path / "a.duckdb", as_of=AS_OF)
    assert summary.exit_code == 20
    with pytest.warns(auditscan.IncompleteWarning):
        auditscan.connect(tmp_path / "a.duckdb", as_of=AS_OF).close()
    with warnings.catch_warnings():
        warnings.simplefilter("error", auditscan.IncompleteWarning)
        with pytest.raises(auditscan.IncompleteWarning):
            auditscan.connect(tmp_path / "a.duckdb", as_of=AS_OF)
    gc.collect()
    assert left(tmp_path) == []
