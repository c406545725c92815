"""Ledgers that are made once, each test taking a copy; and servers to tell of a night."""

from __future__ import annotations

import shutil
from contextlib import chdir
from datetime import UTC, datetime, timedelta

import pytest

from auditscan.cli import run
from ledger.keeping import COMMAND, Keeper, record
from ledger_evidence import EVENT, log, night


@pytest.fixture(scope="session")
def _first_night(tmp_path_factory):
    folder = tmp_path_factory.mktemp("first")
    with chdir(folder):
        keeper = Keeper()
        keeper.log("a.ndjson", record(1), record(2))
        assert keeper.changes() == {"a.ndjson": "new"}
    return folder


@pytest.fixture
def begun(_first_night, tmp_path, monkeypatch):
    """A ledger of one night on a log of two transfers: a copy, for most tests begin with such a night."""
    shutil.copytree(_first_night, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    keeper = Keeper()
    keeper.now += timedelta(days=1)
    return keeper


@pytest.fixture(scope="session")
def _first_night_by_command(tmp_path_factory):
    folder = tmp_path_factory.mktemp("command")
    with chdir(folder):
        Keeper().log("a.ndjson", record(1), record(2, elements=["ssn"]))
        assert run([*COMMAND, "--exit-zero"]) == 0
    return folder


@pytest.fixture
def commanded(_first_night_by_command, tmp_path, monkeypatch):
    """As `begun`, by the command and by the clock of the machine; one of the transfers is barred."""
    shutil.copytree(_first_night_by_command, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return Keeper()


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """A ledger of two nights, signed, its logs and key beside it; `older` is what it was after the first."""
    import minisign

    folder = tmp_path_factory.mktemp("kept")
    keys = minisign.KeyPair.generate()
    (folder / "key").write_bytes(bytes(keys.secret_key) + b"\n")
    (folder / "key.pub").write_bytes(bytes(keys.public_key) + b"\n")
    log(folder / "logs", "a.ndjson", 1, 2, 3)
    (folder / "logs" / "b.ndjson").write_text("{broken\n" + EVENT.format(7) + EVENT.format(1))
    night(folder / "ledger", folder / "logs", 1, sign_key=folder / "key")
    shutil.copytree(folder / "ledger", folder / "older")
    with (folder / "logs" / "a.ndjson").open("a") as grown:
        grown.write(EVENT.format(6))
    log(folder / "logs", "c.ndjson", 4, 5)
    night(folder / "ledger", folder / "logs", 2, sign_key=folder / "key")
    return folder


@pytest.fixture
def mine(kept, tmp_path):
    """A copy of the ledger, to break."""
    shutil.copytree(kept / "ledger", tmp_path / "ledger")
    return tmp_path / "ledger"


@pytest.fixture
def logs(kept, tmp_path):
    """The logs of the ledger, which are as they were again afterwards."""
    shutil.copytree(kept / "logs", tmp_path / "logs")
    yield kept / "logs"
    shutil.rmtree(kept / "logs")
    shutil.copytree(tmp_path / "logs", kept / "logs")


@pytest.fixture(scope="module")
def _mail_server():
    from ledger.receivers import mail_server

    with mail_server() as mails:
        yield mails


@pytest.fixture(scope="module")
def _endpoint():
    from ledger.receivers import endpoint

    with endpoint() as posts:
        yield posts


@pytest.fixture
def mails(_mail_server):
    """A mail server that was given nothing yet and takes what comes."""
    _mail_server.got.clear()
    _mail_server.says, _mail_server.hangs_up = "250 ok", False
    return _mail_server


@pytest.fixture
def posts(_endpoint):
    """An HTTP endpoint that was given nothing yet and takes what comes."""
    _endpoint.got.clear()
    _endpoint.codes, _endpoint.asked = [200], 0
    _endpoint.busy.clear()
    return _endpoint


@pytest.fixture
def tell(tmp_path):
    """Tells of a night, without waiting; `tell.pauses` are the seconds it would have waited."""
    from auditscan.ledger.telling import delivery

    def tell(night, *addresses, timeout=20.0):
        return delivery.notify_night(
            night,
            tmp_path,
            addresses,
            clock=lambda: datetime(2026, 1, 6, 2, 17, tzinfo=UTC),
            sleep=tell.pauses.append,
            timeout=timeout,
        )

    tell.pauses = []
    return tell
