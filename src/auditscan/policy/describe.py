"""The flat tables put together again as what they speak of: regimes, meanings, and what happened when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from auditscan.policy.parties import KINDS as PARTY_KINDS
from auditscan.policy.tables import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditscan.policy.load import Policy

KINDS = ("category", "population", "program")
"""What a regime gives severities to, in the order they are shown."""


def records(policy: Policy, table: str) -> Iterator[dict[str, Any]]:
    """Give each row of a table with the names of its columns."""
    names = [name for name, _ in COLUMNS[table]]
    return (dict(zip(names, row, strict=True)) for row in policy.tables[table])


def settings(policy: Policy) -> dict[str, Any]:
    """Return what holds for the whole policy, such as the caption of the case."""
    (found,) = records(policy, "policy_settings")
    return found


def case_of(policy: Policy) -> dict[str, str]:
    """Return the caption of the case and the sentence on how its orders are known, which every output carries."""
    said = settings(policy)
    return {name: str(said[name]) for name in ("caption", "no_order_read")}


def is_overlaid(origin: str) -> bool:
    """Tell whether a row comes from an overlay: the base alone is named by its bare file."""
    from auditscan.policy.effective import FILES

    return origin.rpartition(":")[0] not in FILES


@dataclass(frozen=True, slots=True)
class State:
    """One state in a list of a regime."""

    state: str
    certainty: str | None
    """A to D; None: as sure as the regime."""
    note: str | None
    origin: str


@dataclass(frozen=True, slots=True)
class Severity:
    """What a regime says of one category, population or program."""

    kind: str
    key: str
    severity: str
    certainty: str | None
    """A to D; None: as sure as the regime."""
    origin: str


@dataclass(frozen=True, slots=True)
class Regime:
    """One legal situation, with everything the tables say of it."""

    regime_id: str
    title: str
    enabled: bool
    ordered: date | None
    first_day: date | None
    """None: not known, and the regime is switched off."""
    last_day: date | None
    """None: no end is known."""
    evidence: str
    citation: str
    covered: tuple[State, ...]
    unsettled: tuple[State, ...]
    severities: tuple[Severity, ...]
    defaults: Mapping[str, str | None]
    """Kind -> severity of whatever is not listed; None where everything must be listed."""
    default_certainties: Mapping[str, str | None]
    """Kind -> how sure that severity is; None: as sure as the regime."""
    other_purpose: str | None
    """What the content of a transfer for another purpose counts as; None: the purpose makes no difference."""
    origin: str

    @property
    def reaches_somebody(self) -> bool:
        """Whether any verdict under it can be other than `outside`."""
        return bool(self.covered or self.unsettled)

    def holds(self, day: date) -> bool:
        """Tell whether a day is one of its days."""
        return self.first_day is not None and self.first_day <= day <= (self.last_day or date.max)

    def in_force(self, day: date) -> bool:
        """Tell whether it is in force on a day."""
        return self.enabled and self.holds(day)

    def not_applied(self, day: date) -> bool:
        """Tell whether it would be in force on a day if it were not switched off."""
        return not self.enabled and self.holds(day)

    def as_json(self) -> dict[str, Any]:
        """Return its fields, and `severities` as kind -> key -> severity and origin."""
        found = asdict(self)
        found["severities"] = {
            kind: {
                entry.key: {"severity": entry.severity, "certainty": entry.certainty, "origin": entry.origin}
                for entry in self.severities
                if entry.kind == kind
            }
            for kind in KINDS
        }
        return found


def regimes(policy: Policy) -> tuple[Regime, ...]:
    """Return every regime, switched off ones too: by first day, those without one last."""
    states: dict[tuple[str, str], list[State]] = defaultdict(list)
    for row in records(policy, "policy_regime_states"):
        key = (row.pop("regime_id"), row.pop("status"))
        states[key].append(State(**row))
    severities: dict[str, list[Severity]] = defaultdict(list)
    for row in records(policy, "policy_severities"):
        severities[row.pop("regime_id")].append(Severity(**row))
    found = []
    for row in records(policy, "policy_regimes"):
        regime_id = row["regime_id"]
        found.append(
            Regime(
                covered=tuple(states[regime_id, "covered"]),
                unsettled=tuple(states[regime_id, "unsettled"]),
                severities=tuple(severities[regime_id]),
                defaults={kind: row.pop(f"default_{kind}") for kind in KINDS},
                default_certainties={kind: row.pop(f"default_{kind}_certainty") for kind in KINDS},
                **row,
            )
        )
    return tuple(sorted(found, key=lambda regime: (regime.first_day or date.max, regime.regime_id)))


def implied_by(policy: Policy) -> dict[str, list[str]]:
    """Return category -> the categories beside which it says nothing new."""
    found: dict[str, list[str]] = {}
    for row in records(policy, "policy_implied_by"):
        found.setdefault(row["category"], []).append(row["implied_by"])
    return found


def meanings(policy: Policy) -> dict[tuple[str, str], list[str]]:
    """Return (kind, key) -> the words of a log that mean it: shortest first, its own name left out.

    Every category, population and program that a word stands for is there, if with no other word.
    """
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, table, word in (
        ("category", "policy_elements", "element"),
        ("population", "policy_populations", "alias"),
        ("program", "policy_programs", "alias"),
    ):
        for row in records(policy, table):
            others = [row[word]] if row[word] != row[kind] else []
            found[kind, row[kind]] += others
    return {key: sorted(words, key=lambda word: (len(word), word)) for key, words in found.items()}


def parties(policy: Policy) -> dict[str, list[dict[str, Any]]]:
    """Return kind -> the rows of parties.csv of that kind, in the order in which kinds are asked, agencies together."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in PARTY_KINDS}
    for row in sorted(records(policy, "policy_parties"), key=lambda row: (row["agency"], row["value_key"])):
        found[row["kind"]].append({name: row[name] for name in ("value", "agency", "certainty", "source", "origin")})
    return found


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day, or on one of several that sources name."""

    days: tuple[date, ...]
    """In order; none where no day is known."""
    uncertain: bool
    """Whether sources merely name the days: they may differ, or be wrong."""
    kind: str
    """`regime`, `instrument`, `transfer`, `boundary` or `compiled`."""
    form: str | None
    """What an instrument is, such as `agreement`."""
    what: str
    """What happened, such as `ordered`, `in force` or `signed`."""
    until: date | None
    """The last day of what begins here, where one is known."""
    subject: str | None
    """The id of the regime or instrument."""
    text: str
    evidence: str | None
    citation: str | None
    origin: str | None


def events(policy: Policy) -> tuple[Event, ...]:
    """Return everything with a day, in order; what has no known day comes last."""
    found = [*_regime_events(policy), *_instrument_events(policy), *_transfers(policy), *_settings_events(policy)]
    return tuple(sorted(found, key=lambda event: (event.days or (date.max,), event.kind, event.subject or "")))


def _regime_events(policy: Policy) -> Iterator[Event]:
    for regime in regimes(policy):
        first, ordered, last = regime.first_day, regime.ordered, regime.last_day
        begins = "in force" if regime.enabled else "switched off"
        shared = (regime.regime_id, regime.title, regime.evidence, regime.citation, regime.origin)
        if ordered is not None and ordered != first:
            yield Event((ordered,), False, "regime", None, "ordered", None, *shared)
        if ordered is not None and ordered == first:
            begins = f"ordered, {begins}"
        # Of an order that is only reported the first day is a reading of the reports.
        uncertain = first is None or (not regime.enabled and regime.evidence == "D")
        yield Event(() if first is None else (first,), uncertain, "regime", None, begins, last, *shared)


def _instrument_events(policy: Policy) -> Iterator[Event]:
    candidates: dict[tuple[str, str], list[date]] = defaultdict(list)
    for row in records(policy, "policy_instrument_days"):
        candidates[row["instrument_id"], row["kind"]].append(row["day"])
    for row in records(policy, "policy_instruments"):
        name = row["instrument_id"]
        shared = (None, name, row["title"], None, None, row["origin"])
        if row["dated"] is not None:
            yield Event((row["dated"],), False, "instrument", row["kind"], "dated", *shared)
        for kind, what in (("signed", "signed"), ("end", "ends")):
            if days := candidates[name, kind]:
                yield Event(tuple(sorted(days)), True, "instrument", row["kind"], what, *shared)


def _transfers(policy: Policy) -> Iterator[Event]:
    for row in records(policy, "policy_reported_transfers"):
        parts = (", ".join(row["states"]), ", ".join(row["elements"]), row["note"] or "")
        text = "; ".join(part for part in parts if part) or "nothing more is told"
        lead = row["evidence"] == "D"
        shared = (None, None, text, row["evidence"], None, row["origin"])
        yield Event((row["day"],), lead, "transfer", None, "reported", *shared)


def _settings_events(policy: Policy) -> Iterator[Event]:
    for row in records(policy, "policy_boundary_days"):
        text = "the law changed at an hour that is not known"
        yield Event((row["day"],), False, "boundary", None, "law changes", None, None, text, None, None, row["origin"])
    compiled = settings(policy)["compiled_on"]
    text = "the tables were compiled: what came later they do not know"
    yield Event((compiled,), False, "compiled", None, "compiled", None, None, text, None, None, None)
