/*
title = "Which verdicts differ between two policies"
description = """
Compares two judgments of the same log, in the schemas `before` and `after`, and leaves tables:
`moment_pairs`, the two regimes in force at each time; `verdict_changes`, the verdicts of each disclosure under
each such pair, where they differ; `changes` and `week_changes`, how many transfers those are. Reads four numbers
of each record, once.
"""
*/
create or replace temp table moment_pairs as
with sides as (
    select
        b.moment_id,
        a.week,
        b.precision <> 'unknown' as timed,
        b.regime_then as regime_before,
        a.regime_then as regime_after,
        b.span_id as span_before,
        a.span_id as span_after,
        coalesce(b.until_day >= s.since, true) as asked_before,
        coalesce(a.until_day >= t.since, true) as asked_after
    from before.moments b
    inner join after.moments a on b.moment_id = a.moment_id
    cross join before.settings s
    cross join after.settings t
)

select
    *,
    dense_rank() over (
        order by timed, regime_before, regime_after, span_before, span_after, asked_before, asked_after
    ) as pair_id
from sides;

create or replace temp table regime_pairs as
select distinct pair_id, timed, regime_before, regime_after, span_before, span_after, asked_before, asked_after
from moment_pairs;

create or replace temp table verdict_changes as
with disclosed as (
    select
        b.disclosure_id,
        b.parties_in_scope as in_before,
        a.parties_in_scope as in_after,
        b.unattributed as unattributed_before,
        a.unattributed as unattributed_after,
        not b.unknown_agency as settled_before,
        not a.unknown_agency as settled_after,
        m.verdict as verdict_before,
        n.verdict as verdict_after,
        coalesce(m.content_before_purpose = 'enjoined' or m.some_covered, false) as flagged_before,
        coalesce(n.content_before_purpose = 'enjoined' or n.some_covered, false) as flagged_after
    from before.disclosures b
    inner join after.disclosures a on b.disclosure_id = a.disclosure_id
    cross join before.settings s
    cross join after.settings t
    left join before.judgments m on b.disclosure_id = m.disclosure_id and s.regime_now = m.regime_id
    left join after.judgments n on a.disclosure_id = n.disclosure_id and t.regime_now = n.regime_id
),

judged as (
    select
        d.disclosure_id,
        p.pair_id,
        verdict_of(
            d.in_before and p.asked_before, d.unattributed_before and p.asked_before, d.settled_before,
            d.verdict_before
        ) as now_before,
        verdict_of(
            d.in_after and p.asked_after, d.unattributed_after and p.asked_after, d.settled_after, d.verdict_after
        ) as now_after,
        verdict_of(
            d.in_before and p.asked_before, d.unattributed_before and p.asked_before, d.settled_before and p.timed,
            coalesce(e.verdict, b.verdict)
        ) as then_before,
        verdict_of(
            d.in_after and p.asked_after, d.unattributed_after and p.asked_after, d.settled_after and p.timed,
            coalesce(f.verdict, a.verdict)
        ) as then_after,
        d.in_before and p.asked_before and d.flagged_before as flagged_before,
        d.in_after and p.asked_after and d.flagged_after as flagged_after
    from disclosed d
    cross join regime_pairs p
    left join before.judgments b on d.disclosure_id = b.disclosure_id and p.regime_before = b.regime_id
    left join after.judgments a on d.disclosure_id = a.disclosure_id and p.regime_after = a.regime_id
    left join worst_of_spans('before.span_regimes', 'before.judgments') e
        on d.disclosure_id = e.disclosure_id and p.span_before = e.span_id
    left join worst_of_spans('after.span_regimes', 'after.judgments') f
        on d.disclosure_id = f.disclosure_id and p.span_after = f.span_id
)

select
    *,
    dense_rank() over (order by pair_id, now_before, now_after, then_before, then_after) as kind_id
from judged
where now_before <> now_after or then_before <> then_after or flagged_before <> flagged_after;

set variable pairs = (select max(pair_id) + 1 from regime_pairs);

-- Both tables in one pass over the records, each with few groups; to join by one number, and a small one, takes half as
-- long as by two.
create or replace temp table counted_changes as
select
    v.disclosure_id,
    v.pair_id,
    v.kind_id,
    m.week,
    c.attempt,
    count(*) as transfers,
    sum(r.record_count) as people,
    grouping(v.kind_id) = 0 as of_week
from kept_records r
inner join moment_pairs m on r.moment_id = m.moment_id
inner join (
    select
        *,
        disclosure_id * getvariable('pairs')::bigint + pair_id as change_id
    from verdict_changes
) v on r.disclosure_id * getvariable('pairs')::bigint + m.pair_id = v.change_id
inner join context_meanings c on r.context_id = c.context_id
group by grouping sets ((v.disclosure_id, v.pair_id, c.attempt), (v.kind_id, m.week, c.attempt));

create or replace temp table changes as
select
    disclosure_id,
    pair_id,
    attempt,
    transfers,
    people
from counted_changes
where not of_week;

create or replace temp table week_changes as
select
    kind_id,
    week,
    transfers
from counted_changes
where of_week and not attempt;

drop table counted_changes;

-- Each change of a verdict twice, once for now and once for then, as every table of the comparison counts it.
create or replace temp table changed_verdicts as
select
    t.time,
    c.*,
    if(t.time = 'now', v.now_before, v.then_before) as verdict_before,
    if(t.time = 'now', v.now_after, v.then_after) as verdict_after
from changes c
inner join verdict_changes v on c.disclosure_id = v.disclosure_id and c.pair_id = v.pair_id
cross join (values ('now'), ('then')) t (time)
where verdict_before <> verdict_after;
