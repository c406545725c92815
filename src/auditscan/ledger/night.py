"""What one nightly scan did: its message, its metrics, its line of JSON and its exit code follow from one object."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from auditscan.errors import ExitCode


@dataclass(frozen=True, slots=True)
class NightFile:
    """One file that is not as the scan before left it."""

    path: str
    change: str
    """new | copy | renamed | packed | grown | rewritten | restored | vanished | unreadable | unrecognized | no_log |
    damaged | empty."""
    records: int = 0
    """Records that this scan read in it."""
    transfers: int = 0
    duplicates: int = 0
    quarantined: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class FindingCount:
    """How the findings of one rule changed since the scan before."""

    rule: str
    title: str
    severity: str
    """grave | review | note."""
    reads: str
    """disclosures | transfers: about transfers; sources: about the logs themselves."""
    new: int = 0
    """Findings that were not there; those that are suppressed are counted apart, here and below."""
    gone: int = 0
    changed: int = 0
    newly_suppressed: int = 0
    open: int = 0
    """All that hold now and are not suppressed."""
    suppressed: int = 0
    """All that hold now and are suppressed."""
    examples: tuple[str, ...] = ()
    """Evidence of some new ones, with transfer or subject."""


@dataclass(frozen=True, slots=True)
class Move:
    """Transfers that a change of policy, queries or as-of date moved from one verdict to another."""

    time: str
    """now | then: which of the two verdicts."""
    verdict_before: str
    verdict_after: str
    attempt: bool
    transfers: int
    because: tuple[str, ...]
    """The lines of policy that did it."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Something that a night judged by and the night before did not."""

    what: str
    """What changed, in a few words."""
    says: str
    """In a sentence, with what it did."""


@dataclass(frozen=True, slots=True)
class Night:
    """What a nightly scan did, and what the ledger says after it."""

    scan_id: int
    ledger: str
    """The folder of the ledger."""
    started_at: datetime
    """In UTC."""
    finished_at: datetime
    as_of: str
    regime_now: str | None
    judged_all: str | None
    """Why every transfer was judged again: first scan | policy | queries | regime now | since | version, or several of
    these; None: only the new."""
    missed: int
    """Scans that the schedule wanted between the one before and this one."""
    files: tuple[NightFile, ...]
    """Files that are not as the scan before left them; by path."""
    files_unchanged: int
    new_transfers: int
    """Transfers that this scan read, attempts among them."""
    new_verdicts_now: dict[str, int]
    """Those by class, as all verdicts here: see `summary.CLASSES`; every class is a key, and they add up."""
    verdicts_now: dict[str, int]
    """All transfers of the ledger."""
    verdicts_then: dict[str, int]
    flagged: int
    """Of what was disclosed."""
    totals: dict[str, int]
    """Of the whole ledger: records, transfers, not_transfers, duplicates, quarantined."""
    findings: tuple[FindingCount, ...]
    """Of every rule that found, or finds, anything; worst severity first, then by name."""
    moves: tuple[Move, ...]
    suppression_problems: tuple[str, ...]
    """A sentence for each suppression that is expired, matches nothing or too much."""
    incomplete_because: tuple[str, ...]
    """A sentence for everything that was not looked at, missed nights and problems of suppressions among them."""
    exit_code: ExitCode
    """Before anybody was told: a message that could not be delivered makes the run incomplete too."""
    exit_code_before: ExitCode | None
    """Of the scan before; None for the first."""
    worse_because: tuple[str, ...]
    """A sentence for each way in which things are worse than after the scan before; empty: nobody need be told."""
    receipt_sha256: str
    new_open: dict[str, int] = field(default_factory=dict)
    """New transfers by class now, without those whose findings are suppressed."""
    adjustments: tuple[Adjustment, ...] = ()
    """Changes of policy, queries, settings and suppressions since the scan before."""
    quarantine: dict[str, int] = field(default_factory=dict)
    """Records that could not be read: open, suppressed, gone (no path holds their content any more)."""
    quarantine_gone: tuple[str, ...] = ()
    """A sentence for each log whose unreadable records are gone since this scan."""
    in_versions: int = 0
    """Transfers that stand in more than one version, for a log was rewritten."""
    left_aside: dict[str, int] = field(default_factory=dict)
    """Files that were found tonight, are no logs and were not excluded, by kind; not those of archives untouched."""
    caption: str = ""
    """The case."""
    no_order_read: str = ""
    """What the terms of the orders come from."""

    @property
    def complete(self) -> bool:
        """Whether everything was looked at."""
        return not self.incomplete_because

    @property
    def matters(self) -> bool:
        """Whether somebody has to be told."""
        return bool(self.worse_because or self.adjustments or self.quarantine_gone) or not self.complete

    def counts(self) -> dict[str, object]:
        """What the night comes to, as a receipt has it: nothing of times and places that stand there already."""
        found = self.as_json()
        for name in ("scan_id", "ledger", "started_at", "finished_at", "as_of", "regime_now", "receipt_sha256"):
            del found[name]
        return found

    def as_json(self) -> dict[str, object]:
        """The night as one JSON object, its keys in a fixed order; times as 2026-01-02T03:04:05Z.

        `left_aside` is a key where there is anything of it.
        """
        found = asdict(self)
        for name in ("started_at", "finished_at"):
            found[name] = getattr(self, name).strftime("%Y-%m-%dT%H:%M:%SZ")
        if not self.left_aside:
            del found["left_aside"]
        return found | {"complete": self.complete, "matters": self.matters}


@dataclass(slots=True)
class Deliveries:
    """What became of the messages of one run."""

    delivered: int = 0
    """Deliveries that arrived: one an address and message."""
    undelivered: int = 0
    """Messages that somebody still has to get."""
    problems: list[str] = field(default_factory=list)
    """A sentence for each thing that went wrong."""
