/*
title = "What a database without a ledger has read, as a receipt has it"
description = """
One row a file and content, with the accounting of its records and the first and last time in it, by path. `latest` is
false for what an earlier scan into the same database read under a path that held something else later: its transfers
count all the same. A file that could not be read once and was read later is left out.
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
    a.path,
    a.sha256,
    a.bytes,
    a.format,
    a.zone,
    a.status,
    a.note,
    a.records,
    a.transfers,
    a.not_transfers,
    a.duplicates,
    a.quarantined,
    a.blank_lines,
    t.first_time,
    t.last_time,
    a.source_id = max(a.source_id) over (partition by a.path) as latest
from accounting a
left join times t on a.source_id = t.source_id
where a.current
order by a.path, a.source_id;
