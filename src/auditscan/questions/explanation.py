"""Why one transfer has its verdicts: every part, the line of policy that decided, and what it would take.

Each sentence about what would have been permitted follows from the severities of the parts, and so holds
under the regime it is said of and under no other.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from auditscan.errors import NoInputError
from auditscan.questions.redaction import NOTHING
from auditscan.scanning.rules import narrow_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from auditscan.questions.redaction import Redaction
    from auditscan.store import Store

KINDS = ("category", "population", "program")
"""The kinds of parts, in the order they are shown."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A category of data, a population or a program under one regime."""

    kind: str
    key: str
    items: list[str]
    """As logged; empty where nothing was."""
    deduced: list[str]
    """What it was deduced from, where no word of the log names it."""
    severity: str
    implied_by: str | None
    """The permitted category beside which this one says nothing new."""
    listed: bool
    """Whether the regime names it; if not, its default decided."""
    origin: str
    """File and line of the policy that decided."""


@dataclass(frozen=True, slots=True)
class State:
    """A state under one regime."""

    state: str
    status: str
    """covered | unsettled | unknown | not covered."""
    severity: str
    origin: str


@dataclass(frozen=True, slots=True)
class Regime:
    """One regime, and what it says of the disclosure."""

    regime_id: str
    title: str
    first_day: str | None
    last_day: str | None
    citation: str
    evidence: str
    origin: str
    other_purpose: str | None
    reaches_somebody: bool
    """Whether it covers any state; one that covers none leaves everything outside."""
    content_before_purpose: str
    content: str
    verdict: str
    """Of the disclosure; who the parties are and when it was can lead to another verdict of the transfer."""
    parts: list[Part]
    states: list[State]


@dataclass(frozen=True, slots=True)
class Word:
    """A logged word, and what the policy tables take it for."""

    kind: str
    word: str
    meaning: str | None
    origin: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that the transfer met."""

    rule: str
    severity: str
    evidence: str
    citation: str
    certainty: str
    element_basis: str
    """How the elements of the transfer are known."""
    suppressed_until: date | None = None
    """The last day on which a ledger suppresses it. None: not suppressed."""
    suppressed_by: str | None = None
    """Who answers for that, and why."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What one log tells of the transfer beside what every log tells."""

    log: str
    """The format of the log."""
    how: str | None
    """id | file: by what it was linked; repeat: it says again what another does. None: it stands alone."""
    is_counted: bool
    """Whether it is told by the record that the transfer is counted as."""
    occurred_at: str | None
    occurred_until: str | None
    event_count: int | None
    """How many transfers the record stands for."""
    file_name: str | None
    bytes: int | None
    peer: str | None
    element_basis: str
    population_filter: str | None
    used_elements: list[str] | None
    """Elements that were only looked at, in filters or joins."""
    query_text: str | None
    """Its first 300 characters."""
    note: str | None
    source_file: str
    source_record: int
    place: str
    """The same as a person says it: `line 13`."""


@dataclass(frozen=True, slots=True)
class LogFinding:
    """A rule that the log met in which the transfer stands."""

    rule: str
    severity: str
    subject: str
    """The file, or the log that it is a part of, and where in it."""
    evidence: str
    citation: str
    certainty: str
    suppressed_until: date | None = None
    """As of `Finding`."""
    suppressed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The transfer at one time: now, or when it happened."""

    verdict: str
    regime: Regime | None
    """None where no regime is in force, or the time is not known."""
    because: str
    """Why the verdict is another than the regime's; empty where it is the same."""
    permitted_if: list[str]
    """What would have made it permitted, a sentence each."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One record of a transfer, explained."""

    record: dict[str, Any]
    """What was logged and decided: the columns of the query `explain_records`."""
    as_of: str
    now: Judged
    then: Judged
    words: list[Word]
    findings: list[Finding]
    repeats: list[str] = field(default_factory=list)
    """Where the log says the same again: file, and place in it."""
    log_findings: list[LogFinding] = field(default_factory=list)
    """What rules found about its log."""
    traces: list[Trace] = field(default_factory=list)
    """What logs of other systems tell of it, the strongest evidence first."""
    record_keys: list[int] = field(default_factory=list)
    """Of the record itself, then of its traces in other records, then of those that say it again."""

    @property
    def deciding_words(self) -> list[str]:
        """The words of the log whose parts and states have the severity of the verdict, now or then."""
        words: dict[str, None] = {}
        for judged in (self.now, self.then):
            if judged.regime is None or judged.verdict == "out_of_scope":
                continue
            worst = judged.regime.content_before_purpose
            words |= dict.fromkeys(
                item for part in judged.regime.parts if part.severity == worst for item in part.items
            )
            states = {state.state for state in judged.regime.states if state.severity == judged.regime.verdict}
            words |= dict.fromkeys(
                word.word for word in self.words if word.kind == "state" and (word.meaning or "unknown") in states
            )
        return list(words)

    def as_json(self) -> dict[str, object]:
        """The explanation as a JSON object."""
        return asdict(self)


def explain(store: Store, transfer_id: str, redaction: Redaction = NOTHING) -> list[Explanation]:
    """Return the explanation of every record kept under an id, in the order of file and record.

    `redaction` is what it does not show; what orders and the policy tables say is never hidden. Raises NoInputError,
    with the ids that look like it, where no transfer has the id.
    """
    keys = [key for (key,) in store.rows("select record_key from kept_records where transfer_id = $1", [transfer_id])]
    store.set(explain_id=transfer_id, record_keys=keys)
    if not keys:
        raise _unknown(store, transfer_id)
    # Traces stand in other records too; after this, views see these records only: no rule is run on the others.
    traces = _shown(store, redaction, "explain_traces")
    narrow_to(store, keys)
    try:
        return _explained(store, traces, redaction)
    finally:
        store.run("widen")


def _unknown(store: Store, transfer_id: str) -> NoInputError:
    near = [row[0] for row in store.run("explain_near")]
    unread = store.one("select coalesce(sum(quarantined), 0) from accounting where status <> 'copy'")
    return NoInputError(
        f"no transfer has the id {transfer_id!r}",
        why=f"{unread} records could not be read: it may be among them" if unread else None,
        hint=f"did you mean {' or '.join(near)}?" if near else "look for it in the logs themselves",
    )


def _shown(store: Store, redaction: Redaction, query: str, **variables: object) -> list[Row]:
    return [redaction.row(row) for row in store.table(query, **variables)]


def _explained(store: Store, traces: list[Row], redaction: Redaction) -> list[Explanation]:
    as_of = str(store.one("select as_of::varchar from settings"))
    regimes = _regimes(store, redaction)
    words = _shown(store, redaction, "explain_words")
    findings = _shown(store, redaction, "findings_of")
    repeats = _shown(store, redaction, "explain_repeats")
    made = []
    for logged in store.table("explain_records"):
        record = redaction.row(logged)
        key, disclosure = record["record_key"], record["disclosure_id"]
        now = regimes.get((disclosure, record["regime_now"]))
        then = regimes.get((disclosure, record["regime_then"]))
        told = [row for row in traces if row["transfer_key"] == key]
        again = [row for row in repeats if row["kept_key"] == key]
        made.append(
            Explanation(
                record,
                as_of,
                _judged(record, "now", now),
                _judged(record, "then", then),
                [Word(**_without(row, "disclosure_id")) for row in _of(words, disclosure)],
                [Finding(**_without(row, "record_key")) for row in findings if row["record_key"] == key],
                [row["cited"] for row in again],
                _about_log(store, logged["source_file"], redaction),
                [Trace(**_without(row, "transfer_key", "record_key")) for row in told],
                list(dict.fromkeys([key, *(row["record_key"] for row in [*told, *again])])),
            )
        )
    return made


def _about_log(store: Store, path: str, redaction: Redaction) -> list[LogFinding]:
    about_logs = [rule.name for rule in store.library.of("rule") if rule.reads == "sources"]
    # To plan all of them takes longer than the rest of an explanation, and most logs meet none.
    if not store.one("select count(*) from rule_runs where hits > 0 and list_contains($1, rule)", [about_logs]):
        return []
    found = [LogFinding(**row) for row in _shown(store, redaction, "log_findings_of", log_path=path)]
    store.set(log_path=None)
    return found


def _of(rows: Iterable[Row], disclosure: int, regime: str | None = None) -> list[Row]:
    return [
        row for row in rows if row["disclosure_id"] == disclosure and (regime is None or row["regime_id"] == regime)
    ]


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _regimes(store: Store, redaction: Redaction) -> dict[tuple[int, str], Regime]:
    parts, states = _shown(store, redaction, "explain_parts"), store.table("explain_states")
    made = {}
    for row in store.table("explain_regimes"):
        key = row["disclosure_id"], row["regime_id"]
        made[key] = Regime(
            **_without(row, "disclosure_id", "enabled"),
            parts=[
                Part(**_without(part, "disclosure_id", "regime_id"))
                for kind in KINDS
                for part in _of(parts, *key)
                if part["kind"] == kind
            ],
            states=[State(**_without(state, "disclosure_id", "regime_id")) for state in _of(states, *key)],
        )
    return made


def _judged(record: Row, time: str, regime: Regime | None) -> Judged:
    verdict = record[f"verdict_{time}"]
    because = _because(record, time, regime)
    permitted_if = []
    if verdict in ("enjoined", "review"):
        permitted_if = list(_open_questions(record, time))
        if regime is not None:
            permitted_if += _permitted_if(regime, record["purpose_kind"])
    return Judged(verdict, regime, because, permitted_if)


def _because(record: Row, time: str, regime: Regime | None) -> str:
    """Why the verdict is not that of the regime; empty if it is."""
    if not record["parties_in_scope"]:
        return "the parties are not CMS and DHS: the question does not arise"
    if not record["in_scope"]:
        return "it lies before the first day of the question"
    if record["unknown_agency"]:
        return "no table knows one of the parties: a person must look, whatever was disclosed"
    if time == "then" and record["occurred_at"] is None:
        return "it is not known when it happened"
    if regime is None:
        return "no order was in force"
    return ""


def _open_questions(record: Row, time: str) -> list[str]:
    """What the log itself would have to say first."""
    open_questions = []
    if record["unknown_agency"]:
        open_questions.append("find out who the unknown party is")
    if time == "then" and record["occurred_at"] is None:
        open_questions.append("find out when it happened")
    return open_questions


_NOUNS = {"category": "data", "population": "people", "program": "program"}


def _permitted_if(regime: Regime, purpose_kind: str) -> list[str]:
    """What would have to be otherwise for the regime to permit the content; then, what would be less."""
    said = []
    for kind in KINDS:
        parts = [part for part in regime.parts if part.kind == kind]
        barred = [part.key for part in parts if part.severity == "enjoined"]
        if barred:
            all_of_it = ", which is all there is" if len(barred) == len(parts) else ""
            said.append(f"without the {_NOUNS[kind]} {_list(barred)}{all_of_it}")
        said += [_settle(part) for part in parts if part.severity == "review"]
    if any(state.status == "unknown" for state in regime.states):
        said.append("find out which states the people are from")
    if purpose_kind != "other" and regime.other_purpose is not None:
        said.append(
            f"or, had the log named a purpose other than immigration enforcement, {regime.other_purpose} at most"
        )
    covered = [state.state for state in regime.states if state.status == "covered"]
    unsettled = [state.state for state in regime.states if state.status == "unsettled"]
    if len(covered) < len(regime.states) and (covered or unsettled):
        conditions = [f"without {_list(covered)}"] if covered else []
        if unsettled:
            conditions.append(f"if the order does not cover {_list(unsettled)}")
        said.append(f"or, {' and '.join(conditions)}, outside the order, which is not the same as lawful")
    return said


def _settle(part: Part) -> str:
    logged = f" ({_list(part.items)})" if part.items and part.items != [part.key] else ""
    if part.key in ("unknown", "unclassified"):
        nouns = {
            "category": "which category of data it is",
            "population": "whose data it is",
            "program": "which program it is from",
        }
        return f"find out {nouns[part.kind]}{logged}"
    return f"settle whether the order permits the {_NOUNS[part.kind]} {part.key}{logged}"


def _list(items: Sequence[str]) -> str:
    shown = ", ".join(items[:8])
    return shown if len(items) <= 8 else f"{shown} and {len(items) - 8} more"
