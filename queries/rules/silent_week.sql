/*
title = "Silent week"
description = """
A week, Monday to Sunday, in which a log has no record, though it had some in most of the weeks before, and goes on
after it. Files whose names differ only in digits are one log.
"""
severity = "review"
reads = "sources"
citation = "None: what the log says"
evidence = "A"
why = """
A week that is missing looks like a week in which nothing was transferred: its files may have been lost, or left out.
No holiday takes that long.
"""
false_positives = """
The system stood still, or the transfers were suspended for that time: then somebody can name the notice.
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
with weeks as (
    select distinct
        stream,
        date_trunc('week', day)::date as week
    from stream_days
),

expected as (
    select
        w.stream,
        w.week + 7 * l.weeks_later::integer as week,
        count(*) as weeks
    from weeks w
    cross join (
        select unnest(range(1, coalesce(getvariable('profile_weeks')::integer, 4) + 1)) as weeks_later
    ) l
    group by all
    having count(*) >= coalesce(getvariable('usual_weeks')::integer, 3)
),

last_weeks as (
    select
        stream,
        max(week) as last_week
    from weeks
    group by stream
),

told as (
    select
        e.stream,
        e.week,
        e.weeks,
        w.week is null as silent
    from expected e
    inner join last_weeks l on e.stream = l.stream and e.week < l.last_week
    left join weeks w on e.stream = w.stream and e.week = w.week
),

marked as (
    select
        *,
        silent and not coalesce(lag(silent) over (partition by stream order by week), false) as falls_silent
    from told
)

select
    stream || ' week of ' || week as subject,
    'no record from ' || week || ' to ' || (week + 6) || '; ' || weeks || ' of the '
    || coalesce(getvariable('profile_weeks')::integer, 4) || ' weeks before had some' as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from marked
qualify
    silent
    and count(*) filter (where falls_silent) over (partition by stream)
    <= greatest(1, coalesce(getvariable('most_silences')::double, 0.05) * count(*) over (partition by stream))
