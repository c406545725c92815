"""The rules on the judged database: a view each, their findings together, and how each of them ended."""

from __future__ import annotations

import re
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from auditscan.store.configured import FEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from auditscan.library import Query
    from auditscan.store import Store

_FOUND = {
    "disclosures": ("disclosure_findings", "disclosure_id", "integer"),
    "transfers": ("event_findings", "record_key", "bigint"),
    "sources": ("source_findings", "subject", "varchar"),
}
"""What a rule reads -> the view of what rules found there, and the column that says what was hit, with its type."""
RHYTHM = ("source_days", "source_order", "id_prefixes", "id_runs")
"""The steps that count what shows gaps in the logs, in the order in which they run."""
_RANK = {"grave": 3, "review": 2, "note": 1}


def judge(store: Store, *, anew: bool, new_views: bool, narrow: bool = False, same_logs: bool = False) -> list[str]:
    """Make the views, run the rules, and write down in `rule_runs` how each ended.

    `anew` says that logs, policy or queries changed; otherwise only the as-of date did, and rules that cannot
    see it keep their hits. `new_views` says that the query files changed: views are made once a version, for
    making them costs as much as a small scan. With `same_logs` no log was looked at, and what shows gaps in them
    stays. A rule that fails leaves its outcome and message; the views of the others stay whole.

    With `narrow`, records were added and nothing else changed: rules that look at each transfer alone are asked
    about those of the table `affected_records` only, and their hits in `rule_runs` count no others. Returns their
    names; no name where all rules were asked about everything.
    """
    before = _outcomes(store)
    if new_views:
        store.run("views")
    if anew:
        store.run("tally_new" if narrow else "tally")
        if not same_logs and not _shows_no_rhythm(store):
            for step in RHYTHM:
                store.run(step)
    if new_views:
        store.run("selection")
        store.connection.execute("delete from rule_runs")
    with nullcontext() if new_views or narrow else _planned_once(store):
        ran, few = _run_rules(store, before, anew=anew, new_views=new_views, narrow=narrow)
    if new_views or {rule.name for rule in ran} != _that_ran(before):
        _make_views(store, ran)
    return [rule.name for rule in few if rule in ran]


def judge_day(store: Store) -> bool:
    """Run the rules that see the as-of date, on a database that is only read; return whether all ended as before.

    Where one did not, the views of its findings do not fit: the database has to be copied and judged by `judge`.
    """
    before = _outcomes(store)
    if "failed" in before.values() or set(before) != {rule.name for rule in store.library.of("rule")}:
        return False
    for table in ("rule_runs", "disclosure_hits"):
        store.connection.execute(f"create temp table {table} as select * from auditscan.{table}")
    with _planned_once(store):
        ran, _ = _run_rules(store, before, anew=False, new_views=False, narrow=False)
    return {rule.name for rule in ran} == _that_ran(before)


def narrow_to(store: Store, record_keys: Sequence[int]) -> None:
    """Let the views of this session show these records alone, until the step `widen`.

    Their findings are planned for the rules that met anything in the database: most rules meet nothing, and to plan
    one takes longer than to run it on a few records.
    """
    store.run("narrow", record_keys=list(record_keys))
    store.run("plan_once")
    _find_by(store, that_met(store), "disclosures", "transfers")


def find_events_by_met(store: Store) -> None:
    """Let findings about single transfers be those of the rules that met one, until this view is dropped.

    To plan the others takes longer than to answer for a small log.
    """
    _find_by(store, that_met(store), "transfers")


def that_met(store: Store) -> list[Query]:
    """The rules that met a transfer of the database, the worst first; those with parameters, for they may meet more."""
    hits = dict(store.rows("select rule, hits from rule_runs where outcome = 'ran'"))
    met = [rule for rule in store.library.of("rule") if rule.name in hits and (hits[rule.name] or rule.params)]
    return _worst_first(met)


def _worst_first(rules: Iterable[Query]) -> list[Query]:
    return sorted(
        (rule for rule in rules if rule.reads != "sources"),
        key=lambda rule: (-_RANK[rule.severity or "note"], rule.name),
    )


def found_alone(store: Store) -> AbstractContextManager[None]:
    """Let findings on disclosures and logs be those of the rules that found any, as just judged, in scope or not."""
    hits = dict(store.rows("select rule, hits from rule_runs where outcome = 'ran'"))
    kept = {rule for (rule,) in store.rows("select distinct rule from disclosure_hits")}
    ran = [rule for rule in store.library.of("rule") if rule.name in hits]
    # To plan the others takes longer than all else.
    found = [
        rule for rule in ran if (rule.name in kept if _is_kept(rule) else rule.reads != "sources" or hits[rule.name])
    ]
    return _found_by(store, found, "disclosures", "sources")


def rule_by_rule(store: Store, rules: Iterable[Query]) -> Iterator[Query]:
    """Yield each rule; until the next, `findings` of this session are its own. All at once take the memory of each."""
    for rule in rules:
        with _found_by(store, [rule], "disclosures", "transfers"):
            yield rule


def found_by_met(store: Store) -> AbstractContextManager[None]:
    """Let `findings` of this session be planned for the rules that met a transfer: others take time and memory."""
    return _found_by(store, that_met(store), "disclosures", "transfers")


@contextmanager
def _found_by(store: Store, rules: list[Query], *reads: str) -> Iterator[None]:
    """Let findings of this session be what these rules find while the block lasts, on what is read here."""
    try:
        _find_by(store, rules, *reads)
        yield
    finally:
        for kind in reads:
            store.execute(f"drop view if exists temp.{_FOUND[kind][0]}")


def _find_by(store: Store, rules: list[Query], *reads: str) -> None:
    """As `_found_by`, until the step `widen` or till the views are dropped."""
    for kind in reads:
        store.execute(_found(kind, rules, "temp view"))


@contextmanager
def _planned_once(store: Store) -> Iterator[None]:
    """Where records are few, let the views under the rules be tables: to plan them takes longer than to run them."""
    if store.one("select count(*) from records") > FEW:
        yield
        return
    store.run("plan_once")
    try:
        yield
    finally:
        store.run("widen")


def _outcomes(store: Store) -> dict[str, str]:
    """Rule -> how it ended when rules were last run."""
    return dict(store.rows("select rule, outcome from rule_runs"))


def _that_ran(outcomes: dict[str, str]) -> set[str]:
    return {rule for rule, outcome in outcomes.items() if outcome == "ran"}


def _run_rules(
    store: Store, before: dict[str, str], *, anew: bool, new_views: bool, narrow: bool
) -> tuple[list[Query], list[Query]]:
    """As `judge`; return the rules that ran, by name, and those of them that were asked about few transfers."""
    connection = store.connection
    rules = store.library.of("rule")
    missing = _missing(store, rules)
    connection.execute("delete from disclosure_hits")
    runs = []
    # Adding records changes nothing for the others under a rule that looks at each alone.
    asked = [rule for rule in rules if rule.reads == "transfers" and (rule.alone or not narrow)]
    seeing = _that_see_now(store, asked) if narrow or not anew else set()
    few = [rule for rule in asked if narrow and before.get(rule.name) == "ran" and rule.name not in seeing]
    if few:
        store.run("narrow_new")
        runs += [_run(store, rule, missing[rule.name], make=False) for rule in few]
        store.run("widen")
    for rule in rules:
        outcome = before.get(rule.name)
        again = new_views or anew or rule.reads != "transfers" or rule.name in seeing or outcome != "ran"
        if again and rule not in few:
            # A rule that was not applicable has its view.
            make = new_views or outcome not in ("ran", "not applicable")
            runs.append(_run(store, rule, missing[rule.name], make=make))
    runs = _weighed(store, rules, runs)
    connection.execute("delete from rule_runs where list_contains($1, rule)", [[run[0] for run in runs]])
    store.insert("rule_runs", _RUN, runs)
    ended = before | {run[0]: run[2] for run in runs}
    return sorted((rule for rule in rules if ended.get(rule.name) == "ran"), key=lambda rule: rule.name), few


def _make_views(store: Store, ran: list[Query]) -> None:
    """Make the views of all findings, and those on top of them."""
    # To make a view is to plan all that lies under it, again and again: so those of findings and answers are
    # made on findings of no rule, which then make room for the real ones.
    for found in ([], ran):
        store.execute(_found("disclosures", found))
        store.execute(_found("transfers", found))
        if not found:
            store.execute(_findings(ran))
            store.execute(_bits(ran))
            store.run("answers")
    store.execute(_found("sources", ran))
    store.run("accounting")


_RUN = {"rule": "varchar", "severity": "varchar", "outcome": "varchar", "hits": "bigint", "message": "varchar"}
"""The columns of `rule_runs`."""

_Run = tuple[str, str | None, str, int, str]
"""A row of it."""


def _shows_no_rhythm(store: Store) -> bool:
    """Whether there are too few records for a gap between them; a ledger will get more, and counts those it has."""
    return bool(store.one("select (select count(*) from records) < 4 and (select count(*) from scans) = 0"))


def _that_see_now(store: Store, rules: Sequence[Query]) -> set[str]:
    """The rules whose hits may change with the as-of date, which `settings` alone holds.

    The plan names the tables under every view; without the optimizer it leaves out none that happens not to
    matter today. A rule that has no plan may see anything.
    """
    import duckdb

    seeing = set()
    # On a connection of its own, for the optimizer stays off. To ask the engine for the names of the tables
    # would be shorter, but it leaves views of `select *` with wrong columns behind.
    worker = store.worker()
    try:
        worker.connection.execute("pragma disable_optimizer")
        for rule in rules:
            try:
                plan = worker.rows(f"explain (format json) {rule.body}")[0][1]
            except duckdb.Error:
                seeing.add(rule.name)
                continue
            if _SETTINGS.search(plan):
                seeing.add(rule.name)
    finally:
        worker.connection.close()
    return seeing


_SETTINGS = re.compile(r'"Table": "(?:[^"]*\.)?settings"')


def _run(store: Store, rule: Query, missing: list[str], *, make: bool) -> _Run:
    """Count what the rule finds, its view made first if `make`; return its row of `rule_runs`.

    Findings about disclosures are kept where nobody can move them with a parameter, and counted as they are until
    `_weighed`.
    """
    import duckdb

    hits = 0
    try:
        if make:
            store.execute(
                f"create or replace view rule_{rule.name} as "
                f"select {_key(rule)}, evidence, citation, certainty from (\n{rule.body.rstrip().rstrip(';')}\n)"
            )
        if missing:
            message = f"no log has the field {', '.join(missing)}"
            return rule.name, rule.severity, "not applicable", 0, message
        if store.may_find(rule):
            if _is_kept(rule):
                sql = f"insert into disclosure_hits select '{rule.name}', disclosure_id from rule_{rule.name}"
                hits = store.one(sql)
            elif rule.reads == "disclosures":
                found = f"(select '{rule.name}' as rule, disclosure_id from rule_{rule.name})"
                [(_, hits, one)] = _weigh(store, found, [rule]) or [("", 0, None)]
                _say_why(store, rule, hits, one)
            else:
                [(hits, one)] = store.rows(f"select count(*), min({_key(rule)}) from rule_{rule.name}")
                _say_why(store, rule, hits, one)
    except duckdb.Error as error:
        return _failed(rule, error)
    return rule.name, rule.severity, "ran", hits, ""


def _weighed(store: Store, rules: Sequence[Query], runs: list[_Run]) -> list[_Run]:
    """Rows of `rule_runs` in which what is kept counts transfers."""
    import duckdb

    found = {run[0] for run in runs if run[3]}
    kept = {rule.name: rule for rule in rules if rule.name in found and _is_kept(rule)}
    if not kept:
        return runs
    weighed = [run for run in runs if run[0] not in kept]
    counts = {name: (hits, one) for name, hits, one in _weigh(store, "disclosure_hits", kept.values())}
    for rule in kept.values():
        hits, one = counts.get(rule.name, (0, None))
        try:
            _say_why(store, rule, hits, one)
            weighed.append((rule.name, rule.severity, "ran", hits, ""))
        except duckdb.Error as error:
            weighed.append(_failed(rule, error))
    return weighed


def _weigh(store: Store, hits: str, rules: Iterable[Query]) -> list[tuple[str, int, object]]:
    """Each rule that found transfers, how many, and one of the disclosures: each counts once for all it was made by."""
    return store.rows(
        "select r.rule, sum(t.transfers)::bigint, min(r.disclosure_id) "
        f"from {hits} r inner join tallies t on r.disclosure_id = t.disclosure_id "
        f"where t.in_scope or {_everywhere('r.rule', rules)} group by r.rule"
    )


def _say_why(store: Store, rule: Query, hits: int, one: object) -> None:
    """Read one of the findings: a rule that counts, which reads no evidence, and cannot say why has failed."""
    if hits:
        store.rows(f"select evidence, citation, certainty from rule_{rule.name} where {_key(rule)} = $1", [one])


def _failed(rule: Query, error: Exception) -> _Run:
    return rule.name, rule.severity, "failed", 0, str(error).splitlines()[0]


def _key(rule: Query) -> str:
    return _FOUND[rule.reads or ""][1]


def _is_kept(rule: Query) -> bool:
    return rule.reads == "disclosures" and not rule.params


def _missing(store: Store, rules: Sequence[Query]) -> dict[str, list[str]]:
    """Rule -> the fields it requires that no log has; before there is a log, none is missing."""
    logs = store.rows("select fields from sources where records > 0")
    present = {name for (fields,) in logs for name in fields or ()}
    return {rule.name: [name for name in rule.requires if logs and name not in present] for rule in rules}


def _findings(rules: list[Query]) -> str:
    """The view of every finding: one row a rule and transfer."""
    return f"""
create or replace view findings as
select t.record_key, t.transfer_id, t.disclosure_id, f.rule, f.severity, f.evidence, f.citation, f.certainty,
    t.element_basis
from events t
inner join disclosure_findings f on t.disclosure_id = f.disclosure_id
where t.in_scope or {_everywhere("f.rule", rules)}
union all
select t.record_key, t.transfer_id, t.disclosure_id, f.rule, f.severity, f.evidence, f.citation, f.certainty,
    t.element_basis
from events t
inner join event_findings f on t.record_key = f.record_key
where t.in_scope or {_everywhere("f.rule", rules)}"""


def _everywhere(name: str, rules: Iterable[Query]) -> str:
    """The condition that the rule called `name` asks about transfers out of scope too."""
    return f"list_contains([{', '.join(repr(rule.name) for rule in rules if rule.scope == 'any')}]::varchar[], {name})"


def _found(reads: str, rules: list[Query], made: str = "view") -> str:
    """The view of what the rules of one kind found, by what they read: one row a rule and key."""
    view, key, kind = _FOUND[reads]
    # The types are said, for views were made on this one before it had its rules.
    columns = f"{key}::{kind} as {key}, " + ", ".join(
        f"{name}::varchar as {name}" for name in ("evidence", "citation", "certainty")
    )
    parts = [
        f"select '{rule.name}' as rule, '{rule.severity}' as severity, {columns} from rule_{rule.name}"
        for rule in rules
        if rule.reads == reads
    ] or [
        (
            f"select null::varchar as rule, null::varchar as severity, {columns} "
            f"from (select null as {key}, null as evidence, null as citation, null as certainty) where false"
        )
    ]
    return f"create or replace {made} {view} as " + " union all ".join(parts)


def _bits(rules: list[Query]) -> str:
    """The views that give each rule a bit, and disclosures and events the bits of the rules they meet."""
    ordered = _worst_first(rules)
    number = "ubigint" if len(ordered) <= 64 else "uhugeint"
    places = ", ".join(f"({place}, '{rule.name}', {1 << place}::{number})" for place, rule in enumerate(ordered))
    asked = "".join(
        f" union all select '{rule.name}', disclosure_id from rule_{rule.name}"
        for rule in ordered
        if rule.reads == "disclosures" and not _is_kept(rule)
    )
    # The first row says the types and is left out: no rule at all makes views too.
    return f"""
create or replace view rule_bits as
select * from (values (null::integer, null::varchar, 0::{number}){", " if places else ""}{places}) b(place, rule, bit)
where rule is not null;

create or replace view disclosure_bits as
select
    f.disclosure_id,
    bit_or(case when {_everywhere("f.rule", rules)} then b.bit else 0 end) as anywhere_bits,
    bit_or(b.bit) as bits
from (select rule, disclosure_id from disclosure_hits{asked}) f
inner join rule_bits b on f.rule = b.rule
group by f.disclosure_id;

create or replace view event_bits as
select f.record_key, bit_or(b.bit) as bits
from event_findings f
inner join rule_bits b on f.rule = b.rule
group by f.record_key"""
