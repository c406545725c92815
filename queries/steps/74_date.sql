/*
title = "Find the regime in force at each time"
description = """
The calendar day at the court, and the regime whose days hold it, once for each quarter of an hour in which
something happened, and for each span of days. What moved within a span in which the law changed is judged by the
worst of its regimes: `span_regimes` tells them.
"""
*/
create or replace temp table dated_moments as
with seen as (
    select distinct moment_id, moment_id as first_moment_id, null::date as last_day from records
    union all
    select distinct moment_id, first_moment_id, last_day from spans
),

read_back as (
    select
        moment_id,
        last_day,
        case
            when first_moment_id >= 2000000000 then 'unknown'
            when is_day_moment(first_moment_id) then 'day'
            else 'instant'
        end as precision,
        case
            when is_instant_moment(first_moment_id)
                then make_timestamptz(first_moment_id * 900000000::bigint - 62167219200000000)
        end as quarter,
        case
            when is_day_moment(first_moment_id)
                then date '1970-01-01' + (first_moment_id - 1000000000)
        end as day
    from seen
),

placed as (
    select
        b.*,
        coalesce(b.day, day_in_zone(b.quarter, p.court_zone)) as court_day
    from read_back b
    cross join policy_settings p
)

select
    *,
    greatest(court_day, last_day) as until_day
from placed;

-- The regimes of each span in which the law changed; spans of the same regimes are judged alike.
create or replace table span_regimes as
with met as (
    select
        d.moment_id,
        list(r.regime_id order by r.regime_id) as regimes
    from dated_moments d
    inner join policy_regimes r
        on r.enabled and d.until_day >= r.first_day and d.court_day <= coalesce(r.last_day, date '9999-12-31')
    where d.until_day > d.court_day
    group by d.moment_id
    having count(*) > 1
)

select
    moment_id,
    dense_rank() over (order by regimes)::integer as span_id,
    unnest(regimes) as regime_id
from met
order by all;

create or replace table moments as
select
    p.moment_id,
    p.precision,
    p.quarter,
    p.court_day,
    p.until_day,
    date_trunc('week', p.court_day)::date as week,
    r.regime_id as regime_then,
    s.span_id
from dated_moments p
left join policy_regimes r
    on r.enabled and p.court_day >= r.first_day and p.court_day <= coalesce(r.last_day, date '9999-12-31')
left join (select distinct moment_id, span_id from span_regimes) s on p.moment_id = s.moment_id
order by p.moment_id;

drop table dated_moments;
