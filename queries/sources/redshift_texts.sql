/*
title = "Amazon Redshift, texts of statements"
description = """
SVL_STATEMENTTEXT, STL_QUERYTEXT, STL_DDLTEXT, STL_UTILITYTEXT, SYS_QUERY_TEXT: a long text stands in pieces of 200
characters or 4,000, a row each, and is put together again. One that lacks a piece is cut off, and one whose last piece
is full may be. How a statement ended, and how many rows came out, is not in them. Times are in UTC.
"""
reader = "records"
fields = [
    "user_id", "userid", "usename", "query_id", "query", "xid", "transaction_id", "pid", "session_id", "starttime",
    "start_time", "endtime", "end_time", "sequence", "type", "text", "database_name",
]
needs = ["text", "sequence", "xid|query|query_id|transaction_id", "userid|user_id|usename"]
wrapped = ["message", "_raw"]
parses = {field = "text", dialect = "redshift"}
pieces = {order = "sequence", first = 0, sizes = [200, 4000], by = [
    "userid", "user_id", "usename", "xid", "transaction_id", "pid", "session_id", "query", "query_id", "starttime",
    "start_time",
]}
*/
with named as (
    select
        *,
        trim(coalesce(logged(query_id), logged(query))) as id,
        trim(coalesce(logged(usename), logged(user_id), logged(userid))) as account
    from incoming
),

queries as not materialized ( -- noqa: ST03
    select
        record_no,
        case when text is null and try_cast(sequence as integer) is null then 'neither a text nor a piece of one' end
            as unreadable,
        case when text is null then 'a further piece of a text' end as aside,
        text as query_text,
        id as query_id,
        in_utc(trim(coalesce(starttime, start_time))) as occurred_at,
        in_utc(trim(coalesce(endtime, end_time))) as occurred_until,
        database_name,
        trim(coalesce(pid, session_id)) as session,
        account as recipient,
        account as actor,
        'Amazon Redshift' as system,
        case when regexp_matches(text, '(?i)^\s*unload\b') then 'unload:' else 'redshift:' end || id as link_key
    from named
)

select * from query_transfers('queries', 'redshift')
