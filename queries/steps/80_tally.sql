/*
title = "Count transfers by what decides their verdicts"
description = """
Counts that stay right under every as-of date: `tallies` by disclosure and regime then, `week_tallies` by
week and by class of disclosures that every regime judges alike. The reports read these and no record.
"""
*/
create or replace table verdict_classes as
with vectors as (
    select
        d.disclosure_id,
        d.parties_in_scope,
        d.unknown_agency,
        d.unattributed,
        list((
            100 * severity_rank(j.verdict) + 10 * severity_rank(j.content_before_purpose) + j.some_covered::integer
        )::smallint order by j.regime_id) as judged
    from disclosure_parties d
    inner join judgments j on d.disclosure_id = j.disclosure_id
    group by all
)

select
    disclosure_id,
    -- The first of its class: what is read later cannot take its place, so counts by class can be added to.
    min(disclosure_id) over (partition by parties_in_scope, unknown_agency, unattributed, judged) as class_id
from vectors
order by disclosure_id;

create or replace table tallies as
select
    r.disclosure_id,
    m.regime_then,
    m.span_id,
    m.precision <> 'unknown' as timed,
    d.parties_in_scope and coalesce(m.until_day >= s.since, true) as in_scope,
    d.unattributed and coalesce(m.until_day >= s.since, true) as unattributed,
    c.attempt,
    count(*) as transfers,
    sum(r.record_count) as people,
    count(r.record_count) as counted,
    max(r.record_count) as most_people
from kept_records r
inner join moments m on r.moment_id = m.moment_id
inner join context_meanings c on r.context_id = c.context_id
inner join disclosure_parties d on r.disclosure_id = d.disclosure_id
cross join settings s
group by all
order by all;

create or replace table week_tallies as
select
    k.class_id,
    m.week,
    m.regime_then,
    m.span_id,
    d.parties_in_scope and coalesce(m.until_day >= s.since, true) as in_scope,
    d.unattributed and coalesce(m.until_day >= s.since, true) as unattributed,
    c.attempt,
    count(*) as transfers
from kept_records r
inner join moments m on r.moment_id = m.moment_id
inner join context_meanings c on r.context_id = c.context_id
inner join disclosure_parties d on r.disclosure_id = d.disclosure_id
inner join verdict_classes k on r.disclosure_id = k.disclosure_id
cross join settings s
group by all
order by all;
