"""What would change if the law were read differently: two policies on one judged database.

The database is only read. Each policy is judged into a schema in memory, `before` and `after`, by the very SQL
that judged the log, and only as far as the two differ: a policy that says of the words what the other one says
looks nothing up again, and no log is read. The transfers are then counted in one pass over three numbers a record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditscan.policy import COLUMNS
from auditscan.store import lay_policy

if TYPE_CHECKING:
    from datetime import date

    from auditscan.policy import Policy
    from auditscan.session.results import Result
    from auditscan.store import Store

_WORDS = (
    "policy_agencies", "policy_parties", "policy_programs", "policy_populations", "policy_purposes",
    "policy_outcomes", "policy_states", "policy_nation", "policy_elements",
)  # fmt: skip
"""Tables that looking up reads."""
_LAW = ("policy_regimes", "policy_regime_states", "policy_severities", "policy_implied_by")
"""Tables that judging reads, besides what was looked up."""
_DAYS = ("policy_regimes", "policy_settings")
"""Tables that tell which regime is in force at a time."""

_ALL_OF_IT = ("policy_agencies", "policy_parties", "policy_outcomes", "policy_nation", "policy_implied_by")
"""Tables on which any disclosure may hang: a party may be found by a part of its text, and how a transfer ended
stands with none of them."""

_NOT_JUDGED = frozenset({"title", "ordered", "first_day", "last_day", "enabled", "evidence", "citation"})
"""Columns of a regime that judging a disclosure under it does not read: when it is in force makes no difference."""

_LOOKED_UP = (
    "logged_parties", "lists", "list_meanings", "disclosure_parties", "disclosures", "disclosure_meanings",
    "context_meanings",
)  # fmt: skip
_JUDGED = ("severities", "judgments")
_DATED = ("moments", "span_regimes")
"""The tables that the steps `find_parties` and `look_up`, `judge`, and `date` make."""

_SCHEMAS = ("settled", "changed", "after", "before")
"""Where the policies are judged, in memory."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two policies, and the day on which it is asked."""

    label: str
    """As the user wrote it."""
    policy: Policy
    as_of: date

    @property
    def regime_now(self) -> str | None:
        """The regime in force on the as-of date; None where none is."""
        return self.policy.regime_on(self.as_of)


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two policies, and which transfers change verdict. Each list holds rows by column name."""

    before: Side
    after: Side
    entries: list[Row]
    """Entries of the policy tables that differ: what each said and says, with file and line."""
    headline: Row
    """How many transfers change: the columns of the query `diff_headline`."""
    totals: list[Row]
    """Changed verdicts by time (now, then), verdict before, verdict after and attempt."""
    by_part: list[Row]
    """Changed verdicts by state, category, population and program: the columns of the query `diff_by_part`."""
    by_week: list[Row]
    """Changed verdicts by the week of the transfer: the columns of the query `diff_by_week`."""
    by_line: list[Row]
    """Changed verdicts by the line of policy that had a part in them."""
    transfers: list[Row]
    """The transfers themselves, as many as were asked for."""

    def as_json(self) -> dict[str, object]:
        """The difference as a JSON object."""
        tables = ("entries", "headline", "totals", "by_part", "by_week", "by_line", "transfers")
        return {
            "before": _said(self.before),
            "after": _said(self.after),
            **{name: getattr(self, name) for name in tables},
        }


@dataclass(frozen=True, slots=True)
class Sweep:
    """Each open point of the regime in force, and how many transfers hang on it."""

    side: Side
    points: list[Row]
    """The columns of the query `sweep`; most transfers first."""

    def as_json(self) -> dict[str, object]:
        """The sweep as a JSON object."""
        return {**_said(self.side), "points": self.points}


def compare(store: Store, before: Side, after: Side, *, limit: int = 0) -> Difference:
    """Compare two policies on the transfers of a judged database, which stays as it is.

    `limit` says how many of the changed transfers to return; a negative number returns all. The comparison stays in
    the tables `verdict_changes`, `changes` and `causes` of the connection for further queries.
    """
    _lay_out(store, before, after)
    # Counts have no order; to keep one would have a single core write them down.
    store.connection.execute("set preserve_insertion_order = false")
    store.run("verdict_changes")
    store.connection.execute("set preserve_insertion_order = true")
    store.run("causes")
    return Difference(
        before,
        after,
        entries=store.table("diff_tables"),
        headline=store.table("diff_headline")[0],
        totals=store.table("diff_totals"),
        by_part=store.table("diff_by_part"),
        by_week=store.table("diff_by_week"),
        by_line=store.table("diff_by_line"),
        transfers=store.table("diff_transfers", diff_limit=limit) if limit else [],
    )


def all_transfers(store: Store) -> Result:
    """Return every transfer that the last comparison found to change, as a stream: the columns of `diff_transfers`."""
    from auditscan.session.results import Result

    store.set(diff_limit=-1)
    relation = store.connection.sql(store.library.get("diff_transfers").sql)
    return Result(relation, lambda call: call())


def sweep(store: Store, side: Side) -> Sweep:
    """Settle each open point of the regime in force alone, both ways, and count the transfers that change verdict.

    The database stays as it is.
    """
    _begin(store, "before", ())
    _lay_base(store, side)
    _begin(store, "settled", ("before",))
    store.run("sweep_regimes")
    _view(store, "settled", "before", ["policy_implied_by"])
    store.run("judge")
    found = Sweep(side, store.table("sweep"))
    store.connection.execute("set search_path = 'memory.main,auditscan.main'")
    return found


def forget(store: Store) -> None:
    """Drop what a comparison or a sweep left in memory, where others on the same connection would find it."""
    store.connection.execute("use auditscan")
    for schema in _SCHEMAS:
        store.connection.execute(f"drop schema if exists memory.{schema} cascade")


def _lay_out(store: Store, before: Side, after: Side) -> None:
    """Judge both sides, each in its schema."""
    _begin(store, "before", ())
    _lay_base(store, before)
    store.run("policy_entries")
    _begin(store, "after", ("before",))
    for name in COLUMNS:
        # Where only the place of a line differs, the table is made too: causes name the place.
        if before.policy.tables[name] == after.policy.tables[name]:
            _view(store, "after", "before", [name])
        else:
            lay_policy(store, name, after.policy)
    _settle(store, after)
    store.run("policy_entries")
    store.run("changed_words")
    words = any(_differ(before, after, name) for name in _WORDS)
    law = any(_differ(before, after, name, _NOT_JUDGED) for name in _LAW)
    if not words:
        _view(store, "after", "before", _LOOKED_UP)
    if not words and not law:
        _view(store, "after", "before", _JUDGED)
    elif (words and law) or any(_differ(before, after, name) for name in _ALL_OF_IT):
        if words:
            store.run("find_parties")
            store.run("look_up")
        store.run("judge")
    else:
        _begin(store, "changed", ("after", "before"))
        if words:
            _look_up_some(store)
        else:
            _judge_some(store, before, after)
        _path(store, "after", ("before",))
    if any(_differ(before, after, name) for name in _DAYS):
        # Every time of a record stands there once.
        store.connection.execute(
            "create view records as select moment_id "
            "from auditscan.main.moments anti join auditscan.main.spans using (moment_id)"
        )
        store.run("date")
        store.connection.execute("drop view records")
    else:
        _view(store, "after", "before", _DATED)
    store.connection.execute("set search_path = 'memory.main,auditscan.main'")


def _look_up_some(store: Store) -> None:
    """Look up and judge the disclosures with a word that means something else; the others stand as they were."""
    store.run("touched_disclosures")
    store.connection.execute(
        "create view logged_disclosures as select * from auditscan.main.logged_disclosures "
        "where disclosure_id in (select disclosure_id from memory.changed.touched)"
    )
    store.run("look_up")
    store.run("judge")
    for name in ("disclosure_meanings", "disclosures", "judgments"):
        _patch(store, name, "disclosure_id not in (select disclosure_id from memory.changed.touched)")
    _patch(
        store,
        "severities",
        "(regime_id, kind, key) not in (select (regime_id, kind, key) from memory.changed.severities)",
    )
    _view(store, "after", "before", ("context_meanings", "logged_parties"))


def _judge_some(store: Store, before: Side, after: Side) -> None:
    """Judge under the regimes that say something else, or are new; the others stand as they were judged."""
    terms = [_terms(side.policy) for side in (before, after)]
    changed = [regime for regime in terms[1] if terms[1][regime] != terms[0].get(regime)]
    store.connection.execute(
        "create table policy_regimes as select * from memory.after.policy_regimes where list_contains($1, regime_id)",
        [changed],
    )
    store.run("judge")
    for name in _JUDGED:
        _patch(
            store,
            name,
            "regime_id in (select regime_id from memory.after.policy_regimes) "
            "and regime_id not in (select regime_id from memory.changed.policy_regimes)",
        )


def _patch(store: Store, name: str, kept: str) -> None:
    """Let a table of `after` be what `changed` made anew, and of `before` the rows for which `kept` holds."""
    store.connection.execute(
        f"create view memory.after.{name} as select * from memory.changed.{name} "
        f"union all select * from memory.before.{name} where {kept}"
    )


def _terms(policy: Policy) -> dict[object, set[tuple[object, ...]]]:
    """Regime -> what judging reads of it."""
    terms: dict[object, set[tuple[object, ...]]] = {}
    for name in ("policy_regimes", "policy_regime_states", "policy_severities"):
        columns = [column for column, _ in COLUMNS[name]]
        places = [place for place, column in enumerate(columns) if column not in _NOT_JUDGED | {"origin"}]
        for row in policy.tables[name]:
            terms.setdefault(row[columns.index("regime_id")], set()).add((name, *(row[place] for place in places)))
    return terms


def _lay_base(store: Store, side: Side) -> None:
    """Make the schema of the policy that the others are held against, from the database where that was judged by it."""
    kept = store.one("select policy_sha256 from auditscan.main.settings")
    for name in COLUMNS:
        lay_policy(store, name, side.policy)
    _settle(store, side)
    for steps, makes in ((("find_parties", "look_up"), _LOOKED_UP), (("judge",), _JUDGED), (("date",), _DATED)):
        if kept == side.policy.sha256:
            _view(store, "before", None, makes)
            continue
        for step in steps:
            store.run(step)


def _begin(store: Store, schema: str, under: tuple[str, ...]) -> None:
    """Begin a schema in which the steps of a scan find, and make, tables of their own before those of others."""
    store.connection.execute(f"drop schema if exists memory.{schema} cascade")
    store.connection.execute(f"create schema memory.{schema}")
    _path(store, schema, under)


def _path(store: Store, schema: str, under: tuple[str, ...]) -> None:
    """Let bare names mean tables of a schema, then of those beneath it, then of the database."""
    path = ",".join([f"memory.{name}" for name in (schema, *under)] + ["auditscan.main"])
    store.connection.execute("set search_path = $1", [path])


def _view(store: Store, schema: str, under: str | None, names: list[str] | tuple[str, ...]) -> None:
    """Let tables of the schema beneath, or of the database, stand in a schema."""
    source = "auditscan.main" if under is None else f"memory.{under}"
    for name in names:
        store.connection.execute(f"create or replace view memory.{schema}.{name} as select * from {source}.{name}")


def _settle(store: Store, side: Side) -> None:
    """Make the settings of a side."""
    store.connection.execute(
        "create or replace table settings as select $1::date as as_of, k.since, $2::varchar as regime_now "
        "from auditscan.main.settings k",
        [side.as_of, side.regime_now],
    )


def _differ(before: Side, after: Side, name: str, besides: frozenset[str] = frozenset()) -> bool:
    """Whether two policies say different things in a table, the columns `besides` and where they say it left out."""
    places = [place for place, (column, _) in enumerate(COLUMNS[name]) if column not in besides | {"origin"}]
    one, other = (
        [tuple(row[place] for place in places) for row in side.policy.tables[name]] for side in (before, after)
    )
    return one != other


def _said(side: Side) -> dict[str, object]:
    return {"policy": side.label, "as_of": side.as_of, "regime_now": side.regime_now, "sha256": side.policy.sha256}
