"""A small ledger with all that a ledger can hold, to be copied and broken."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from auditscan.errors import AuditscanError
from auditscan.ledger.nightly import Told, nightly
from auditscan.ledger.receipts import canonical
from auditscan.ledger.receipts.verify import Request, verify_ledger
from auditscan.ledger.setup import NightlySetup
from auditscan.scanning.scan import SINCE
from ingest.linking import Logs
from ledger_evidence import AS_OF, shelf
from scans import LIBRARY, POLICY

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Kept", "keep"]

NIGHTS = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """A ledger of three nights, signed; the last of them read nothing."""

    folder: Path
    """`ledger`, `older` (what it was after the first night), `logs`, `key`, `key.pub`."""
    head: str
    """The hash of its last receipt."""

    def copy(self, to: Path) -> Path:
        """A copy of the ledger, to break."""
        shutil.rmtree(to, ignore_errors=True)
        return shutil.copytree(self.folder / "ledger", to)

    def differing(self, ledger: Path, *, head: bool = False) -> list[str]:
        """What `verify` names of a ledger: subject and details."""
        request = Request(
            ledger, LIBRARY, POLICY, public_key=self.folder / "key.pub", head=self.head if head else None,
            allow_missing=True, threads=2,
        )  # fmt: skip
        try:
            checks = verify_ledger(request).checks
        except AuditscanError as error:
            return [error.message]
        return [f"{each.subject}: {each.details}" for each in checks if each.outcome == "differs"]

    def night(self, ledger: Path) -> str:
        """Run one more night on a ledger; return why it was refused, else nothing."""
        try:
            _night(self.folder, ledger, NIGHTS + 1)
        except AuditscanError as error:
            return f"{error.exit_code}: {error.message}"
        return ""


def keep(folder: Path) -> Kept:
    """Make the ledger."""
    import minisign

    keys = minisign.KeyPair.generate()
    (folder / "key").write_bytes(bytes(keys.secret_key) + b"\n")
    (folder / "key.pub").write_bytes(bytes(keys.public_key) + b"\n")
    logs = folder / "logs"
    logs.mkdir()
    (logs / "a.ndjson").write_text("".join(_event(number) for number in range(1, 7)))
    # A record that cannot be read, one that repeats another, and one that contradicts another.
    (logs / "b.ndjson").write_text("{broken\n" + _event(7) + _event(1) + _event(2, elements=["ssn"]))
    # Traces of one transfer in three logs, which are counted once.
    traces = Logs()
    traces.unload("elg.csv")
    traces.access("unload-elg.csv-0", "IDRC_PRD.TMSIS.TMSIS_ELGBLTY", "SSN_NUM")
    traces.download("elg.csv", 3)
    traces.write(logs)
    _night(folder, folder / "ledger", 1)
    shutil.copytree(folder / "ledger", folder / "older")
    with (logs / "a.ndjson").open("a") as grown:
        grown.write(_event(8, elements=["ssn", "immigration_status"], recipient="Deportation Office"))
    (logs / "c.ndjson").write_text(_event(9, states=["CA"], elements=["medical_record"]))
    _night(folder, folder / "ledger", 2)
    _night(folder, folder / "ledger", NIGHTS)
    return Kept(folder, canonical.sha256(shelf(folder / "ledger")[-1].read_bytes()))


def _event(number: int, **fields: object) -> str:
    return json.dumps(
        {
            "transfer_id": f"T-{number}",
            "occurred_at": f"2026-02-01T12:{number:02}:00Z",
            "sender": "CMS",
            "recipient": "ICE",
            "states": ["CA"] if number % 2 else ["TX"],
            "elements": ["name"],
            "record_count": number,
        }
        | fields
    ) + "\n"  # fmt: skip


def _night(folder: Path, ledger: Path, day: int) -> None:
    setup = NightlySetup(
        logs=(folder / "logs",), ledger=ledger, policy=POLICY, library=LIBRARY, as_of=AS_OF, since=SINCE, threads=2,
        allow_quarantined=1, configuration={"logs": [folder / "logs"], "sign-key": folder / "key"},
    )  # fmt: skip
    when = datetime(2026, 3, day, 2, 15, tzinfo=UTC)
    nightly(setup, Told(sign_key=folder / "key"), clock=lambda: when)
