"""How it stands with a ledger: when it was last scanned, how that ended, and who has not been told.

For the person who asks in the morning, and for the monitor that asks every five minutes: it opens the ledger for
reading, and counts no record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from auditscan.errors import ExitCode, NoInputError
from auditscan.ledger.receipts.receipt import moment
from auditscan.ledger.setup import database_of
from auditscan.ledger.telling import outbox
from auditscan.questions.summary import count
from auditscan.text import counted, printable

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.library import Library


@dataclass(frozen=True, slots=True)
class Status:
    """How it stands with a ledger at one moment."""

    ledger: str
    at: datetime
    """When this was asked, in UTC."""
    every: int
    """Hours from one scan to the next."""
    scan_id: int
    started_at: datetime
    finished_at: datetime
    ended_with: int
    """The exit code of the last scan, before anybody was told."""
    complete: bool
    incomplete_because: tuple[str, ...]
    as_of: str
    regime_now: str | None
    verdicts_now: dict[str, int]
    """All transfers of the ledger by class: see `summary.CLASSES`."""
    verdicts_then: dict[str, int]
    undelivered: tuple[int, ...]
    """Scans whose message somebody still has to get."""
    outbox_problems: tuple[str, ...]
    receipt_sha256: str | None
    """The head of the chain of receipts; None: the last scan has none."""
    receipts: int
    """Receipts in the ledger."""
    receipts_without_file: tuple[int, ...]
    """Scans whose receipt stands in the ledger and in no file beside it."""
    quarantine: dict[str, int] = field(default_factory=dict)
    """Records that could not be read: open, suppressed, gone (no path holds their content any more)."""
    in_versions: int = 0
    """Transfers that stand in more than one version, for a log was rewritten."""

    @property
    def age(self) -> timedelta:
        """The time since the last scan began; less than nothing where the clock was set back."""
        return self.at - self.started_at

    @property
    def missed(self) -> int:
        """How many scans the schedule has wanted since; one is missed when it is half a period late."""
        return max(0, int(self.age / timedelta(hours=self.every) - 0.5))

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for each thing that is not as it should be."""
        said = []
        if self.missed:
            said.append(
                f"{counted(self.missed, 'scan')} of the schedule did not run: one is due every {self.every} hours"
            )
        if self.age < timedelta(0):
            said.append("the last scan is of a time to come: a clock was wrong, then or now")
        if not self.complete:
            said.append(f"scan {self.scan_id:,} did not look at everything")
        if self.undelivered:
            scans = ", ".join(f"{scan:,}" for scan in self.undelivered)
            said.append(f"{counted(len(self.undelivered), 'message')} not delivered to everybody: of scan {scans}")
        return (*said, *self.outbox_problems)

    @property
    def exit_code(self) -> ExitCode:
        """20 if something is not as it should be, else 0: what was found does not matter here."""
        return ExitCode.INCOMPLETE if self.problems else ExitCode.CLEAN

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object, its keys in a fixed order."""
        return {
            "ledger": self.ledger,
            "ok": not self.problems,
            "problems": list(self.problems),
            "at": moment(self.at),
            "every_hours": self.every,
            "age_seconds": round(self.age.total_seconds()),
            "missed": self.missed,
            "last_scan": {
                "scan_id": self.scan_id,
                "started_at": moment(self.started_at),
                "finished_at": moment(self.finished_at),
                "exit_code": self.ended_with,
                "complete": self.complete,
                "incomplete_because": list(self.incomplete_because),
                "as_of": self.as_of,
                "regime_now": self.regime_now,
            },
            "verdicts_now": self.verdicts_now,
            "verdicts_then": self.verdicts_then,
            "transfers": sum(self.verdicts_now.values()),
            "transfers_in_versions": self.in_versions,
            "quarantine": {state: self.quarantine.get(state, 0) for state in ("open", "suppressed", "gone")},
            "undelivered": list(self.undelivered),
            "receipt_sha256": self.receipt_sha256,
            "receipts": self.receipts,
            "receipts_without_file": list(self.receipts_without_file),
        }


def read(folder: Path, library: Library, every: int, now: datetime) -> Status:
    """Return how it stands with the ledger in `folder` at `now`, where a scan is due every so many hours.

    Raises NoInputError where there is no ledger or no scan in it, and StoreError for a database of something else.
    """
    from auditscan.store import is_ledger, open_store

    path = database_of(folder)
    with open_store(path, library, read_only=True) as store:
        rows = store.table("last_scan") if is_ledger(store) else []
        if not rows:
            raise NoInputError(
                "no nightly scan was ever done here", where=str(path), hint="`auditscan nightly` does the first"
            )
        counts = count(store.table("summary_verdicts"))
        quarantine = dict(store.rows("select state, count(*) from quarantine_states group by all"))
        versions = store.run("rewritten_twice")[0][0]
    last = rows[0]
    try:
        kept, junk = outbox.pending(folder)
    except OSError as error:
        kept, junk = [], [f"the outbox of the ledger cannot be read: {error.strerror}"]
    files = {scan for scan in last["receipts"] if (folder / "receipts" / f"{scan:06}.json").is_file()}
    return Status(
        ledger=str(folder.resolve()),
        at=now.astimezone(UTC),
        every=every,
        scan_id=last["scan_id"],
        # The database keeps UTC and no zone.
        started_at=last["started_at"].replace(tzinfo=UTC),
        finished_at=last["finished_at"].replace(tzinfo=UTC),
        ended_with=last["exit_code"],
        complete=last["complete"],
        incomplete_because=tuple(printable(each) for each in last["incomplete_because"] or ()),
        as_of=last["as_of"],
        regime_now=last["regime_now"],
        verdicts_now=counts.now,
        verdicts_then=counts.then,
        undelivered=tuple(each.scan_id for each in kept),
        outbox_problems=tuple(junk),
        receipt_sha256=last["receipt_sha256"],
        receipts=len(last["receipts"]),
        receipts_without_file=tuple(scan for scan in last["receipts"] if scan not in files),
        quarantine=quarantine,
        in_versions=versions,
    )
