"""One ledger for the tests of receipts: each of them breaks a copy."""

from __future__ import annotations

import shutil

import pytest

from ledger_evidence import EVENT, log, night


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
