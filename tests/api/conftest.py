"""A kept database, a session on it, and a folder that shows what was left behind."""

from __future__ import annotations

import hashlib
import tempfile

import pytest

import auditscan
from api import AS_OF, LOG, write


@pytest.fixture(autouse=True)
def _temporary(tmp_path, monkeypatch):
    """A folder for temporary files that shows what was left in it."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


@pytest.fixture(scope="package")
def kept(tmp_path_factory):
    """A kept database, which no session changes."""
    folder = tmp_path_factory.mktemp("kept")
    file = folder / "case.duckdb"
    auditscan.scan(write(folder / "log.ndjson", *LOG), db=file, as_of=AS_OF)
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    yield file
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert sorted(entry.name for entry in folder.iterdir()) == ["case.duckdb", "log.ndjson"]


@pytest.fixture(scope="package")
def session(kept):
    """A session on it that is only asked: who changes what it knows opens one of their own."""
    with auditscan.connect(kept, as_of=AS_OF) as session:
        yield session
