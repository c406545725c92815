/*
title = "Count what a block has set aside"
description = """
By log and by what the records are: how many, the first of them, and how many name a part of DHS, whatever their kind of
event is said to be. Reads `whole_records`, the records as they stand in the log.
"""
*/
with aside as (
    select
        record_no,
        set_aside as reason
    from mapped_rows
    where set_aside is not null and unreadable is null
),

-- Looked at as they stand, and no other record: to put the fields of all of them in order would take longer than to
-- read the log.
named as (
    select
        a.reason,
        a.record_no,
        names_dhs(w.raw) as naming
    from aside a
    inner join (
        select
            record_no,
            raw
        from whole_records
        where record_no in (select record_no from aside)
    ) w on a.record_no = w.record_no
)

select
    record_no // 68719476736 as source_id,
    reason,
    count(*) as records,
    min(record_no % 68719476736) as first_record,
    count(*) filter (where naming) as naming,
    min(record_no % 68719476736) filter (where naming) as first_naming
from named
group by source_id, reason
order by source_id, reason
