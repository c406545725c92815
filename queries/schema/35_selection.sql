/*
title = "What a report is about"
description = """
The tallies with their verdicts, narrowed to what was asked for: `selected_tallies` by disclosure and
regime then, `selected_week_tallies` by week. Every table of the report reads one of them; what lists single transfers
reads `selected_verdicts`. In any client,
`set variable select_states = ['CA']` narrows them, and so do `select_recipients` (agencies),
`select_verdicts` (now or then), `select_from` and `select_until` (first and last day); unset, they hold
everything.
"""
*/
create or replace macro day_asked_for() as
    getvariable('select_from') is not null or getvariable('select_until') is not null;

create or replace macro is_day_asked_for(day) as
    coalesce(day >= getvariable('select_from')::date, getvariable('select_from') is null)
    and coalesce(day <= getvariable('select_until')::date, getvariable('select_until') is null);

create or replace macro is_verdict_asked_for(verdict_now, verdict_then) as
    getvariable('select_verdicts') is null
    or list_has_any([verdict_now, verdict_then], getvariable('select_verdicts')::varchar[]);

-- The order in which transfers are listed: barred now and then, barred now, barred then, to review now, and then; of
-- the others those that name neither side come first, and those that nobody asked about last.
create or replace macro seriousness_of(verdict_now, verdict_then) as
    case
        when verdict_now = 'enjoined' and verdict_then = 'enjoined' then 5
        when verdict_now = 'enjoined' then 4
        when verdict_then = 'enjoined' then 3
        when verdict_now = 'review' then 2
        when verdict_then = 'review' then 1
        else 0
    end;

create or replace macro less_asked_about(verdict_now) as
    case verdict_now when 'unattributed' then 0 when 'out_of_scope' then 2 else 1 end;

-- The sum over the rows that a condition holds for; 0 where there are none.
create or replace macro sum_where(amount, condition) as coalesce(sum(amount) filter (where condition), 0)::bigint;

-- Weeks are tallied by class of disclosures, which knows neither days nor states nor recipients.
create or replace macro disclosure_asked_for() as
    getvariable('select_states') is not null or getvariable('select_recipients') is not null;

create or replace view selected_disclosures as
select
    d.disclosure_id,
    not d.unknown_agency as settled,
    n.verdict as verdict_now,
    n.verdict <> n.verdict_as_logged as deduced,
    coalesce(n.content_before_purpose = 'enjoined', false) as content_enjoined,
    coalesce(n.some_covered, false) as some_covered
from disclosure_parties d
cross join settings s
left join judgments n on d.disclosure_id = n.disclosure_id and s.regime_now = n.regime_id
where
    (
        getvariable('select_states') is null
        or d.state_list in (
            select list_id
            from lists
            where list_has_any(keys, getvariable('select_states')::varchar[])
        )
    )
    and (
        getvariable('select_recipients') is null
        or list_contains(getvariable('select_recipients')::varchar[], coalesce(d.recipient_agency, 'unknown'))
    );

create or replace view selected_verdicts as
select v.*
from verdicts v
semi join selected_disclosures d on v.disclosure_id = d.disclosure_id
where is_day_asked_for(v.court_day) and is_verdict_asked_for(v.verdict_now, v.verdict_then);

-- What each order bars of what a list holds.
create or replace view barred_lists as
select
    m.list_id,
    v.regime_id,
    m.kind,
    m.key,
    m.items,
    v.certainty,
    v.origin
from list_meanings m
-- Counts and sums tell of nobody in particular: no order bars what they are of.
inner join lists l on m.list_id = l.list_id and not l.aggregate
inner join severities v on m.kind = v.kind and m.key = v.key and v.severity = 'enjoined'
left join implied_categories i
    on m.kind = 'category' and m.list_id = i.list_id and v.regime_id = i.regime_id and m.key = i.category
where i.category is null;

-- The tallies know no days: what is asked for by day is counted anew.
create or replace view records_asked_for as
select r.*
from kept_records r
inner join moments m on r.moment_id = m.moment_id
where day_asked_for() and is_day_asked_for(m.court_day);

create or replace view selected_tallies as
with counted as (
    select *
    from tallies
    where not day_asked_for()
    union all by name
    select * from tallied('records_asked_for')
),

judged as (
    select
        c.*,
        verdict_of(c.in_scope, c.unattributed, d.settled, d.verdict_now) as verdict_now,
        verdict_of(c.in_scope, c.unattributed, d.settled and c.timed, coalesce(p.verdict, t.verdict)) as verdict_then,
        c.in_scope and d.content_enjoined as flag_category,
        c.in_scope and d.some_covered as flag_state,
        c.in_scope and d.settled and coalesce(d.deduced, false) as deduced,
        -- What an unattributed transfer would be flagged for, if it is one from CMS to DHS.
        c.unattributed and d.content_enjoined and d.some_covered as barred_if_attributed
    from counted c
    inner join selected_disclosures d on c.disclosure_id = d.disclosure_id
    left join judgments t on c.disclosure_id = t.disclosure_id and c.regime_then = t.regime_id
    left join span_judgments p on c.disclosure_id = p.disclosure_id and c.span_id = p.span_id
)

select
    *,
    counted_as(verdict_now, attempt) as class_now,
    counted_as(verdict_then, attempt) as class_then
from judged
where is_verdict_asked_for(verdict_now, verdict_then);

create or replace view selected_week_tallies as
-- One disclosure stands for its class: every regime judges all of a class alike.
with classes as (
    select
        class_id,
        min(disclosure_id) as disclosure_id
    from verdict_classes
    group by class_id
),

counted as (
    select
        c.disclosure_id,
        w.week,
        w.regime_then,
        w.span_id,
        w.in_scope,
        w.unattributed,
        w.attempt,
        w.transfers
    from week_tallies w
    inner join classes c on w.class_id = c.class_id
    where not (day_asked_for() or disclosure_asked_for())
    union all
    select
        v.disclosure_id,
        v.week,
        v.regime_then,
        m.span_id,
        v.in_scope,
        v.unattributed,
        v.attempt,
        count(*)
    from verdicts v
    inner join moments m on v.moment_id = m.moment_id
    where (day_asked_for() or disclosure_asked_for()) and is_day_asked_for(v.court_day)
    group by all
),

judged as (
    select
        c.week,
        c.in_scope,
        c.attempt,
        c.transfers,
        verdict_of(c.in_scope, c.unattributed, d.settled, d.verdict_now) as verdict_now,
        verdict_of(
            c.in_scope, c.unattributed, d.settled and c.week is not null, coalesce(p.verdict, t.verdict)
        ) as verdict_then
    from counted c
    inner join selected_disclosures d on c.disclosure_id = d.disclosure_id
    left join judgments t on c.disclosure_id = t.disclosure_id and c.regime_then = t.regime_id
    left join span_judgments p on c.disclosure_id = p.disclosure_id and c.span_id = p.span_id
)

select
    week,
    in_scope,
    attempt,
    verdict_now,
    verdict_then,
    sum(transfers)::bigint as transfers
from judged
where is_verdict_asked_for(verdict_now, verdict_then)
group by all;
