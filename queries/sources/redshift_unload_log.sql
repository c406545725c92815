/*
title = "Amazon Redshift, STL_UNLOAD_LOG"
description = """
One file that an UNLOAD wrote a row. Times are in UTC. The rows of one unload share its query, and are a transfer each.
"""
reader = "records"
by_record = true
fields = ["userid", "query", "path", "start_time", "end_time", "line_count", "transfer_size"]
needs = ["userid", "query", "path", "line_count", "transfer_size"]
counts = "rows"
*/
select
    record_no,
    case when logged(path) is null then 'names no file' end as unreadable,
    in_utc(trim(start_time)) as occurred_at,
    bucket_of(path) as recipient,
    trim(logged(userid)) as actor,
    'push' as action,
    'Amazon Redshift' as system,
    trim(logged(line_count)) as record_count,
    -- A row is written when the file is.
    unless_empty('success', line_count) as outcome,
    'unknown' as element_basis,
    'unload:' || trim(logged(query)) as link_key,
    trim(logged(path)) as file_name,
    whole_number(transfer_size) as bytes
from incoming
