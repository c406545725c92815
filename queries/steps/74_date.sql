/*
title = "Find the regime in force at each time"
description = """
The calendar day at the court, and the regime whose days hold it, once for each quarter of an hour in which
something happened.
"""
*/
create or replace table moments as
with seen as (
    select distinct moment_id from records
),

read_back as (
    select
        moment_id,
        case
            when moment_id >= 2000000000 then 'unknown'
            when moment_id >= 1000000000 then 'day'
            else 'instant'
        end as precision,
        case
            when moment_id < 1000000000 then make_timestamptz(moment_id * 900000000::bigint - 62167219200000000)
        end as quarter,
        case
            when moment_id between 1000000000 and 1999999999 then date '1970-01-01' + (moment_id - 1000000000)
        end as day
    from seen
),

placed as (
    select
        b.moment_id,
        b.precision,
        b.quarter,
        coalesce(b.day, (b.quarter at time zone p.court_zone)::date) as court_day
    from read_back b
    cross join policy_settings p
)

select
    p.moment_id,
    p.precision,
    p.quarter,
    p.court_day,
    date_trunc('week', p.court_day)::date as week,
    r.regime_id as regime_then
from placed p
left join policy_regimes r
    on r.enabled and p.court_day >= r.first_day and p.court_day <= coalesce(r.last_day, date '9999-12-31')
order by p.moment_id;
