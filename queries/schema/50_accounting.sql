/*
title = "The accounting of every file"
description = """
One row a file, in the order in which they were read: records = transfers + not_transfers + duplicates +
quarantined. The transfers are counted, not taken as what is left, so that a record that got lost shows.
A file that says again what another says is a `copy`: its records are duplicates, and were never loaded.
`current` is false for a file that could not be read and whose path was read later.
"""
*/
create or replace view accounting as
with loaded as (
    select
        record_key // 68719476736 as source_id,
        count(*) as records
    from records
    group by all
),

repeated as (
    select
        record_key // 68719476736 as source_id,
        count(*) as records
    from duplicates
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
    s.note,
    s.records,
    coalesce(l.records, 0) - coalesce(d.records, 0) as transfers,
    s.not_transfers,
    case s.status
        when 'copy' then s.records - s.not_transfers - s.quarantined
        else coalesce(d.records, 0)
    end as duplicates,
    s.quarantined,
    s.blank_lines,
    s.fields,
    s.unknown_fields,
    s.status not in ('unreadable', 'unrecognized', 'empty', 'no_log')
    or s.source_id >= max(s.source_id) over (partition by s.path) as current
from sources s
left join loaded l on s.source_id = l.source_id
left join repeated d on s.source_id = d.source_id
order by s.source_id;
