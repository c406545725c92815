/*
title = "When a log fell silent"
description = """
`silences` gives the days, or the weeks, on which a log has no record, though it had some in most of the weeks before,
and goes on after it; `weeks` is how many of those had some. A log that falls silent more often has no such rhythm.
"""
*/
create or replace macro silences(unit, profile_weeks, usual_weeks, most_silences) as table
with steps as (
    select distinct
        stream,
        date_trunc(unit, day)::date as step
    from stream_days
),

expected as (
    select
        s.stream,
        s.step + 7 * w.weeks_later::integer as step,
        count(*) as weeks
    from steps s
    cross join (select unnest(range(1, profile_weeks + 1)) as weeks_later) w
    group by all
    having count(*) >= usual_weeks
),

last_steps as (
    select
        stream,
        max(step) as last_step
    from steps
    group by stream
),

active_weeks as (
    select distinct
        stream,
        date_trunc('week', day) as week
    from stream_days
),

told as (
    select
        e.stream,
        e.step,
        e.weeks,
        s.step is null as silent
    from expected e
    inner join last_steps l on e.stream = l.stream and e.step < l.last_step
    left join steps s on e.stream = s.stream and e.step = s.step
    -- A week without any record is silent as a whole, and none of its days besides.
    left join active_weeks w on e.stream = w.stream and date_trunc('week', e.step) = w.week
    where unit = 'week' or w.week is not null
),

marked as (
    select
        *,
        silent and not coalesce(lag(silent) over (partition by stream order by step), false) as falls_silent
    from told
)

select
    stream,
    step,
    weeks
from marked
qualify
    silent
    and count(*) filter (where falls_silent) over (partition by stream)
    <= greatest(1, most_silences * count(*) over (partition by stream));
