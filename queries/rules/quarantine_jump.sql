/*
title = "More that cannot be read"
description = """
A file of which a much larger part could not be read than of the files of the same log that were read before it. Files
whose names differ only in digits are one log.
"""
severity = "review"
reads = "sources"
citation = "None: what the log says"
evidence = "A"
why = "Something changed in how the log is written, or it was damaged: what cannot be read is not judged."
false_positives = "A small file whose few broken records weigh much."

[params.times_before]
type = "double"
default = 3.0
unit = "times the share before"
description = "How much larger the part must be."

[params.least_share]
type = "double"
default = 0.01
unit = "share of the records"
description = "From which part of a file on it matters."

[params.least_quarantined]
type = "integer"
default = 5
unit = "records"
description = "From how many records on it matters."

[params.least_before]
type = "integer"
default = 100
unit = "records"
description = "How many records of the log must have been read before."
*/
with files as (
    select
        source_id,
        path,
        stream_of(path) as stream,
        records,
        quarantined,
        case when tail_of is not null then ' from line ' || (lines_before + 1) else '' end as place
    from sources
    where status in ('read', 'damaged')
),

beside as (
    select
        *,
        sum(records) over earlier as records_earlier,
        sum(quarantined) over earlier as quarantined_earlier
    from files
    window earlier as (
        partition by stream
        order by source_id
        rows between unbounded preceding and 1 preceding
    )
)

select
    path || place as subject,
    quarantined || ' of ' || records || ' records could not be read; before, ' || quarantined_earlier || ' of '
    || records_earlier || ' of this log' as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from beside
where
    quarantined >= coalesce(getvariable('least_quarantined')::integer, 5)
    and quarantined >= coalesce(getvariable('least_share')::double, 0.01) * records
    and records_earlier >= coalesce(getvariable('least_before')::integer, 100)
    and quarantined * records_earlier
    >= coalesce(getvariable('times_before')::double, 3.0) * quarantined_earlier * records
