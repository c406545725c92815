/*
title = "Databricks query history"
description = """
Rows of `system.query.history`, and the lists of the workspace's own interface: one statement each. What left is read
from the text: the columns that it put out, where to, and about whom. Where it cannot be read, the type of the statement
decides, and what is of no known type stays among the transfers.
"""
reader = "records"
by_record = true
fields = [
    "statement_id", "query_id", "executed_by", "executed_by_user_id", "user_name", "executed_as_user_name", "user_id",
    "statement_text", "query_text", "statement_type", "execution_status", "status", "start_time", "query_start_time_ms",
    "end_time", "execution_end_time_ms", "query_end_time_ms", "produced_rows", "rows_produced", "session_id",
]
needs = [
    "statement_id|query_id", "statement_text|query_text", "execution_status|statement_type|status",
    "executed_by|executed_by_user_id|query_start_time_ms|executed_as_user_name",
]
inside = ["res"]
wrapped = ["message", "_raw"]
parses = {field = "statement_text|query_text", dialect = "databricks"}
counts = "rows"
*/
with named as (
    select
        *,
        coalesce(statement_text, query_text) as text,
        logged(coalesce(statement_id, query_id)) as id,
        coalesce(start_time, query_start_time_ms) as began,
        coalesce(end_time, execution_end_time_ms, query_end_time_ms) as ended,
        -- The account that a dashboard runs as is not who asked.
        coalesce(logged(executed_by), logged(user_name), logged(executed_by_user_id), logged(user_id)) as account
    from incoming
),

queries as not materialized ( -- noqa: ST03
    select
        record_no,
        case when id is null and text is null then 'it holds no statement' end as unreadable,
        text as query_text,
        id as query_id,
        began as occurred_at,
        ended as occurred_until,
        session_id as session,
        account as recipient,
        account as actor,
        'Databricks' as system,
        statement_type as logged_type,
        query_status(coalesce(execution_status, status)) as status,
        coalesce(produced_rows, rows_produced) as row_count,
        'statement:' || lower(id) as link_key
    from named
)

select * from query_transfers('queries', 'databricks')
