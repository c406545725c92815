"""What a night amounts to: counts, what is incomplete, what got worse, and the exit code."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.errors import ExitCode
from auditscan.ledger.adjusted import MILDER, adjustments
from auditscan.ledger.compare import find_changes
from auditscan.ledger.night import FindingCount, Move, Night, NightFile
from auditscan.ledger.suppressions import hidden_of_scan, unsuppressed_verdicts
from auditscan.policy.describe import case_of
from auditscan.questions.left_aside import kinds_of
from auditscan.questions.summary import CLASSES, NOT_SEEN, count, summarize
from auditscan.store import is_ledger
from auditscan.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from auditscan.ledger.seen import Change, Seen
    from auditscan.ledger.setup import NightlySetup
    from auditscan.questions.summary import Summary
    from auditscan.store import Store

GRAVE = ("grave", "review")
"""Severities of which somebody has to be told."""

WORSE = {
    "rewritten": ("1 log changed what it said before", "{:,} logs changed what they said before"),
    "vanished": ("1 log vanished", "{:,} logs vanished"),
}
"""Changes of files of which somebody has to be told, whatever else the night brought."""

NEW = {
    "enjoined": ("1 new transfer would be enjoined now", "{:,} new transfers would be enjoined now"),
    "review": ("1 new transfer needs a person to look", "{:,} new transfers need a person to look"),
    "unattributed": ("1 new transfer names neither side", "{:,} new transfers name neither side"),
}
"""Classes of new transfers of which somebody has to be told."""


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
    started_at: datetime

    def night(self, finished_at: datetime) -> Night:
        """What the scan amounts to; its receipt is not written yet."""
        store, started_at = self.store, self.started_at
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
        quarantine, still, gone = self._quarantine()
        incomplete = (*self.problems, *self._not_looked_at(summary, quarantine, still), *self.suppression_problems)
        new_verdicts, new_open = self._new_transfers()
        judged_all, missed, as_of, regime_now = store.rows(
            "select judged_all, missed, as_of::varchar, regime_now from scans where scan_id = $1", [self.scan_id]
        )[0]
        exit_code = ExitCode.INCOMPLETE if incomplete else self._exit_code(summary, findings)
        files = tuple(self._files())
        return Night(
            scan_id=self.scan_id,
            ledger=str(self.setup.ledger.resolve()),
            started_at=started_at,
            finished_at=finished_at,
            as_of=as_of,
            regime_now=regime_now,
            judged_all=judged_all,
            missed=missed,
            files=files,
            files_unchanged=self.seen.unchanged,
            new_transfers=sum(new_verdicts.values()),
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
            worse_because=tuple(_worse(new_open, findings, files, moves)),
            receipt_sha256="",
            new_open=new_open,
            adjustments=adjustments(store, self.scan_id, judged_all, self.setup.configuration, moves),
            quarantine=quarantine,
            quarantine_gone=gone,
            left_aside=kinds_of(self.seen.left_aside),
            in_versions=store.run("rewritten_twice")[0][0],
            **case_of(self.setup.policy),
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

    def _new_transfers(self) -> tuple[dict[str, int], dict[str, int]]:
        """The transfers that were read by class now: all of them, and those that are not suppressed."""
        counts = dict.fromkeys(CLASSES, 0) | dict(self.store.run("verdicts_of_scan", first_source=self.first_source))
        hidden = hidden_of_scan(self.store, self.first_source)
        return counts, {name: count - hidden[name] for name, count in counts.items()}

    def _quarantine(self) -> tuple[dict[str, int], list[str], tuple[str, ...]]:
        """How many unreadable records are open, suppressed, gone; and a sentence a file for the open and newly gone."""
        rows = self.store.table("quarantine_of_scan")
        counts = {state: sum(row[state] for row in rows) for state in ("open", "suppressed", "gone")}
        still = [
            f"{_full(row['path'])}: {counted(row['open'], 'record')} could not be read" for row in rows if row["open"]
        ]
        day = self.started_at.strftime("%-d %B %Y")
        gone = [
            f"{_full(row['path'])}: what held {counted(row['newly_gone'], 'record')} that could not be read "
            + (f"was replaced on {day}" if row["replaced"] else f"is gone since {day}")
            + "; counted apart from now on"
            for row in rows
            if row["newly_gone"]
        ]
        return counts, still, tuple(gone)

    def _files(self) -> list[NightFile]:
        nothing = (0, 0, 0, 0)
        counts = {
            source_id: (records, transfers, duplicates, quarantined)
            for source_id, records, transfers, duplicates, quarantined in self.store.rows(
                "select source_id, records, transfers, duplicates, quarantined from accounting where source_id >= $1",
                [self.first_source],
            )
        }
        elsewhere = dict(self.store.rows("select path, elsewhere from contents_elsewhere"))
        files = []
        for change in self.changes:
            how, note = change.change, change.note
            if how == "vanished" and change.path in elsewhere:
                how, note = "packed", f"{_full(elsewhere[change.path])} has all its records"
            numbers = counts.get(change.source_id or 0, nothing)
            files.append(NightFile(_full(change.path), how, *numbers, note))
        return files

    def _not_looked_at(self, summary: Summary, quarantine: dict[str, int], still: Sequence[str]) -> list[str]:
        """A sentence for everything that was not looked at."""
        because = [
            f"{_full(path)} {NOT_SEEN[status]}" + (f": {note}" if note else "")
            for path, status, note in self.seen.statuses
            if status in NOT_SEEN
        ]
        if quarantine["open"] > self.setup.allow_quarantined:
            because += still
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


def _worse(
    new: dict[str, int], findings: Sequence[FindingCount], files: Sequence[NightFile], moves: Sequence[Move]
) -> Iterator[str]:
    """A sentence for each way in which things are worse than before: transfers first, then what was found on them."""
    for kind, sentences in NEW.items():
        yield from _said(new[kind], *sentences)
    worse = sum(
        move.transfers
        for move in moves
        if move.time == "now"
        and not move.attempt
        and MILDER.index(move.verdict_after) > MILDER.index(move.verdict_before)
    )
    yield from _said(worse, "1 transfer is judged worse than before", "{:,} transfers are judged worse than before")
    for change, sentences in WORSE.items():
        yield from _said(sum(file.change == change for file in files), *sentences)
    grave, review = (sum(count.new for count in findings if count.severity == severity) for severity in GRAVE)
    yield from _said(grave + review, "1 new finding to look at", "{:,} new findings to look at", grave)


def _said(count: int, one: str, many: str, grave: int = 0) -> Iterator[str]:
    if count:
        yield (one if count == 1 else many.format(count)) + (f", {grave:,} of them grave" if grave else "")


def _full(path: str) -> str:
    """A path that means the same wherever the message is read."""
    return os.path.abspath(path)  # noqa: PTH100 -- a name in an archive may hold what no file system takes
