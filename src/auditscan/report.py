"""What a report says, before anybody draws it: the rows of every report query, taken once.

Every way of showing a report (terminal, file, picture) starts from the same `Report`, so that no
two of them can count differently. A figure that is not in the rows of a query is not in a report.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from auditscan.library import Query
    from auditscan.policy import OverlayNote
    from auditscan.readers.model import FileReport
    from auditscan.store import Store

__all__ = ["Report", "Row", "Selection", "collect"]

Row = dict[str, Any]
"""One row of a report query: column name -> value."""

TABLES = (
    "headline",
    "then_and_now",
    "flag_groups",
    "by_state",
    "barred_content",
    "by_recipient",
    "by_week",
    "orders_and_agreements",
    "onward",
    "unknown_parties",
    "linked_transfers",
    "possible_links",
    "files_accounted",
    "records_set_aside",
    "quarantined_records",
    "unknown_fields",
    "rule_outcomes",
    "unsettled_questions",
    "most_serious",
)
"""The report queries whose rows a report has, in the order they run in."""

VARIABLES = (
    "select_states",
    "select_recipients",
    "select_verdicts",
    "select_from",
    "select_until",
    "serious_limit",
    "unknown_parties_limit",
    "linked_transfers_limit",
    "possible_links_limit",
    "record_keys",
)
"""What `collect` sets for its queries, and unsets when it is done."""

MOST_UNKNOWN = 10
"""How many unknown parties a report lists."""

MOST_LINKED = 8
"""How many transfers with several traces."""

MOST_POSSIBLE = 4
"""How many links that were not made."""

_NOT_READ = {
    "damaged": "is damaged",
    "unrecognized": "is no log that could be recognized",
    "unreadable": "could not be read",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which transfers a report is about. None asks for all."""

    states: tuple[str, ...] | None = None
    """USPS codes, or `unknown`."""
    recipients: tuple[str, ...] | None = None
    """Agencies as the policy tables name them, or `unknown`."""
    verdicts: tuple[str, ...] | None = None
    """Now or then."""
    first_day: date | None = None
    last_day: date | None = None

    def __bool__(self) -> bool:
        """Whether anything is left out."""
        return any(
            part is not None for part in (self.states, self.recipients, self.verdicts, self.first_day, self.last_day)
        )


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report shows."""

    tables: Mapping[str, tuple[Row, ...]]
    """Name of a report query -> its rows."""
    findings: Mapping[int, tuple[Row, ...]]
    """Record key of a transfer in `most_serious` -> its findings, worst first."""
    rules: Mapping[str, Query]
    """The rules by name, for their titles and reasons."""
    selection: Selection
    limit: int
    """How many transfers `most_serious` was asked for."""
    overlays: tuple[OverlayNote, ...] = ()
    skipped: tuple[FileReport, ...] = ()
    """Files that were found and not read."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """What the verdicts rest on: program, policy and queries."""

    @property
    def headline(self) -> Row:
        """The one row of the headline."""
        return self.tables["headline"][0]

    @property
    def incomplete_because(self) -> tuple[str, ...]:
        """Why the scan did not see everything, a sentence each; empty if it did."""
        reasons = [
            f"{row['path']} {_NOT_READ[row['status']]}" + (f": {row['note']}." if row["note"] else ".")
            for row in self.tables["files_accounted"]
            if row["status"] in _NOT_READ
        ]
        count = sum(row["quarantined"] for row in self.tables["files_accounted"])
        if count:
            noun = "record" if count == 1 else "records"
            reasons.append(f"{count:,} {noun} could not be read.")
        reasons += [
            f"The rule {row['rule']} failed: {row['message']}."
            for row in self.tables["rule_outcomes"]
            if row["outcome"] == "failed"
        ]
        return tuple(reasons)


def collect(
    store: Store,
    selection: Selection,
    *,
    limit: int = 10,
    overlays: Sequence[OverlayNote] = (),
    skipped: Sequence[FileReport] = (),
) -> Report:
    """Return the report of a judged database, narrowed to a selection.

    `limit` is how many of the most serious transfers it lists. The session is left as it was.
    """
    store.set(
        select_states=_listed(selection.states),
        select_recipients=_listed(selection.recipients),
        select_verdicts=_listed(selection.verdicts),
        select_from=selection.first_day,
        select_until=selection.last_day,
        serious_limit=limit,
        unknown_parties_limit=MOST_UNKNOWN,
        linked_transfers_limit=MOST_LINKED,
        possible_links_limit=MOST_POSSIBLE,
    )
    try:
        store.run("select")
        tables = {name: tuple(store.table(name)) for name in TABLES}
        # To plan the rules about logs takes longer than a small report, and most logs meet none of them.
        about_logs = {rule.name for rule in store.library.of("rule") if rule.reads == "sources"}
        some = any(row["hits"] and row["rule"] in about_logs for row in tables["rule_outcomes"])
        tables["log_findings"] = tuple(store.table("log_findings")) if some else ()
        keys = [row["record_key"] for row in tables["most_serious"]]
        findings: dict[int, list[Row]] = {key: [] for key in keys}
        if keys:
            store.run("narrow", record_keys=keys)
            for row in store.table("findings_of"):
                findings[row["record_key"]].append(row)
    finally:
        store.run("widen", **dict.fromkeys(VARIABLES))
    version, policy, queries = store.rows("select auditscan_version, policy_sha256, queries_sha256 from settings")[0]
    return Report(
        tables=tables,
        findings={key: tuple(rows) for key, rows in findings.items()},
        rules={query.name: query for query in store.library.of("rule")},
        selection=selection,
        limit=limit,
        overlays=tuple(overlays),
        skipped=tuple(skipped),
        versions={"auditscan": version, "policy": policy, "queries": queries},
    )


def _listed(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else list(values)
