/*
title = "A log that stopped"
description = """
A log whose last record is much older than the last record of any log, by its own rhythm: several times the pause that
it usually makes. Files whose names differ only in digits are one log.
"""
severity = "review"
reads = "sources"
rests_on = "source_days"
citation = "None: what the log says"
evidence = "A"
why = """
The system may go on and its log no longer arrive. Held against the other logs, not against today: an archive that was
handed over long after has not stopped.
"""
false_positives = """
A system that was switched off, a log that goes on under another name, or two archives of different years.
"""
requires = ["occurred_at"]

[params.pauses]
type = "integer"
default = 3
unit = "times its usual pause"
description = "After how many of its usual pauses a log has stopped."

[params.usual_share]
type = "double"
default = 0.95
unit = "share of its pauses"
description = "The usual pause is the one that so many of its pauses do not exceed."

[params.least_days]
type = "integer"
default = 5
unit = "days"
description = "Days with records from which a log has a rhythm."

[params.widest_pause]
type = "integer"
default = 366
unit = "days"
description = "A day that comes later than this after the one before is taken for a mistyped year."
*/
with days as (
    select
        stream,
        day,
        day - lag(day) over (partition by stream order by day) as pause
    from stream_days
),

rhythms as (
    select
        stream,
        max(day) as last_day,
        count(*) as days,
        quantile_disc(pause, coalesce(getvariable('usual_share')::double, 0.95)) as usual_pause
    from days
    where coalesce(pause <= coalesce(getvariable('widest_pause')::integer, 366), true)
    group by stream
)

select
    r.stream || ' after ' || r.last_day as subject,
    'no record after ' || r.last_day || '; other logs go on for more than '
    || coalesce(getvariable('pauses')::integer, 3) * r.usual_pause || ' days, and it seldom paused for more than '
    || r.usual_pause as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from rhythms r
where
    r.days >= coalesce(getvariable('least_days')::integer, 5)
    and (select max(last_day) from rhythms) - r.last_day
    > coalesce(getvariable('pauses')::integer, 3) * r.usual_pause
