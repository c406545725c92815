/*
title = "What a scan read, file by file"
description = """
One row a file that the scan `receipt_scan` met for the first time, or with content it did not have before, with the
accounting of what was read of it and the first and last time of its records. A file without a row of `sources` was
not read. `last_key` is the highest record_key of the file; null where no record of it was kept.
"""
*/
with read_now as (
    select *
    from sources
    where scan_id = getvariable('receipt_scan')::integer
),

loaded as (
    select
        record_key // 68719476736 as source_id,
        count(*) as records,
        max(record_key) as last_key,
        min(occurred_at)::varchar as first_time,
        max(occurred_at)::varchar as last_time
    from records
    where record_key >= (select min(source_id) from read_now) * 68719476736
    group by all
),

repeated as (
    select
        record_key // 68719476736 as source_id,
        count(*) as records
    from duplicates
    where record_key >= (select min(source_id) from read_now) * 68719476736
    group by all
),

met as (
    select *
    from file_versions
    where
        first_scan = getvariable('receipt_scan')::integer
        or (change = 'restored' and last_scan = getvariable('receipt_scan')::integer)
)

select
    coalesce(v.path, s.path) as path,
    coalesce(v.sha256, s.sha256) as sha256,
    coalesce(v.bytes, s.bytes) as bytes,
    v.change,
    coalesce(nullif(v.note, ''), s.note, '') as note,
    coalesce(v.source_id, s.source_id) as source_id,
    v.earlier_sha256,
    v.earlier_path,
    s.format,
    s.zone,
    s.status,
    s.records,
    case
        when s.status = 'copy' then 0
        when s.source_id is not null then coalesce(l.records, 0) - coalesce(d.records, 0)
    end as transfers,
    s.not_transfers,
    case
        when s.status = 'copy' then s.records - s.not_transfers - s.quarantined
        when s.source_id is not null then coalesce(d.records, 0)
    end as duplicates,
    s.quarantined,
    s.blank_lines,
    s.tail_of,
    s.tail_offset,
    s.lines_before,
    l.records as kept,
    l.last_key,
    l.first_time,
    l.last_time
from met v
full outer join read_now s on v.source_id = s.source_id and v.path = s.path
left join loaded l on s.source_id = l.source_id
left join repeated d on s.source_id = d.source_id
order by path, source_id;
