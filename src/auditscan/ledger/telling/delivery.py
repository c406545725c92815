"""Telling somebody: tonight's message and those that others of the last nights left, each once to each address.

A message that does not arrive is no less a failure of the night than a log that was not read: what went wrong
comes back as sentences, and the run that gets any ends as incomplete.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from auditscan.ledger.night import Deliveries
from auditscan.ledger.telling import outbox, sending
from auditscan.ledger.telling.addresses import fingerprint, shown
from auditscan.ledger.telling.message import Message, compose, day_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from auditscan.ledger.night import Night

PAUSES = (5.0, 30.0)
"""Seconds before the second and the third attempt: a server that restarts is back by then."""


def _now() -> datetime:
    return datetime.now(UTC)


def keep(night: Night, folder: Path, addresses: Sequence[str], names: Mapping[str, str] | None = None) -> str:
    """Put the message of a night into the outbox of its ledger, if there is anything to tell and anybody to be told.

    Called before the ledger is put in place, it makes sure that a run which is killed right after does not keep the
    news to itself. What a run that never came so far left under the same number is replaced or removed. Returns why
    that could not be done, else nothing: `notify_night` tries again, and says it.
    """
    try:
        if night.matters and addresses:
            outbox.keep(folder, outbox.Kept(night.scan_id, day_of(night), compose(night, names)))
        else:
            outbox.remove(folder, night.scan_id)
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def notify_night(
    night: Night,
    folder: Path,
    addresses: Sequence[str],
    *,
    names: Mapping[str, str] | None = None,
    clock: Callable[[], datetime] = _now,
    sleep: Callable[[float], None] = time.sleep,
    timeout: float = sending.TIMEOUT,
) -> Deliveries:
    """Tell everybody at `addresses` of a night that matters, and of earlier ones they have not heard of.

    Returns what arrived and what went wrong; raises nothing that a disk or a service can do. Without addresses, and
    without anything to tell, nothing is sent. `folder` is that of the ledger, already in place.
    """
    result = Deliveries()
    tonight = None
    if why := keep(night, folder, addresses, names):
        result.problems.append(f"the message of tonight cannot be kept for a later attempt: {why}")
        tonight = outbox.Kept(night.scan_id, day_of(night), compose(night, names)) if night.matters else None
    if not addresses:
        return result
    run = _Run(folder, {address: fingerprint(address) for address in addresses}, clock, sleep, timeout, result)
    run.deliver(night.scan_id, tonight)
    return result


def notify_refusal(
    message: Message,
    number: int,
    folder: Path,
    addresses: Sequence[str],
    *,
    clock: Callable[[], datetime] = _now,
    sleep: Callable[[float], None] = time.sleep,
    timeout: float = sending.TIMEOUT,
) -> Deliveries:
    """Tell everybody at `addresses` that no scan was done; returns and raises as `notify_night` does.

    `number` is the scan that was to be. The message is not kept for later: the next night finds the same, and says so.
    """
    result = Deliveries()
    if addresses:
        run = _Run(folder, {address: fingerprint(address) for address in addresses}, clock, sleep, timeout, result)
        run.deliver(number, outbox.Kept(number, "", message))
    return result


@dataclass(slots=True)
class _Run:
    """One run's deliveries. An address that fails is left alone until the next run, for the others wait meanwhile."""

    folder: Path
    ids: Mapping[str, str]
    """Address -> its fingerprint."""
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    timeout: float
    result: Deliveries
    failed: dict[str, str] = field(default_factory=dict)
    unwritten: bool = False

    def deliver(self, scan_id: int, unkept: outbox.Kept | None) -> None:
        """Deliver the message of this scan, then the late ones from the oldest on."""
        try:
            kept, problems = outbox.pending(self.folder, set_aside=True)
        except OSError as error:
            kept, problems = [], [f"the outbox of the ledger cannot be used: {error.strerror}"]
        if unkept is not None:
            kept = [*(each for each in kept if each.scan_id != scan_id), unkept]
        arrived, torn = outbox.delivered(self.folder)
        self.result.problems += problems + torn
        kept = self._not_too_old(kept)
        owing: dict[str, list[int]] = {}
        for each in sorted(kept, key=lambda each: (each.scan_id != scan_id, each.scan_id)):
            missing = self._tell_all(each, arrived, late=each.scan_id != scan_id)
            if not missing:
                self._remove(each)
                continue
            self.result.undelivered += 1
            for address in missing:
                owing.setdefault(address, []).append(each.scan_id)
        for address, scans in owing.items():
            self.result.problems.append(
                f"{shown(address)} was not told of {_scans(scans)}: {self.failed[address]}; the next scan tries again"
            )

    def _not_too_old(self, kept: list[outbox.Kept]) -> list[outbox.Kept]:
        """Give up the oldest where there are more than anybody would read."""
        given_up = kept[: -outbox.MOST_KEPT]
        for each in given_up:
            self.result.problems.append(
                f"the message of scan {each.scan_id:,}, {each.day}, was given up: too many wait"
            )
            self._record(each, "", 0, "given up: too many wait")
            self._remove(each)
        return kept[-outbox.MOST_KEPT :]

    def _tell_all(self, kept: outbox.Kept, arrived: set[tuple[str, str]], *, late: bool) -> list[str]:
        """Deliver one message to everybody who has not got it; return those who still have not."""
        message = _late(kept) if late else kept.message
        missing = []
        for address, known in self.ids.items():
            if (kept.id, known) in arrived:
                continue
            if address in self.failed or not self._tell(kept, message, address):
                missing.append(address)
        return missing

    def _tell(self, kept: outbox.Kept, message: Message, address: str) -> bool:
        """Try to deliver one message to one address, and say whether it arrived."""
        for attempt in range(1, len(PAUSES) + 2):
            if attempt > 1:
                self.sleep(PAUSES[attempt - 2])
            outcome = sending.send(message, address, self.timeout)
            self._record(kept, address, attempt, outcome.why)
            if not outcome.why:
                self.result.delivered += 1
                self.failed.pop(address, None)
                return True
            self.failed[address] = outcome.why
            if outcome.hopeless:
                break
        return False

    def _record(self, kept: outbox.Kept, address: str, attempt: int, why: str) -> None:
        line = outbox.Attempt(
            at=self.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            scan_id=kept.scan_id,
            message=kept.id,
            title=kept.message.title,
            address=shown(address) if address else "",
            address_id=self.ids.get(address, ""),
            attempt=attempt,
            ok=not why,
            why=why,
        )
        try:
            outbox.record(self.folder, line)
        except OSError as error:
            if not self.unwritten:
                self.result.problems.append(f"an attempt to deliver cannot be recorded: {error.strerror}")
            self.unwritten = True

    def _remove(self, kept: outbox.Kept) -> None:
        try:
            outbox.remove(self.folder, kept.scan_id)
        except OSError as error:
            self.result.problems.append(
                f"the message of scan {kept.scan_id:,} cannot be taken out of the outbox: {error.strerror}"
            )


def _late(kept: outbox.Kept) -> Message:
    return Message(
        f"late: {kept.message.title}",
        f"Late: of the scan of {kept.day}.\nIt could not be delivered then.\n\n{kept.message.body}",
    )


def _scans(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"scan {numbers[0]:,}"
    return f"{len(numbers)} scans, {min(numbers):,} to {max(numbers):,}"
