/*
title = "Amazon Redshift, SYS_UNLOAD_HISTORY"
description = """
One UNLOAD a row: rows of a database written as files into a bucket. Times are in UTC. Whose bucket it is, the log does
not say: the bucket stands as recipient.
"""
reader = "records"
by_record = true
fields = ["user_id", "query_id", "database_name", "status", "start_time", "end_time", "unloaded_location",
    "unloaded_rows", "unloaded_files_size", "error_message"]
needs = ["user_id", "query_id", "unloaded_location", "unloaded_rows"]
counts = "rows"
*/
select
    record_no,
    case when logged(unloaded_location) is null and logged(query_id) is null then 'names no query and no place' end
        as unreadable,
    trim(logged(query_id)) as transfer_id,
    in_utc(trim(start_time)) as occurred_at,
    list_filter([trim(logged(database_name))], lambda d: d is not null) as places,
    bucket_of(unloaded_location) as recipient,
    trim(logged(user_id)) as actor,
    'push' as action,
    'Amazon Redshift' || coalesce(' ' || logged(database_name), '') as system,
    trim(logged(unloaded_rows)) as record_count,
    case trim(status)
        when 'completed' then unless_empty('success', unloaded_rows)
        when 'aborted' then 'failure'
        else 'unknown'
    end as outcome,
    'unknown' as element_basis,
    'unload:' || trim(logged(query_id)) as link_key,
    trim(logged(unloaded_location)) as file_name,
    whole_number(unloaded_files_size) as bytes
from incoming
