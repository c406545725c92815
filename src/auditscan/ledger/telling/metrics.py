"""The figures of a night as Prometheus reads them, from a file that its textfile collector is pointed at.

Labels are names of rules, verdicts and the like, of which there are few; never a file or a transfer, of which there
is no end. All are gauges: what counts up is the ledger, and a night only says where it stands.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from auditscan.disk.wholefile import write_whole
from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from auditscan.ledger.night import Deliveries, Night

CHANGES = (
    "new", "copy", "renamed", "packed", "grown", "rewritten", "restored", "vanished", "unreadable", "unrecognized",
    "no_log", "damaged", "empty",
)  # fmt: skip
"""Shown though there be none: an alert on a series that is not there never fires."""

READABLE = 0o644
"""Rights of a new file: the collector runs as somebody else. Of one that is there they stay as somebody set them."""

LAST_COMPLETE = "auditscan_last_complete_run_timestamp_seconds"


def write(night: Night, deliveries: Deliveries, exit_code: int, path: Path) -> list[str]:
    """Write the figures of a night, whole or not at all; return a sentence if they cannot be.

    `exit_code` is the one that the run ends with, deliveries and all. When a run was last complete is carried over
    from the file that stands there, if this one was not.
    """
    registry = _registry(night, deliveries, exit_code, _last_complete(night, exit_code, path))
    try:
        write_whole(path, generate_latest(registry), READABLE)
    except OSError as error:
        return [f"the metrics file {printable(str(path))} cannot be written: {error.strerror}"]
    return []


def _registry(night: Night, deliveries: Deliveries, exit_code: int, last_complete: float | None) -> CollectorRegistry:
    registry = CollectorRegistry()

    def gauge(name: str, about: str, value: float) -> None:
        Gauge(f"auditscan_{name}", about, registry=registry).set(value)

    def gauges(name: str, about: str, labels: tuple[str, ...], rows: Iterable[tuple[tuple[str, ...], float]]) -> None:
        made = Gauge(f"auditscan_{name}", about, labels, registry=registry)
        for values, number in rows:
            made.labels(*values).set(number)

    took = (night.finished_at - night.started_at).total_seconds()
    gauge("last_run_timestamp_seconds", "When the last nightly scan ended.", _epoch(night.finished_at))
    if last_complete is not None:
        gauge(LAST_COMPLETE.removeprefix("auditscan_"), "When one last ended complete.", last_complete)
    gauge("last_run_duration_seconds", "How long the last nightly scan took.", took)
    gauge("last_run_exit_code", "What it ended with.", exit_code)
    gauge("last_run_complete", "1: everything was looked at and everybody told.", float(_complete(night, exit_code)))
    gauge("last_run_new_transfers", "Transfers that the last scan read, attempts among them.", night.new_transfers)
    verdicts = (((verdict,), count) for verdict, count in night.new_verdicts_now.items())
    gauges("last_run_new_verdicts", "New transfers by verdict now, attempts apart.", ("verdict",), verdicts)
    counts = dict.fromkeys(CHANGES, 0) | {"unchanged": night.files_unchanged}
    for file in night.files:
        counts[file.change] = counts.get(file.change, 0) + 1
    files = (((change,), count) for change, count in counts.items())
    gauges("last_run_files", "Log files by what became of them since the scan before.", ("change",), files)
    gauge("last_run_missed_runs", "Scans that the schedule wanted before this one and that did not run.", night.missed)
    new = (((count.rule, count.severity), count.new) for count in night.findings)
    gauges("last_run_new_findings", "Findings that were not there before.", ("rule", "severity"), new)
    findings = (
        ((count.rule, count.severity, state), number)
        for count in night.findings
        for state, number in (("open", count.open), ("suppressed", count.suppressed))
    )
    gauges("findings", "Findings that hold, in the whole ledger.", ("rule", "severity", "state"), findings)
    transfers = (
        ((time, verdict), count)
        for time, by_verdict in (("now", night.verdicts_now), ("then", night.verdicts_then))
        for verdict, count in by_verdict.items()
    )
    gauges("transfers", "Transfers of the whole ledger by verdict, attempts apart.", ("time", "verdict"), transfers)
    kinds = (((kind,), count) for kind, count in night.totals.items())
    gauges("records", "Records of the whole ledger by what became of them.", ("kind",), kinds)
    states = (((state,), count) for state, count in night.quarantine.items())
    gauges("unread_records", "Records that could not be read, by how it stands with them.", ("state",), states)
    gauge("last_run_adjustments", "Changes of policy, queries, settings, suppressions.", len(night.adjustments))
    gauge("transfers_in_versions", "Transfers in more than one version.", night.in_versions)
    gauge(
        "suppression_problems", "Suppressions expired, matching nothing or too much.", len(night.suppression_problems)
    )
    gauge("undelivered_messages", "Messages that somebody still has to get.", deliveries.undelivered)
    return registry


def _complete(night: Night, exit_code: int) -> bool:
    return night.complete and exit_code == night.exit_code


def _last_complete(night: Night, exit_code: int, path: Path) -> float | None:
    """When a run was last complete: now, or what the file says that is about to be replaced."""
    if _complete(night, exit_code):
        return _epoch(night.finished_at)
    with suppress(OSError, ValueError):
        for family in text_string_to_metric_families(path.read_text(encoding="utf-8")):
            for sample in family.samples:
                if sample.name == LAST_COMPLETE:
                    return float(sample.value)
    return None


def _epoch(time: datetime) -> float:
    """Seconds since 1970; a time without a zone is in UTC, whatever the machine's own is."""
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
