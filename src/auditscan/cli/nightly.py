"""`auditscan nightly`: scan what is new into the ledger, hold it against the scan before, and tell whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import streams
from auditscan.cli.judging import Reading, judging, with_options
from auditscan.cli.options import (
    AllowQuarantined,
    At,
    Every,
    ExitZero,
    KeepBytes,
    LedgerFolder,
    Logs,
    Metrics,
    Notify,
    RehashDays,
    RunLog,
    SignKey,
    Suppressions,
    in_force,
)
from auditscan.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from auditscan.ledger.nightly import Done

AsJson = Annotated[bool, typer.Option("--json", help="Write what the scan did as one line of JSON.")]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Scan a copy, print the message; tell nobody, and leave nothing behind."),
]


@with_options
def nightly(
    context: typer.Context,
    how: Reading,
    logs: Logs = None,
    ledger: LedgerFolder = None,
    keep_bytes: KeepBytes = False,
    suppressions: Suppressions = None,
    every: Every = 24,
    at: At = "02:15",  # noqa: ARG001 -- `schedule` reads it: the same file serves both
    rehash_days: RehashDays = 7,
    notify: Notify = None,
    metrics: Metrics = None,
    run_log: RunLog = None,
    sign_key: SignKey = None,
    allow_quarantined: AllowQuarantined = 0,
    exit_zero: ExitZero = False,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> int:
    """Scan what is new into the ledger, judge it, compare it with the scan before, and tell whom it concerns.

    Safe to stop at any moment: the ledger is the old one or the new one. Exit code: as `scan`, for all that the
    ledger holds and nobody suppressed; 20 also for a missed night, a stale suppression or a message that nobody got;
    21 if somebody changed the ledger since: then no log is looked at.
    """
    if not logs:
        raise UsageError("there is nothing to scan", hint="name logs with --logs, or `logs` in auditscan.toml")
    if ledger is None:
        raise UsageError("there is no ledger", hint="name its folder with --ledger, or `ledger` in auditscan.toml")
    from auditscan.ledger import nightly as below
    from auditscan.ledger.setup import NightlySetup

    setup = NightlySetup(
        logs=tuple(logs),
        ledger=ledger,
        suppressions=suppressions,
        every=every,
        rehash_days=rehash_days,
        allow_quarantined=allow_quarantined,
        configuration=in_force(context),
        **judging(how, keep_bytes=keep_bytes),
    )
    told = below.Told(tuple(notify or ()), metrics, run_log, sign_key)
    with streams.progress("scanning") as bar:
        done = below.nightly(setup, told, dry_run=dry_run, bar=bar)
    if dry_run:
        streams.write(f"{done.message.title}\n\n{done.message.body}")
    elif as_json:
        streams.write_json(done.as_json(), indent=None)
    _say(done)
    code = done.exit_code
    return ExitCode.CLEAN if exit_zero and code != ExitCode.INCOMPLETE else code


def _say(done: Done) -> None:
    """Say in a few lines on standard error what the night brought."""
    from auditscan.ledger.telling.partition import words
    from auditscan.questions.left_aside import kinds_told

    night = done.night
    changed = f"{len(night.files):,} changed, {night.files_unchanged:,} as they were"
    streams.note(f"scan {night.scan_id}: logs: {changed}; {night.new_transfers:,} new transfers")
    twice = f", {night.in_versions:,} of them in two versions" if night.in_versions else ""
    total = f"{night.totals['transfers']:,} transfers{twice}"
    streams.note(f"ledger: {total}: {words(night.verdicts_now)}")
    if night.left_aside:
        streams.note(f"no logs, left aside: {streams.printable(kinds_told(night.left_aside))}")
    for adjustment in night.adjustments:
        streams.note(streams.printable(adjustment.says))
    for sentence in night.quarantine_gone:
        streams.note(streams.printable(sentence))
    for sentence in night.worse_because:
        streams.note(f"worse: {streams.printable(sentence)}")
    if not night.complete or done.problems:
        streams.note("INCOMPLETE:")
        for sentence in (*night.incomplete_because, *done.problems):
            streams.note(f"  {streams.printable(sentence)}")
