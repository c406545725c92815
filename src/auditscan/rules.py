"""The rules on the judged database: a view each, their findings together, and how each of them ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.library import Query
    from auditscan.store import Store

_KEY = {"disclosures": "disclosure_id", "transfers": "record_key", "sources": "subject"}
_RANK = {"enjoined": 3, "review": 2, "note": 1}


def judge(store: Store, *, anew: bool, new_views: bool, narrow: bool = False) -> None:
    """Make the views, run the rules, and write down in `rule_runs` how each ended.

    `anew` says that logs, policy or queries changed; otherwise only the as-of date did, and rules that cannot
    see it keep their hits. `new_views` says that the query files changed: views are made once a version, for
    making them costs as much as a small scan. A rule that fails leaves its outcome and message; the views of
    the others stay whole.

    With `narrow`, records were added and nothing else changed: rules that look at each transfer alone are asked
    about those of the table `affected_records` only, and their hits in `rule_runs` count no others.
    """
    connection = store.connection
    rules = store.library.of("rule")
    before = dict(store.rows("select rule, outcome from rule_runs"))
    missing = _missing(store, rules)
    if new_views:
        connection.execute(store.library.get("views").sql)
    if anew:
        store.run("tally_new" if narrow else "tally")
        if not _shows_no_rhythm(store):
            store.run("rhythm")
    if new_views:
        connection.execute(store.library.get("selection").sql)
        connection.execute("delete from rule_runs")
    ran, runs = [], []
    few = [rule for rule in rules if narrow and looks_at_each(store, rule) and before.get(rule.name) == "ran"]
    if few:
        store.run("narrow_new")
        runs += [_run(store, rule, missing[rule.name], make=False) for rule in few]
        store.run("widen")
        ran += [rule for rule, run in zip(few, runs, strict=True) if run[2] == "ran"]
    for rule in rules:
        if rule in few:
            continue
        again = anew or rule.reads != "transfers" or _sees_now(store, rule)
        outcome = before.get(rule.name)
        if new_views or again or outcome != "ran":
            runs.append(_run(store, rule, missing[rule.name], make=new_views or outcome != "ran"))
            outcome = runs[-1][2]
        if outcome == "ran":
            ran.append(rule)
    connection.execute("delete from rule_runs where list_contains($1, rule)", [[run[0] for run in runs]])
    store.insert("rule_runs", _RUN, runs)
    ran.sort(key=lambda rule: rule.name)
    if new_views or {rule.name for rule in ran} != {rule for rule, how in before.items() if how == "ran"}:
        connection.execute(_union("findings", ran))
        connection.execute(_union_of_keys("disclosure_findings", "disclosures", "disclosure_id", "integer", ran))
        connection.execute(_union_of_keys("event_findings", "transfers", "record_key", "bigint", ran))
        connection.execute(_union_of_keys("source_findings", "sources", "subject", "varchar", ran))
        # To make the views of answers is to plan all that lies under them, again and again: so they are made
        # on views of rules that find nothing, which then make room for the real ones.
        connection.execute(_bits([], of=ran))
        connection.execute(store.library.get("answers").sql)
        connection.execute(_bits(ran, of=ran))
        connection.execute(store.library.get("accounting").sql)


_RUN = {"rule": "varchar", "severity": "varchar", "outcome": "varchar", "hits": "bigint", "message": "varchar"}
"""The columns of `rule_runs`."""


def _shows_no_rhythm(store: Store) -> bool:
    """Whether there are too few records for a gap between them; a ledger will get more, and counts those it has."""
    return bool(store.one("select (select count(*) from records) < 4 and (select count(*) from scans) = 0"))


def _sees_now(store: Store, rule: Query) -> bool:
    """Whether the hits of a rule on single events may change with the as-of date, which `settings` alone holds.

    The plan names the tables under every view; without the optimizer it leaves out none that happens not to
    matter today. A rule that has no plan may see anything.
    """
    import duckdb

    # On a connection of its own, for the optimizer stays off. To ask the engine for the names of the tables
    # would be shorter, but it leaves views of `select *` with wrong columns behind.
    worker = store.worker()
    try:
        worker.connection.execute("pragma disable_optimizer")
        plan = worker.rows(f"explain (format json) {rule.body}")[0][1]
    except duckdb.Error:
        return True
    finally:
        worker.connection.close()
    return _SETTINGS.search(plan) is not None


def looks_at_each(store: Store, rule: Query) -> bool:
    """Whether adding records changes nothing for the others under a rule on single events."""
    return rule.reads == "transfers" and rule.alone and not _sees_now(store, rule)


_SETTINGS = re.compile(r'"Table": "(?:[^"]*\.)?settings"')


def _run(store: Store, rule: Query, missing: list[str], *, make: bool) -> tuple[str, str | None, str, int, str]:
    """Count the rule's transfers, its view made first if `make`; return its row of `rule_runs`."""
    import duckdb

    outcome, hits, message = "ran", 0, ""
    if missing:
        outcome, message = "not applicable", f"no log has the field {', '.join(missing)}"
    try:
        if make:
            key = _KEY[rule.reads or ""]
            store.connection.execute(
                f"create or replace view rule_{rule.name} as "
                f"select {key}, evidence, citation, certainty from (\n{rule.body.rstrip().rstrip(';')}\n)"
            )
        if not missing:
            hits = store.one(_COUNT[rule.reads or ""].format(rule=rule.name, scope=_scope(rule)))
        if hits:
            # Counting reads no evidence: a rule that counts and cannot say why has failed all the same.
            store.rows(_SAMPLE.format(rule=rule.name))
    except duckdb.Error as error:
        outcome, hits, message = "failed", 0, str(error).splitlines()[0]
    return rule.name, rule.severity, outcome, hits, message


def _missing(store: Store, rules: Sequence[Query]) -> dict[str, list[str]]:
    """Rule -> the fields it requires that no log has; before there is a log, none is missing."""
    logs = store.rows("select fields from sources where records > 0")
    present = {name for (fields,) in logs for name in fields or ()}
    return {rule.name: [name for name in rule.requires if logs and name not in present] for rule in rules}


def _scope(rule: Query) -> str:
    return "true" if rule.scope == "any" else "t.in_scope"


_COUNT = {
    # One finding a transfer: disclosures are counted once for each transfer that made them.
    "disclosures": "select coalesce(sum(t.transfers), 0)::bigint from rule_{rule} r "
    "inner join tallies t on r.disclosure_id = t.disclosure_id where {scope}",
    "transfers": "select count(*) from rule_{rule}",
    "sources": "select count(*) from rule_{rule}",
}


_SAMPLE = (
    "select count(evidence), count(citation), count(certainty) "
    "from (select evidence, citation, certainty from rule_{rule} limit 2048)"
)


def _union(view: str, rules: list[Query]) -> str:
    """The view of every finding: one row a rule and transfer."""
    parts = [
        (
            f"select t.record_key, t.transfer_id, t.disclosure_id, '{rule.name}' as rule, "
            f"'{rule.severity}' as severity, r.evidence, r.citation, r.certainty from rule_{rule.name} r "
            f"inner join events t on r.{_KEY[rule.reads or '']} = t.{_KEY[rule.reads or '']} where {_scope(rule)}"
        )
        for rule in rules
        if rule.reads != "sources"
    ] or [
        (
            "select null::bigint as record_key, null::varchar as transfer_id, null::integer as disclosure_id, "
            "null::varchar as rule, null::varchar as severity, null::varchar as evidence, "
            "null::varchar as citation, null::varchar as certainty where false"
        )
    ]
    return f"create or replace view {view} as " + " union all ".join(parts)


def _union_of_keys(view: str, reads: str, key: str, kind: str, rules: list[Query]) -> str:
    """The view of what the rules of one kind found, by what they read: one row a rule and key."""
    parts = [
        (
            f"select '{rule.name}' as rule, '{rule.severity}' as severity, {key}, evidence, citation, certainty "
            f"from rule_{rule.name}"
        )
        for rule in rules
        if rule.reads == reads
    ] or [
        (
            f"select null::varchar as rule, null::varchar as severity, null::{kind} as {key}, "
            "null::varchar as evidence, null::varchar as citation, null::varchar as certainty where false"
        )
    ]
    return f"create or replace view {view} as " + " union all ".join(parts)


def _bits(rules: list[Query], *, of: list[Query]) -> str:
    """The views that give each rule a bit, and disclosures and events the bits of the rules they meet.

    `of` says how many rules there will be, `rules` those that are in the views already.
    """
    ordered = sorted(
        (rule for rule in rules if rule.reads != "sources"),
        key=lambda rule: (-_RANK[rule.severity or "note"], rule.name),
    )
    number = "ubigint" if len(of) <= 64 else "uhugeint"
    bits = {rule.name: f"{1 << place}::{number}" for place, rule in enumerate(ordered)}
    places = ", ".join(f"({place}, '{rule.name}', {bits[rule.name]})" for place, rule in enumerate(ordered))
    of_disclosures = [
        f"select disclosure_id, {bits[rule.name]} as bit, {rule.scope == 'any'} as everywhere from rule_{rule.name}"
        for rule in ordered
        if rule.reads == "disclosures"
    ]
    of_events = [
        f"select record_key, {bits[rule.name]} as bit from rule_{rule.name}"
        for rule in ordered
        if rule.reads == "transfers"
    ]
    # The first part of each says the types and gives no row: no rule at all makes views too.
    return f"""
create or replace view rule_bits as
select * from (values (null::integer, null::varchar, 0::{number}){", " if places else ""}{places}) b(place, rule, bit)
where rule is not null;

create or replace view disclosure_bits as
select disclosure_id, bit_or(case when everywhere then bit else 0 end) as anywhere_bits, bit_or(bit) as bits
from (
    select null::integer as disclosure_id, 0::{number} as bit, false as everywhere where false
    {" ".join("union all " + part for part in of_disclosures)}
)
group by disclosure_id;

create or replace view event_bits as
select record_key, bit_or(bit) as bits
from (
    select null::bigint as record_key, 0::{number} as bit where false
    {" ".join("union all " + part for part in of_events)}
)
group by record_key"""
