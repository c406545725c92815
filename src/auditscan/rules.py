"""The rules on the judged database: a view each, their findings together, and how each of them ended."""

from __future__ import annotations

from auditscan.library import Query
from auditscan.store import Store

_KEY = {"disclosures": "disclosure_id", "transfers": "record_key", "sources": "source_id"}
_RANK = {"enjoined": 3, "review": 2, "note": 1}


def judge(store: Store, *, anew: bool) -> None:
    """Make the views, run every rule, and write down in `rule_runs` how each ended.

    `anew` says that logs, policy or queries changed; otherwise only the as-of date did. A rule that fails
    leaves its outcome and message; the views of the others stay whole.
    """
    connection = store.connection
    connection.execute(store.library.get("views").sql)
    if anew:
        store.run("tally")
    ran = [rule for rule in store.library.of("rule") if _run(store, rule)]
    connection.execute(_union("findings", ran))
    connection.execute(_reasons(ran))
    connection.execute(store.library.get("answers").sql)


def _run(store: Store, rule: Query) -> bool:
    """Make the rule's view and count its transfers; False unless it ran."""
    import duckdb

    store.connection.execute("delete from rule_runs where rule = $1", [rule.name])
    outcome, hits, message = "ran", 0, ""
    missing = [name for name in rule.requires if not _present(store, name)]
    if missing:
        outcome, message = "not applicable", f"no log has the field {', '.join(missing)}"
    try:
        store.connection.execute(f"create or replace view rule_{rule.name} as {rule.body.rstrip(';')}")
        hits = 0 if missing else store.one(_COUNT[rule.reads or ""].format(rule=rule.name, scope=_scope(rule)))
    except duckdb.Error as error:
        outcome, hits, message = "failed", 0, str(error).splitlines()[0]
    store.connection.execute(
        "insert into rule_runs values ($1, $2, $3, $4, $5)",
        [rule.name, rule.severity, outcome, hits, message],
    )
    return outcome == "ran"


def _present(store: Store, name: str) -> bool:
    return bool(
        store.one("select count(*) = 0 or bool_or(list_contains(fields, $1)) from sources where records > 0", [name])
    )


def _scope(rule: Query) -> str:
    return "true" if rule.scope == "any" else "t.in_scope"


_COUNT = {
    # One finding a transfer: disclosures are counted once for each transfer that made them.
    "disclosures": "select coalesce(sum(t.transfers), 0)::bigint from rule_{rule} r "
    "inner join tallies t on r.disclosure_id = t.disclosure_id where {scope}",
    "transfers": "select count(*) from rule_{rule}",
    "sources": "select count(*) from rule_{rule}",
}


def _union(view: str, rules: list[Query]) -> str:
    """The view of every finding: one row a rule and transfer."""
    parts = [
        f"select t.record_key, t.transfer_id, t.disclosure_id, '{rule.name}' as rule, '{rule.severity}' as severity, "
        f"r.evidence, r.citation, r.certainty from rule_{rule.name} r "
        f"inner join events t on r.{_KEY[rule.reads or '']} = t.{_KEY[rule.reads or '']} where {_scope(rule)}"
        for rule in rules
        if rule.reads != "sources"
    ] or [
        "select null::bigint as record_key, null::varchar as transfer_id, null::integer as disclosure_id, "
        "null::varchar as rule, null::varchar as severity, null::varchar as evidence, null::varchar as citation, "
        "null::varchar as certainty where false"
    ]
    return f"create or replace view {view} as " + " union all ".join(parts)


def _reasons(rules: list[Query]) -> str:
    """The view of rule ids a transfer, worst first, then by name.

    Each rule is one bit; the bits of the disclosure and of the event are joined as numbers, and only the few
    combinations that occur are spelled out.
    """
    ordered = sorted(
        (rule for rule in rules if rule.reads != "sources"),
        key=lambda rule: (-_RANK[rule.severity or "note"], rule.name),
    )
    bits = {rule.name: 1 << place for place, rule in enumerate(ordered)}
    of_disclosures = [
        f"select disclosure_id, {bits[rule.name]}::ubigint as bit, {rule.scope == 'any'} as everywhere "
        f"from rule_{rule.name}"
        for rule in ordered
        if rule.reads == "disclosures"
    ] or ["select null::integer as disclosure_id, 0::ubigint as bit, false as everywhere where false"]
    of_events = [
        f"select record_key, {bits[rule.name]}::ubigint as bit from rule_{rule.name}"
        for rule in ordered
        if rule.reads == "transfers"
    ] or ["select null::bigint as record_key, 0::ubigint as bit where false"]
    names = ", ".join(f"'{rule.name}'" for rule in ordered)
    return f"""
create or replace view reasons as
with disclosure_bits as (
    select disclosure_id, bit_or(case when everywhere then bit else 0 end) as anywhere_bits, bit_or(bit) as bits
    from ({" union all ".join(of_disclosures)})
    group by disclosure_id
),

event_bits as (
    select record_key, bit_or(bit) as bits
    from ({" union all ".join(of_events)})
    group by record_key
),

joined as (
    select
        e.record_key,
        coalesce(case when e.in_scope then d.bits else d.anywhere_bits end, 0) | coalesce(v.bits, 0) as bits
    from events e
    left join disclosure_bits d on e.disclosure_id = d.disclosure_id
    left join event_bits v on e.record_key = v.record_key
),

spelled as (
    select
        bits,
        list_filter([{names}]::varchar[], lambda name, place: (bits >> (place - 1)) & 1 = 1) as reasons
    from (select distinct bits from joined)
)

select j.record_key, s.reasons
from joined j
inner join spelled s on j.bits = s.bits"""
