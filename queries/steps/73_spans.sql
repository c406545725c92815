/*
title = "Find the records that stand for a span of days"
description = """
A row of a register may stand for all that moved from a first to a last day. Each such pair of days gets a moment of its
own, beside those of single events: the law may have changed between them.
"""
*/
create or replace table spans as
with named as (
    select
        t.record_key,
        t.occurred_until,
        r.moment_id as first_moment_id,
        coalesce(nullif(s.zone, ''), 'UTC') as zone
    -- The engine builds its table on what stands last: of all records it would be the largest.
    from records r
    inner join traces t on r.record_key = t.record_key
    inner join sources s on s.source_id = t.record_key // 68719476736
    -- A single transfer goes by the moment at which it began, however long it took.
    where (t.event_count > 1 or strlen(t.occurred_until) = 10) and r.moment_id < moment_unknown()
),

read as (
    select
        record_key,
        first_moment_id,
        timezone('UTC', instant_of(occurred_until, zone)) as last_instant,
        day_of(occurred_until) as bare_day
    from named
),

until as (
    select
        r.record_key,
        r.first_moment_id,
        coalesce(day_in_zone(r.last_instant, p.court_zone), r.bare_day) as last_day
    from read r
    cross join policy_settings p
)

select
    record_key,
    first_moment_id,
    last_day,
    (moment_unknown() + dense_rank() over (order by first_moment_id, last_day))::integer as moment_id
from until
where last_day is not null
order by record_key;
