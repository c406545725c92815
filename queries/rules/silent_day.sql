/*
title = "Silent day"
description = """
A day on which a log has no record, though it had some on the same day of the week in most of the weeks before, and
goes on after it. Files whose names differ only in digits are one log.
"""
severity = "note"
reads = "sources"
citation = "None: what the log says"
evidence = "A"
why = """
A day that is missing looks like a day on which nothing was transferred: the file of that day may have been lost, or
left out.
"""
false_positives = """
Holidays, and days on which the system stood still. Where all logs are silent on the same day, look for a holiday
first.
"""
requires = ["occurred_at"]

[params.profile_weeks]
type = "integer"
default = 4
unit = "weeks"
description = "How many weeks before are looked at."

[params.usual_weeks]
type = "integer"
default = 3
unit = "weeks"
description = "In how many of them the log must have had records for their lack to be odd."

[params.most_silences]
type = "double"
default = 0.05
unit = "share of the times it was expected to have some"
description = "A log that falls silent more often has no such rhythm: nothing is said of it."
*/
with expected as (
    select
        d.stream,
        d.day + 7 * w.weeks_later::integer as day,
        count(*) as weeks
    from stream_days d
    cross join (
        select unnest(range(1, coalesce(getvariable('profile_weeks')::integer, 4) + 1)) as weeks_later
    ) w
    group by all
    having count(*) >= coalesce(getvariable('usual_weeks')::integer, 3)
),

last_days as (
    select
        stream,
        max(day) as last_day
    from stream_days
    group by stream
),

-- A week without any record is the matter of silent_week.
weeks as (
    select distinct
        stream,
        date_trunc('week', day) as week
    from stream_days
),

told as (
    select
        e.stream,
        e.day,
        e.weeks,
        d.day is null as silent
    from expected e
    inner join last_days l on e.stream = l.stream and e.day < l.last_day
    inner join weeks w on e.stream = w.stream and date_trunc('week', e.day) = w.week
    left join stream_days d on e.stream = d.stream and e.day = d.day
),

marked as (
    select
        *,
        silent and not coalesce(lag(silent) over (partition by stream order by day), false) as falls_silent
    from told
)

select
    stream || ' ' || day as subject,
    'no record on ' || day || ', a ' || dayname(day) || '; ' || weeks || ' of the '
    || coalesce(getvariable('profile_weeks')::integer, 4) || ' before had some' as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from marked
qualify
    silent
    and count(*) filter (where falls_silent) over (partition by stream)
    <= greatest(1, coalesce(getvariable('most_silences')::double, 0.05) * count(*) over (partition by stream))
