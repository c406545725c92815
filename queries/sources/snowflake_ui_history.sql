/*
title = "Snowflake, history of the classic console"
description = """
What the classic console exports of its page of queries. Times are those of the browser; no role is in it.
"""
reader = "records"
by_record = true
fields = [
    "query_id", "sql_text", "user", "role", "session_id", "start_time", "end_time", "rows", "query_tag", "status",
    "error",
]
needs = ["query_id", "sql_text", "user|warehouse|status"]
parses = {field = "sql_text", dialect = "snowflake"}
counts = "rows"
*/
with queries as not materialized ( -- noqa: ST03
    select
        record_no,
        case when coalesce(query_id, sql_text) is null then 'none of the fields of a query' end as unreadable,
        sql_text as query_text,
        query_id,
        start_time as occurred_at,
        end_time as occurred_until,
        session_id as session,
        joined([logged(role), logged(query_tag), logged(user)], '; ') as recipient,
        user as actor,
        'Snowflake' as system,
        query_status(status) as status,
        grouped_count(rows)::varchar as row_count,
        'query:' || lower(query_id) as link_key
    from incoming
)

select * from query_transfers('queries', 'snowflake')
