"""A judged database that no test changes, and sessions on it."""

from __future__ import annotations

import hashlib
import json

import pytest

from asking import AS_OF
from asking import transfer as plain
from auditscan.cli import run
from auditscan.library import Library
from auditscan.session.locked import open_session

LIBRARY = Library.shipped()


def transfer(number, **more):
    return plain(number, states=["OR", "CA"], elements=["diagnosis", 'odd; "name"', "é #1"]) | more


LOG = [
    transfer(1),
    transfer(2, elements=["address"]),
    transfer(3, states=["TX"], transfer_id="=1+1"),
    transfer(4, states=[], record_count=None),
    transfer(5, occurred_at=None, recipient="a,b"),
    transfer(6, occurred_at="2026-02-06", transfer_id="\x1b[31mT|6\u202e"),
]


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    """The file of a judged database."""
    folder = tmp_path_factory.mktemp("judged")
    log = folder / "log.ndjson"
    log.write_text("".join(json.dumps(record) + "\n" for record in LOG))
    file = folder / "case.duckdb"
    assert run(["scan", str(log), "--db", str(file), "--as-of", AS_OF, "--exit-zero", "--threads", "2"]) == 0
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    yield file
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before, "a session changed the database"


@pytest.fixture
def session(database):
    with open_session(database, LIBRARY) as session:
        yield session
