/*
title = "Files that were there at the scan before"
description = """
Paths at which the scan before `receipt_scan` found a content and this one found none, with the hash of that content.
"""
*/
with earlier as (
    select max(scan_id) as scan_id
    from scans
    where scan_id < getvariable('receipt_scan')::integer
),

here as (
    select path
    from file_versions
    where last_scan = getvariable('receipt_scan')::integer
)

select
    v.path,
    v.sha256
from file_versions v
inner join earlier e on v.last_scan = e.scan_id
anti join here h on v.path = h.path
order by v.path, v.sha256;
