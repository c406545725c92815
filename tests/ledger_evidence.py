"""Small ledgers with their receipts, for tests that then break them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from auditscan.ledger.nightly import Told, nightly
from auditscan.ledger.setup import NightlySetup
from auditscan.scanning import SINCE
from scanning import LIBRARY, POLICY

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 3, 1)
EVENT = (
    '{{"transfer_id":"T-{0}","occurred_at":"2026-02-01T12:{0:02}:00Z","sender":"CMS","recipient":"ICE",'
    '"states":["OR"],"elements":["name"],"record_count":{0}}}\n'
)


def log(folder: Path, name: str, *numbers: int) -> Path:
    """Write a log of transfers with these numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("".join(map(EVENT.format, numbers)), encoding="utf-8")
    return path


def night(ledger: Path, logs: Path, day: int, *, sign_key: Path | None = None) -> str:
    """Run the nightly scan of a day of March and return the hash of its receipt."""
    addresses = ["mailtos://somebody:secret@mail.example.org"]
    setup = NightlySetup(
        logs=(logs,),
        ledger=ledger,
        policy=POLICY,
        library=LIBRARY,
        as_of=AS_OF,
        since=SINCE,
        threads=2,
        # What somebody read and put aside: a record that cannot be read is there in most of these logs.
        allow_quarantined=1,
        configuration={"logs": [logs], "notify": addresses, "sign-key": sign_key},
    )
    when = datetime(2026, 3, day, 2, 15, tzinfo=UTC)
    done = nightly(setup, Told(sign_key=sign_key), clock=lambda: when)
    assert done.problems == ()
    return done.night.receipt_sha256
