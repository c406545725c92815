/*
title = "Count new transfers by what decides their verdicts"
description = """
As `tally`, for a database to which records were added: those from the key `first_new_key` on are new, and what says
again what was there counts no more than it did.
"""
*/
create or replace temp table new_versions as
select
    transfer_id,
    version,
    min(record_key) as record_key
from repeated_records
group by all
having min(record_key) >= getvariable('first_new_key')::bigint;

create or replace temp table counted_records as
select *
from records
where
    record_key >= getvariable('first_new_key')::bigint
    and (
        record_key not in (select record_key from repeated_records)
        or record_key in (select record_key from new_versions)
    );

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
with added as (
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
    from counted_records r
    inner join moments m on r.moment_id = m.moment_id
    inner join context_meanings c on r.context_id = c.context_id
    inner join disclosure_parties d on r.disclosure_id = d.disclosure_id
    cross join settings s
    group by all
)

select
    disclosure_id,
    regime_then,
    span_id,
    timed,
    in_scope,
    unattributed,
    attempt,
    sum(transfers)::bigint as transfers,
    sum(people) as people,
    sum(counted)::bigint as counted,
    max(most_people) as most_people
from (
    select * from tallies
    union all
    select * from added
) united
group by all
order by all;

create or replace table week_tallies as
with added as (
    select
        k.class_id,
        m.week,
        m.regime_then,
        m.span_id,
        d.parties_in_scope and coalesce(m.until_day >= s.since, true) as in_scope,
        d.unattributed and coalesce(m.until_day >= s.since, true) as unattributed,
        c.attempt,
        count(*) as transfers
    from counted_records r
    inner join moments m on r.moment_id = m.moment_id
    inner join context_meanings c on r.context_id = c.context_id
    inner join disclosure_parties d on r.disclosure_id = d.disclosure_id
    inner join verdict_classes k on r.disclosure_id = k.disclosure_id
    cross join settings s
    group by all
)

select
    class_id,
    week,
    regime_then,
    span_id,
    in_scope,
    unattributed,
    attempt,
    sum(transfers)::bigint as transfers
from (
    select * from week_tallies
    union all
    select * from added
) united
group by all
order by all;

drop table new_versions;
drop table counted_records;
