"""What a scan comes to: counts by verdict, the accounting of the files, and whether it is complete.

The exit code, the JSON of `scan` and the words of a report all follow from here, so that none of them can
say another thing than the others.
"""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from auditscan.errors import AccountingError, ExitCode
from auditscan.policy.describe import case_of
from auditscan.policy.words import VERDICTS
from auditscan.questions.left_aside import kinds_of
from auditscan.readers.files import EXCLUDED
from auditscan.text import counted
from auditscan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from auditscan.policy import Policy
    from auditscan.readers.model import FileReport
    from auditscan.store import Store

CLASSES = (*VERDICTS, "attempt", "unattributed", "out_of_scope")
"""Where a transfer is counted, each in one: the verdicts are for what was, or may have been, disclosed."""

MOST_UNKNOWN = 10
"""How many unknown parties a summary lists."""

COUNTS = ("records", "transfers", "not_transfers", "duplicates", "quarantined")

NOT_SEEN = {
    "unreadable": "could not be read",
    "unrecognized": "is not a log that auditscan knows",
    "damaged": "is damaged; only its readable part was judged",
}
"""The status of a file that was not looked at, or not whole -> what is said of it."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """The accounting of one file."""

    path: str
    sha256: str | None
    bytes: int
    format: str | None
    status: str
    """read | copy | damaged | unreadable | unrecognized | empty | skipped."""
    note: str
    records: int = 0
    transfers: int = 0
    not_transfers: int = 0
    duplicates: int = 0
    quarantined: int = 0
    unknown_fields: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RuleRun:
    """How one rule ended."""

    id: str
    severity: str
    outcome: str
    """ran | not applicable | failed."""
    hits: int
    message: str


@dataclass(frozen=True, slots=True)
class UnknownParty:
    """A text that stands for a party and names no agency that the policy tables know."""

    text: str
    role: str
    """sender | recipient."""
    transfers: int
    in_scope: int
    """Those whose verdict stays at review because of it."""
    first_file: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Transfers by where they are counted."""

    transfers: int
    """All of them: the sum of either of the two below."""
    now: dict[str, int]
    """Every class is a key, in the order of `CLASSES`."""
    then: dict[str, int]
    flagged: int
    """Of those disclosed."""
    not_cleared: int
    """Of those disclosed: to review now, and not flagged."""
    deduced: int
    """Enjoined now, and only by what was deduced."""
    unattributed_barred: int
    """Unattributed, with barred data of a plaintiff state."""
    attempts_now: dict[str, int]
    """Attempts by what they would have been; every verdict is a key."""
    attempts_then: dict[str, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the database says after a scan."""

    case: dict[str, str]
    """`caption` and `no_order_read`: which case it is, and that no order was read in full."""
    as_of: str
    """The day of `now`, as 2026-03-01."""
    since: str
    """The first day that is asked about."""
    regime_now: str | None
    files: list[FileLine]
    """By path; those that were skipped are among them after a scan."""
    totals: dict[str, int]
    """The sums over `files`."""
    counts: Counts
    rules: list[RuleRun]
    unknown_parties: list[UnknownParty]
    """The most frequent; `unknown_parties_in_all` counts the others too."""
    unknown_parties_in_all: int
    unknown_outcomes: dict[str, int]
    """Words for how a transfer ended that outcomes.csv does not know -> transfers, which count as disclosed."""
    onward: int
    """Transfers in which DHS passed data on: out of scope."""
    set_aside_naming: int
    """Records that are no transfers by what they are, and name a part of DHS all the same."""
    unknown_operations: int
    """Further records set aside of which no list says what they are."""
    overlays: list[dict[str, object]]
    policy_sha256: str
    queries_sha256: str
    versions: dict[str, str]
    allowed_quarantined: int
    incomplete_because: list[str]
    """One sentence a reason; empty if everything was looked at."""

    @property
    def complete(self) -> bool:
        """Whether everything was read and every rule ran."""
        return not self.incomplete_because

    @property
    def left_aside(self) -> dict[str, int]:
        """Files that are no logs by kind, the most frequent first; not those that the user excluded."""
        aside = (line.note for line in self.files if line.status in ("no_log", "empty", "skipped"))
        return kinds_of(note for note in aside if not note.startswith(EXCLUDED))

    @property
    def exit_code(self) -> ExitCode:
        """The exit code a scan ends with."""
        now = self.counts.now
        if not self.complete:
            return ExitCode.INCOMPLETE
        if now["enjoined"]:
            return ExitCode.ENJOINED
        if now["review"] or now["unattributed"] or self.set_aside_naming or self.unknown_operations:
            return ExitCode.REVIEW
        return ExitCode.FLAGGED if self.counts.flagged else ExitCode.CLEAN

    def as_json(self) -> dict[str, object]:
        """The summary as one JSON object, its keys in a fixed order."""
        counts = self.counts
        return {
            **self.case,
            "as_of": self.as_of,
            "since": self.since,
            "regime_now": self.regime_now,
            "complete": self.complete,
            "incomplete_because": self.incomplete_because,
            "exit_code": int(self.exit_code),
            "transfers": counts.transfers,
            "verdicts_now": counts.now,
            "verdicts_then": counts.then,
            "flagged": counts.flagged,
            "not_cleared": counts.not_cleared,
            "enjoined_by_deduction": counts.deduced,
            "unattributed_with_barred_data": counts.unattributed_barred,
            "attempts": {"verdicts_now": counts.attempts_now, "verdicts_then": counts.attempts_then},
            "totals": self.totals,
            "files": [asdict(line) for line in self.files],
            "rules": [asdict(rule) for rule in self.rules],
            "onward": self.onward,
            "set_aside_naming_dhs": self.set_aside_naming,
            "unknown_operations": self.unknown_operations,
            "unknown_parties": {
                "in_all": self.unknown_parties_in_all,
                "most_frequent": [asdict(party) for party in self.unknown_parties],
            },
            "unknown_outcomes": self.unknown_outcomes,
            "overlays": self.overlays,
            "policy_sha256": self.policy_sha256,
            "queries_sha256": self.queries_sha256,
            "allowed_quarantined": self.allowed_quarantined,
            "versions": self.versions,
        }


def summarize(store: Store, policy: Policy, files: Iterable[FileReport] = (), *, allow_quarantined: int = 0) -> Summary:
    """Sum up a judged database.

    `files` are those of the scan just done: what it skipped is in no table. Up to `allow_quarantined`
    records that could not be read leave the summary complete. Raises AccountingError where the records of a
    file do not add up.
    """
    lines = [FileLine(*row) for row in store.run("summary_files")]
    for line in lines:
        _check(line)
    known = {line.path for line in lines}
    lines += [
        FileLine(file.path, None, 0, None, file.status, file.note)
        for file in files
        if file.status == "skipped" and file.path not in known
    ]
    lines.sort(key=lambda line: line.path)
    as_of, since, regime_now, queries_sha256, engine = store.rows(
        "select as_of::varchar, since::varchar, regime_now, queries_sha256, version() from settings"
    )[0]
    rules = [
        RuleRun(*row)
        for row in store.rows("select rule, severity, outcome, hits, message from rule_runs order by rule")
    ]
    unknown, unheard = [], []
    if store.has_rows("disclosure_parties where 'unknown' in (sender_side, recipient_side)"):
        unknown = store.run("unknown_parties", unknown_parties_limit=MOST_UNKNOWN)
        store.set(unknown_parties_limit=None)
    if store.has_rows("context_meanings where outcome_unheard"):
        unheard = store.run("unknown_outcomes")
    onward = store.one(
        "select coalesce(sum(t.transfers), 0)::bigint from tallies t "
        "inner join disclosure_parties d on t.disclosure_id = d.disclosure_id where d.onward"
    )
    naming, unknown_operations = doubtful(store.table("records_set_aside"))
    return Summary(
        case=case_of(policy),
        as_of=as_of,
        since=since,
        regime_now=regime_now,
        files=lines,
        totals={name: sum(getattr(line, name) for line in lines) for name in COUNTS},
        counts=count(store.table("summary_verdicts")),
        rules=rules,
        unknown_parties=[UnknownParty(*row[:5]) for row in unknown],
        unknown_parties_in_all=unknown[0][5] if unknown else 0,
        unknown_outcomes={word: transfers for word, transfers, _ in unheard},
        onward=onward,
        set_aside_naming=naming,
        unknown_operations=unknown_operations,
        overlays=[note.as_json() for note in policy.overlays],
        policy_sha256=policy.sha256,
        queries_sha256=queries_sha256,
        versions={"auditscan": __version__, "duckdb": engine.removeprefix("v"), "python": platform.python_version()},
        allowed_quarantined=allow_quarantined,
        incomplete_because=[*_incomplete(lines, rules, _open(store), allow_quarantined), *_altered(store)],
    )


def doubtful(rows: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """Of rows of `records_set_aside`: how many records name DHS, and how many more are of kinds that no list knows."""
    rows = list(rows)
    return (sum(row["naming"] for row in rows), sum(row["records"] - row["naming"] for row in rows if row["unknown"]))


def doubtful_text(naming: int, unknown: int) -> str:
    """Say what of the records that are no transfers somebody has to look at; nothing where there is nothing."""
    parts = []
    if naming:
        parts.append(f"{naming:,} set-aside {'record names' if naming == 1 else 'records name'} DHS")
    if unknown:
        parts.append(f"{unknown:,} {'is' if unknown == 1 else 'are'} of a kind that no list knows")
    return ", ".join(parts)


def _check(line: FileLine) -> None:
    accounted = line.transfers + line.not_transfers + line.duplicates + line.quarantined
    if line.records != accounted:
        raise AccountingError(
            "the records of a file do not add up",
            where=line.path,
            why=f"{line.records} read; {line.transfers} transfers, {line.not_transfers} others, "
            f"{line.duplicates} duplicates and {line.quarantined} quarantined make {accounted}",
            hint="this is a fault of auditscan: report it, and do not rely on its answers",
        )


def count(rows: Iterable[Mapping[str, Any]]) -> Counts:
    """Add up rows of `summary_verdicts`."""
    now, then = dict.fromkeys(CLASSES, 0), dict.fromkeys(CLASSES, 0)
    attempts_now, attempts_then = dict.fromkeys(VERDICTS, 0), dict.fromkeys(VERDICTS, 0)
    sums = dict.fromkeys(("transfers", "flagged", "not_cleared", "deduced", "unattributed_barred"), 0)
    for row in rows:
        transfers = row["transfers"]
        sums["transfers"] += transfers
        now[row["class_now"]] += transfers
        then[row["class_then"]] += transfers
        if row["class_now"] == "attempt":
            attempts_now[row["verdict_now"]] += transfers
            attempts_then[row["verdict_then"]] += transfers
            continue
        sums["flagged"] += transfers if row["flagged"] else 0
        sums["not_cleared"] += transfers if row["class_now"] == "review" and not row["flagged"] else 0
        sums["deduced"] += transfers if row["class_now"] == "enjoined" and row["deduced"] else 0
        sums["unattributed_barred"] += transfers if row["barred_if_attributed"] else 0
    return Counts(now=now, then=then, attempts_now=attempts_now, attempts_then=attempts_then, **sums)


def _open(store: Store) -> dict[str, int]:
    """Records of each file that could not be read, a log still holds, and nobody suppressed."""
    if not store.has_rows("quarantine"):
        return {}
    return dict(
        store.rows("select path, count(*) from quarantine_states where state = 'open' group by path order by path")
    )


def _incomplete(
    lines: Sequence[FileLine], rules: Sequence[RuleRun], unread: Mapping[str, int], allow_quarantined: int
) -> list[str]:
    """One sentence for everything that was not looked at."""
    because = [f"{line.path} {NOT_SEEN[line.status]}: {line.note}" for line in lines if line.status in NOT_SEEN]
    if sum(unread.values()) > allow_quarantined:
        because += [f"{path}: {counted(number, 'record')} could not be read" for path, number in unread.items()]
    because += [f"rule {rule.id} failed: {rule.message}" for rule in rules if rule.outcome == "failed"]
    return because


def _altered(store: Store) -> list[str]:
    """One sentence for every log that is another than AWS delivered: what it no longer holds, nobody looked at."""
    if not store.has_rows("digest_entries"):
        return []
    rows = store.rows("select distinct path from digest_checks where state = 'differs' order by path")
    return [
        f"{path} is not as the CloudTrail digest lists it: it was changed after AWS delivered it" for (path,) in rows
    ]
