/*
title = "Records that could not be read"
description = """
The first few records in the quarantine of each file and kind of damage, with their place, the reason, and
what to do about it; `like_it` says how many there are in all.
"""
rests_on = "quarantine"

[params.quarantine_shown]
type = "integer"
default = 5
unit = "records"
description = "How many records of a file and kind of damage to show."
*/
with advised as (
    select
        s.path,
        q.source_record,
        place_text(s.places, s.sheets, q.source_record) as place,
        q.reason,
        case
            when contains(q.reason, 'cut off') then 'Get the file again: in this copy the record breaks off.'
            when contains(q.reason, 'header is repeated')
                then 'Two exports were joined here; if this row is only the header, nothing is lost.'
            when contains(q.reason, 'cells') or contains(q.reason, 'quote is') or contains(q.reason, 'CSV')
                then 'Export the log again with its text cells in double quotes, or ask for these rows.'
            when contains(q.reason, 'given twice') then 'Ask whoever keeps the log which value is right.'
            when contains(q.reason, 'undecodable') or contains(q.reason, 'NUL')
                then 'Export the log again as UTF-8.'
            when contains(q.reason, 'none of the fields')
                then 'It may belong to another log; if not, ask what its fields mean.'
            else 'Ask for the record again, or correct it in a copy of the log and scan that.'
        end as what_to_do,
        q.byte_offset,
        q.byte_length
    from quarantine q
    inner join sources s on q.source_id = s.source_id
)

select
    path,
    what_to_do,
    source_record,
    place,
    reason,
    byte_offset,
    byte_length,
    count(*) over (partition by path, what_to_do) as like_it,
    min(source_record) over (partition by path, what_to_do) as first_of_them
from advised
qualify
    row_number() over (partition by path, what_to_do order by source_record)
    <= coalesce(getvariable('quarantine_shown')::bigint, 5)
order by path, first_of_them, what_to_do, source_record;
