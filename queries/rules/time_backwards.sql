/*
title = "Time runs backwards"
description = """
A log in which each record is later than the one before, but for a few. Said once for the widest step back of each
file, or of what was added to a file.
"""
severity = "note"
reads = "sources"
rests_on = "source_order"
citation = "None: what the log says"
evidence = "A"
why = """
A log is written in the order in which things happen. Where it goes back, a part may have been put in, moved or taken
from elsewhere, or a clock was set.
"""
false_positives = """
Exports of several days or systems that were joined. Logs in another order are left alone, and so are steps of up to
an hour: several writers, and the end of daylight saving time.
"""
requires = ["occurred_at"]

[params.most_backward]
type = "double"
default = 0.01
unit = "share of the steps"
description = "Where more steps go back, the log is in another order."

[params.least_seconds]
type = "integer"
default = 3600
unit = "seconds"
description = "How far the widest step must go back; those of an hour or less are not counted."
*/
with files as (
    select
        s.path,
        sum(d.records) - 1 as steps
    from source_days d
    inner join sources s on d.source_id = s.source_id
    group by s.path
),

backward as (
    select
        s.path,
        o.worst_seconds,
        cited(s.path, s.places, s.sheets, o.worst_record_key % 68719476736) as cited,
        sum(o.backward_steps) over (partition by s.path) as backward_steps
    from source_order o
    inner join sources s on o.source_id = s.source_id
)

select
    b.cited as subject,
    'time goes back by ' || b.worst_seconds // 3600 || ' h ' || b.worst_seconds % 3600 // 60 || ' min at '
    || b.cited as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from backward b
inner join files f on b.path = f.path
where
    b.backward_steps <= coalesce(getvariable('most_backward')::double, 0.01) * f.steps
    and b.worst_seconds >= coalesce(getvariable('least_seconds')::integer, 3600)
