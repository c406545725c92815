/*
title = "Count records by file and day"
description = """
How many records each file has on each day, for rules about silence. Where `first_new_key` is set, only records from
that key on are counted, and added to what was counted before; else all of them, anew.
"""
*/
create or replace table source_days as
with counted as (
    select
        (record_key // 68719476736)::integer as source_id,
        moment_id,
        count(*) as records
    from records
    where record_key >= coalesce(getvariable('first_new_key')::bigint, 0)
    group by all
)

select *
from source_days
where source_id < coalesce(getvariable('first_new_key')::bigint, 0) // 68719476736
union all
select
    c.source_id,
    m.court_day,
    sum(c.records)::bigint
from counted c
inner join moments m on c.moment_id = m.moment_id
where m.court_day is not null
group by all
order by all;
