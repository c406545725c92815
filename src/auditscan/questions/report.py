"""What a report says, before anybody draws it: the rows of every report query, taken once.

Every way of showing a report (terminal, file, picture) starts from the same `Report`, so that no
two of them can count differently. A figure that is not in the rows of a query is not in a report.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditscan.questions.folders import common_folder
from auditscan.questions.left_aside import kinds_of
from auditscan.questions.redaction import NOTHING
from auditscan.scanning.rules import narrow_to
from auditscan.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from auditscan.library import Query
    from auditscan.policy import OverlayNote
    from auditscan.questions.redaction import Redaction
    from auditscan.readers.model import FileReport
    from auditscan.store import Store

Row = dict[str, Any]
"""One row of a report query: column name -> value."""

SECTIONS = (
    "parties", "verdicts", "flags", "states", "content", "recipients", "weeks", "serious", "rules", "suppressed",
    "unread", "files", "logs", "others", "onward", "traces", "policy", "limits",
)  # fmt: skip
"""What a report has behind its first screen, in this order. Those up to `serious` are narrowed by a selection."""

TABLES = (
    "headline", "deciding_names", "then_and_now", "flag_groups", "by_state", "barred_content", "by_recipient",
    "by_week", "orders_and_agreements", "onward", "unknown_parties", "unknown_outcomes", "linked_transfers",
    "possible_links", "files_accounted", "records_set_aside", "quarantined_records", "unknown_fields",
    "rule_outcomes", "by_suppression", "most_serious",
)  # fmt: skip
"""The report queries whose rows a report has, in the order they run in."""

MOST_UNKNOWN = 10
"""How many unknown parties a report lists."""

MOST_LINKED = 8
"""How many transfers with several traces."""

MOST_POSSIBLE = 4
"""How many links that were not made."""

_UNSEEN = {
    "damaged": ("damaged log", "damaged logs"),
    "unreadable": ("file that could not be read", "files that could not be read"),
    "unrecognized": ("file of no format that is known", "files of no format that is known"),
}
"""By the status of a file that was not read whole."""


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
    folder: str = ""
    """The folder, with its slash, that all files lie below; nothing where there is none."""
    logs: str = "LOGS"
    """What was read, as a command line names it."""
    digests: Mapping[str, int] = field(default_factory=dict)
    """Logs that digests of CloudTrail list, by whether the files are as listed."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """What the verdicts rest on: program, policy and queries."""
    redaction: Redaction = NOTHING
    """What is hidden of what logs say; its rows are so already."""

    def title_of(self, rule: str) -> str:
        """Return the title of a rule; its name where there is none."""
        return self.rules[rule].title if rule in self.rules else rule

    @property
    def headline(self) -> Row:
        """The one row of the headline."""
        return self.tables["headline"][0]

    def shown(self, path: str) -> str:
        """Return a path fit to be shown: below the folder that the report names once."""
        return printable(path.removeprefix(self.folder))

    @property
    def unseen(self) -> tuple[str, ...]:
        """What the scan should have seen and did not, a count of each kind; empty if it saw everything."""
        files = self.tables["files_accounted"]
        counts = Counter(row["status"] for row in files)
        said = [counted(counts[status], *nouns) for status, nouns in _UNSEEN.items() if counts[status]]
        records, logs = sum(row["quarantined"] for row in files), sum(row["quarantined"] > 0 for row in files)
        if records:
            said.append(f"{counted(records, 'record')} of {counted(logs, 'log')} that could not be read")
        failed = sum(row["outcome"] == "failed" for row in self.tables["rule_outcomes"])
        if failed:
            said.append(f"{counted(failed, 'rule')} that failed")
        return tuple(said)

    @property
    def no_logs(self) -> dict[str, int]:
        """Files that are no logs, by kind, the most frequent first: they leave a scan complete."""
        rows = (row for row in self.tables["files_accounted"] if row["status"] in ("no_log", "empty", "skipped"))
        return kinds_of([*(row["note"] for row in rows), *(file.note for file in self.skipped)])


def collect(
    store: Store,
    selection: Selection,
    *,
    limit: int = 10,
    overlays: Sequence[OverlayNote] = (),
    skipped: Sequence[FileReport] = (),
    logs: str = "LOGS",
    redaction: Redaction = NOTHING,
) -> Report:
    """Return the report of a judged database, narrowed to a selection.

    `limit` is how many of the most serious transfers it lists, `logs` how a command line names what was read, and
    `redaction` what it does not show. The session is left as it was.
    """
    with narrowed(
        store,
        selection,
        serious_limit=limit,
        unknown_parties_limit=MOST_UNKNOWN,
        linked_transfers_limit=MOST_LINKED,
        possible_links_limit=MOST_POSSIBLE,
    ):
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
                narrow_to(store, keys)
                for row in store.table("findings_of"):
                    findings[row["record_key"]].append(row)
        finally:
            store.run("widen", record_keys=None)
    tables = {name: tuple(map(redaction.row, rows)) for name, rows in tables.items()}
    version, policy, queries = store.rows("select auditscan_version, policy_sha256, queries_sha256 from settings")[0]
    return Report(
        tables=tables,
        findings={key: tuple(map(redaction.row, rows)) for key, rows in findings.items()},
        rules={query.name: query for query in store.library.of("rule")},
        selection=selection,
        limit=limit,
        overlays=tuple(map(redaction.overlay, overlays)),
        skipped=tuple(map(redaction.file, skipped)),
        folder=common_folder([row["path"] for row in tables["files_accounted"]]),
        logs="LOGS" if redaction.said else logs,
        redaction=redaction,
        digests=dict(store.rows("select state, count(*) from digest_checks group by all")),
        versions={"auditscan": version, "policy": policy, "queries": queries},
    )


@contextmanager
def narrowed(store: Store, selection: Selection, **variables: object) -> Iterator[None]:
    """Let queries see a selection, and `variables` besides; afterwards the session is as it was."""
    asked = {
        "select_states": _listed(selection.states),
        "select_recipients": _listed(selection.recipients),
        "select_verdicts": _listed(selection.verdicts),
        "select_from": selection.first_day,
        "select_until": selection.last_day,
        **variables,
    }
    store.set(**asked)
    try:
        yield
    finally:
        store.set(**dict.fromkeys(asked))


def _listed(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else list(values)
