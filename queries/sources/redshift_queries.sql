/*
title = "Amazon Redshift, SYS_QUERY_HISTORY and STL_QUERY"
description = """
One statement a row: the user's number, not the name, how it ended, and in SYS_QUERY_HISTORY the rows that it returned.
Times are in UTC.
"""
reader = "records"
by_record = true
fields = [
    "user_id", "userid", "usename", "user_name", "query_id", "query", "transaction_id", "xid", "session_id", "pid",
    "database_name", "database", "query_type", "status", "aborted", "start_time", "starttime", "end_time", "endtime",
    "returned_rows", "returned_bytes", "query_text", "querytxt",
]
needs = [
    "query_text|querytxt", "user_id|userid|usename", "query_id|query", "query_type|returned_rows|aborted|query_label",
]
wrapped = ["message", "_raw"]
parses = {field = "query_text|querytxt", dialect = "redshift"}
counts = "rows"
*/
with named as (
    select
        *,
        coalesce(query_text, querytxt) as text,
        trim(coalesce(logged(query_id), logged(query))) as id,
        trim(coalesce(logged(usename), logged(user_name), logged(user_id), logged(userid))) as account
    from incoming
),

queries as not materialized ( -- noqa: ST03
    select
        record_no,
        case when id is null and text is null then 'names no query and no text' end as unreadable,
        text as query_text,
        id as query_id,
        in_utc(trim(coalesce(start_time, starttime))) as occurred_at,
        in_utc(trim(coalesce(end_time, endtime))) as occurred_until,
        trim(coalesce(logged(database_name), logged(database))) as database_name,
        trim(coalesce(session_id, pid)) as session,
        account as recipient,
        account as actor,
        'Amazon Redshift' as system,
        query_type as logged_type,
        case
            when logged(status) is not null then query_status(status)
            when trim(aborted) in ('0', 'false', 'f') then 'success'
            when aborted is not null then 'failure'
        end as status,
        trim(logged(returned_rows)) as row_count,
        nullif(whole_number(returned_bytes), 0) as bytes,
        -- An unload is a record of the history of unloads, too.
        case when regexp_matches(text, '(?i)^\s*unload\b') then 'unload:' else 'redshift:' end || id as link_key
    from named
)

select * from query_transfers('queries', 'redshift')
