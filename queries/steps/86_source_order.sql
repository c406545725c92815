/*
title = "Count steps back in time"
description = """
Where time goes back from one record of a file to the next. Looks at records from `first_new_key` on, as
`source_days.sql` does, and reads what that counted.
"""
*/
-- Blocks of a file lie in the order in which they were done. Within a block a record stands after the one before it,
-- and no sort is needed; the first and last records of blocks, and those beside a record without a time, are few and
-- are sorted. An instant and a bare day cannot be compared.
create or replace table source_order as
with neighbors as (
    select
        record_key,
        moment_id,
        occurred_at,
        lag(record_key) over () as key_before,
        lag(moment_id) over () as moment_before,
        lag(occurred_at) over () as occurred_before,
        lead(record_key) over () as key_after
    from records
    where record_key >= coalesce(getvariable('first_new_key')::bigint, 0) and moment_id < 2000000000
),

borders as (
    select
        record_key,
        moment_id,
        occurred_at,
        key_before
    from neighbors
    where record_key is distinct from key_before + 1 or record_key is distinct from key_after - 1
),

-- Among these, in the order of the file, the one before the first of a block is the last of another.
beside as (
    select
        record_key,
        moment_id,
        lag(moment_id) over in_file as moment_before,
        occurred_at,
        lag(occurred_at) over in_file as occurred_before,
        key_before
    from borders
    window in_file as (partition by record_key // 68719476736 order by record_key)
),

pairs as (
    select
        record_key,
        moment_id,
        moment_before,
        occurred_at,
        occurred_before
    from neighbors
    where
        record_key = key_before + 1
        and moment_id < moment_before - case when is_instant_moment(moment_id) then 3 else 0 end
    union all
    select * exclude (key_before)
    from beside
    where record_key is distinct from key_before + 1
),

backward as (
    select
        (record_key // 68719476736)::integer as source_id,
        count(*) as backward_steps,
        max(struct_pack(
            seconds := (epoch_us(occurred_before) - epoch_us(occurred_at)) // 1000000, earliest := -record_key
        )) as worst
    from pairs
    where
        is_instant_moment(moment_id) = is_instant_moment(moment_before)
        and epoch_us(occurred_before) - epoch_us(occurred_at) > 3600000000
    group by all
),

timed as (
    select
        source_id,
        sum(records)::bigint as records
    from source_days
    group by all
)

select *
from source_order
where source_id < coalesce(getvariable('first_new_key')::bigint, 0) // 68719476736
union all
select
    b.source_id,
    t.records - 1,
    b.backward_steps,
    b.worst.seconds,
    -b.worst.earliest
from backward b
inner join timed t on b.source_id = t.source_id
order by all;
