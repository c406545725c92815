"""What a night amounts to: counts, what is incomplete, what got worse, and the exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.errors import ExitCode
from auditscan.ledger.compare import find_changes
from auditscan.ledger.night import FindingCount, Move, Night, NightFile
from auditscan.ledger.suppressions import unsuppressed_verdicts
from auditscan.store import is_ledger
from auditscan.summary import CLASSES, VERDICTS, count, summarize

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from auditscan.ledger.seen import Change, Seen
    from auditscan.ledger.setup import NightlySetup
    from auditscan.store import Store
    from auditscan.summary import Summary

__all__ = ["Amount", "Scan", "last_scan"]

GRAVE = ("grave", "review")
"""Severities of which somebody has to be told."""

WORSE = {
    "rewritten": "{} changed what they said before",
    "vanished": "{} vanished",
}
"""Changes of files of which somebody has to be told, whatever else the night brought."""

_READ = {
    "unreadable": "could not be read",
    "unrecognized": "is not a log that auditscan knows",
    "damaged": "is damaged; only its readable part was judged",
}


@dataclass(frozen=True, slots=True)
class Scan:
    """An earlier scan."""

    scan_id: int
    started_at: datetime
    """In UTC, without a zone."""
    exit_code: ExitCode


def last_scan(store: Store) -> Scan | None:
    """The last scan of a ledger; None where the database is none, or new."""
    if not is_ledger(store):
        return None
    scan_id, started_at, exit_code = store.rows(
        "select scan_id, started_at, exit_code from scans order by scan_id desc limit 1"
    )[0]
    return Scan(scan_id, started_at, ExitCode(exit_code))


@dataclass(frozen=True, slots=True)
class Amount:
    """The facts of one scan, judged and written down."""

    store: Store
    setup: NightlySetup
    scan_id: int
    last: Scan | None
    seen: Seen
    changes: Sequence[Change]
    first_source: int
    problems: Sequence[str]
    """What went wrong before files were read, and nights missed."""
    suppression_problems: Sequence[str]

    def night(self, started_at: datetime, finished_at: datetime) -> Night:
        """What the scan amounts to; its receipt is not written yet."""
        store = self.store
        summary = summarize(store, self.setup.policy)
        findings = self._findings()
        moves = tuple(
            Move(time, before, after, attempt, transfers, tuple(because))
            for time, before, after, attempt, transfers, because in store.rows(
                "select time, verdict_before, verdict_after, attempt, transfers, because from verdict_moves "
                "where scan_id = $1 order by rowid",
                [self.scan_id],
            )
        )
        incomplete = (*self.problems, *self._not_looked_at(summary), *self.suppression_problems)
        new_transfers, new_verdicts = self._new_transfers()
        judged_all, missed, as_of, regime_now = store.rows(
            "select judged_all, missed, as_of::varchar, regime_now from scans where scan_id = $1", [self.scan_id]
        )[0]
        exit_code = ExitCode.INCOMPLETE if incomplete else self._exit_code(summary, findings)
        files = tuple(self._files())
        return Night(
            scan_id=self.scan_id,
            ledger=str(self.setup.ledger),
            started_at=started_at,
            finished_at=finished_at,
            as_of=as_of,
            regime_now=regime_now,
            judged_all=judged_all,
            missed=missed,
            files=files,
            files_unchanged=self.seen.unchanged,
            new_transfers=new_transfers,
            new_verdicts_now=new_verdicts,
            verdicts_now=summary.counts.now,
            verdicts_then=summary.counts.then,
            flagged=summary.counts.flagged,
            totals=summary.totals,
            findings=findings,
            moves=moves,
            suppression_problems=tuple(self.suppression_problems),
            incomplete_because=incomplete,
            exit_code=exit_code,
            exit_code_before=None if self.last is None else self.last.exit_code,
            worse_because=tuple(_worse(findings, files, moves)),
            receipt_sha256="",
        )

    def _findings(self) -> tuple[FindingCount, ...]:
        store = self.store
        if self.last is None:
            changed = store.table("first_finding_counts", scan_after=self.scan_id)
        else:
            find_changes(store, self.last.scan_id, self.scan_id)
            changed = store.table("finding_change_counts")
        rules = {rule.name: rule for rule in store.library.of("rule")}
        by_rule = {row["rule"]: row for row in changed}
        held = {row["rule"]: row for row in store.table("open_findings")}
        counts = []
        for name in sorted(by_rule.keys() | held.keys()):
            rule, change, total = rules.get(name), by_rule.get(name, {}), held.get(name, {})
            counts.append(
                FindingCount(
                    rule=name,
                    title=name if rule is None else rule.title,
                    severity=(change or total)["severity"],
                    reads=str(change.get("reads") or (rule.reads if rule is not None else "")),
                    new=change.get("new", 0),
                    gone=change.get("gone", 0),
                    changed=change.get("changed", 0),
                    newly_suppressed=change.get("newly_suppressed", 0),
                    open=total.get("open", 0),
                    suppressed=total.get("suppressed", 0),
                    examples=tuple(change.get("examples", ())),
                )
            )
        order = ("grave", "review", "note")
        return tuple(sorted(counts, key=lambda count: (order.index(count.severity), count.rule)))

    def _new_transfers(self) -> tuple[int, dict[str, int]]:
        """How many transfers were read, and where they are counted now."""
        classes = dict.fromkeys(CLASSES, 0)
        classes.update(self.store.run("verdicts_of_scan", first_source=self.first_source))
        return sum(classes.values()), classes

    def _files(self) -> list[NightFile]:
        nothing = (0, 0, 0, 0)
        counts = {
            source_id: (records, transfers, duplicates, quarantined)
            for source_id, records, transfers, duplicates, quarantined in self.store.rows(
                "select source_id, records, transfers, duplicates, quarantined from accounting where source_id >= $1",
                [self.first_source],
            )
        }
        files = []
        for change in self.changes:
            records, transfers, duplicates, quarantined = counts.get(change.source_id or 0, nothing)
            files.append(
                NightFile(change.path, change.change, records, transfers, duplicates, quarantined, change.note)
            )
        return files

    def _not_looked_at(self, summary: Summary) -> list[str]:
        """A sentence for everything that was not looked at."""
        because = [
            f"{path} {_READ[status]}" + (f": {note}" if note else "")
            for path, status, note in self.seen.statuses
            if status in _READ
        ]
        if summary.totals["quarantined"] > self.setup.allow_quarantined:
            because += [
                f"{path}: {'1 record' if count == 1 else f'{count:,} records'} could not be read"
                for path, count in self.store.rows(
                    "select path, sum(quarantined)::bigint from sources where quarantined > 0 and status <> 'copy' "
                    "group by path order by path"
                )
            ]
        return because + [
            f"rule {rule.id} failed: {rule.message}" for rule in summary.rules if rule.outcome == "failed"
        ]

    def _exit_code(self, summary: Summary, findings: Sequence[FindingCount]) -> ExitCode:
        """The exit code of a complete scan, by what is not suppressed."""
        counts = summary.counts
        if any(each.suppressed for each in findings):
            counts = count(unsuppressed_verdicts(self.store))
        if counts.now["enjoined"]:
            return ExitCode.ENJOINED
        of_logs = any(each.open and each.reads == "sources" and each.severity in GRAVE for each in findings)
        if counts.now["review"] or counts.now["unattributed"] or of_logs:
            return ExitCode.REVIEW
        return ExitCode.FLAGGED if counts.flagged else ExitCode.CLEAN


def _worse(findings: Sequence[FindingCount], files: Sequence[NightFile], moves: Sequence[Move]) -> list[str]:
    """A sentence for each way in which things are worse than before."""
    because = []
    for severity in GRAVE:
        new = sum(count.new for count in findings if count.severity == severity)
        if new:
            because.append(f"{new:,} new {'finding' if new == 1 else 'findings'} of severity {severity}")
    for change, sentence in WORSE.items():
        count = sum(file.change == change for file in files)
        if count:
            because.append(sentence.format("1 log" if count == 1 else f"{count:,} logs"))
    rank = {verdict: place for place, verdict in enumerate(("out_of_scope", *reversed(VERDICTS)))}
    # Nobody knows what it is: as open as what is to review.
    rank["unattributed"] = rank["review"]
    worse = sum(
        move.transfers
        for move in moves
        if move.time == "now" and not move.attempt and rank[move.verdict_after] > rank[move.verdict_before]
    )
    if worse:
        because.append(f"{worse:,} {'transfer is' if worse == 1 else 'transfers are'} judged worse than before")
    return because
