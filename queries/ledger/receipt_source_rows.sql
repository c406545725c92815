/*
title = "What was read of each file, as a receipt has it"
description = """
One row a file that a scan read: the columns of `sources` that a receipt tells of a log and that no later scan changes,
and the first and last time of its records.
"""
*/
with times as (
    select
        record_key // 68719476736 as source_id,
        min(occurred_at)::varchar as first_time,
        max(occurred_at)::varchar as last_time
    from records
    group by all
)

select
    s.source_id,
    s.path,
    s.sha256,
    s.bytes,
    s.format,
    s.zone,
    s.status,
    s.records,
    s.not_transfers,
    s.quarantined,
    s.blank_lines,
    s.tail_of,
    s.tail_offset,
    s.lines_before,
    t.first_time,
    t.last_time
from sources s
left join times t on s.source_id = t.source_id
order by s.source_id;
