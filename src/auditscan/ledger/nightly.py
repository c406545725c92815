"""The nightly scan as a scheduler starts it: scan, publish, export the receipt, and tell whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from auditscan.errors import AuditscanError, ChangedError, ExitCode
from auditscan.ledger.night import Deliveries
from auditscan.ledger.receipts import receipt
from auditscan.ledger.run import locked, scan_night
from auditscan.ledger.telling import delivery, message, metrics, runlog
from auditscan.scanning.bar import UNSEEN
from auditscan.store import open_store
from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from auditscan.ledger.night import Night
    from auditscan.ledger.setup import NightlySetup
    from auditscan.ledger.telling.message import Message
    from auditscan.scanning.bar import Bar


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told of a night, and how."""

    addresses: tuple[str, ...] = ()
    """As Apprise has them."""
    metrics: Path | None = None
    run_log: Path | None = None
    sign_key: Path | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A night, and what became of telling it."""

    night: Night
    message: Message
    deliveries: Deliveries = field(default_factory=Deliveries)
    problems: tuple[str, ...] = ()
    """A sentence for everything that went wrong after the ledger was in place."""

    @property
    def exit_code(self) -> ExitCode:
        """How the run ends: a message that nobody got, or a receipt that nobody can read, makes it incomplete."""
        return ExitCode.INCOMPLETE if self.problems else self.night.exit_code

    def as_json(self) -> dict[str, object]:
        """The night, its deliveries and the exit code as one JSON object."""
        return runlog.line_of(self.night, self.deliveries, int(self.exit_code)) | {"problems": list(self.problems)}


def nightly(
    setup: NightlySetup,
    told: Told,
    *,
    dry_run: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    bar: Bar = UNSEEN,
) -> Done:
    """Run one nightly scan, from the lock to the last message; with `dry_run` nothing is kept and nobody told.

    Raises what `run.scan_night` raises, and IncompleteError where another scan holds the ledger: then nothing has
    changed. Of a ledger that somebody changed everybody is told before ChangedError is raised.
    """
    names = {str(regime_id): str(title) for regime_id, title, *_ in setup.policy.tables["policy_regimes"]}
    if dry_run:
        night = scan_night(setup, clock=clock, bar=bar, publish=False)
        return Done(night, message.compose(night, names))
    with locked(setup.ledger):

        def keep(night: Night) -> None:
            # Before the ledger is in place: a run that is killed right after would keep the news to itself.
            delivery.keep(night, setup.ledger, told.addresses, names)

        try:
            night = scan_night(setup, clock=clock, bar=bar, before_publishing=keep)
        except ChangedError as error:
            raise _told_of(error, setup, told, clock) from error
        problems = _export(setup, told.sign_key)
        deliveries = delivery.notify_night(night, setup.ledger, told.addresses, names=names, clock=clock)
        problems += deliveries.problems
        for write, path in ((metrics.write, told.metrics), (runlog.append, told.run_log)):
            if path is not None:
                code = ExitCode.INCOMPLETE if problems else night.exit_code
                problems += write(night, deliveries, int(code), path)
        return Done(night, message.compose(night, names), deliveries, tuple(problems))


def _told_of(error: ChangedError, setup: NightlySetup, told: Told, clock: Callable[[], datetime]) -> ChangedError:
    """Tell everybody that the ledger was changed; return the error, which then says whom it did not reach."""
    refused = message.refused(error, setup.ledger, clock())
    number = 1 + len(list((setup.ledger / receipt.FOLDER).glob("[0-9]*.json")))
    problems = delivery.notify_refusal(refused, number, setup.ledger, told.addresses, clock=clock).problems
    why = "\n".join([error.why or "", *problems]).strip()
    return ChangedError(error.message, where=error.where, why=why, hint=error.hint)


def _export(setup: NightlySetup, sign_key: Path | None) -> list[str]:
    """Write the receipts that have no file yet, from the ledger that is in place; return what went wrong."""
    import duckdb

    try:
        with open_store(setup.database, setup.library, read_only=True) as store:
            return receipt.export(setup.ledger, store, sign_key)
    except (AuditscanError, duckdb.Error) as error:
        # The night counts all the same: whoever reads its exit code must not take it for one that never was.
        why = f": {error.why}" if isinstance(error, AuditscanError) and error.why else ""
        return [f"the ledger of this scan is in place, and cannot be read again: {printable(f'{error}{why}')}"]
