/*
title = "Snowflake QUERY_HISTORY"
description = """
One statement a record, also where its row of ACCESS_HISTORY was joined to it. Whether data left is read from the
statement, not from QUERY_TYPE: loads are typed UNLOAD in some logs. What a whole table put out is told by the log of
accesses, in the same record or in one linked by the id of the query. A text of several statements, and a call of a
procedure, are not counted beside the records of the statements that they ran, in whatever log these stand, unless they
tell of more.
"""
reader = "records"
fields = [
    "query_id", "query_text", "database_name", "user_name", "role_name", "query_tag", "execution_status", "status",
    "error_code", "error_message", "start_time", "end_time", "p_event_time", "rows_unloaded", "rows_produced",
    "bytes_written", "bytes_written_to_result", "outbound_data_transfer_bytes", "base_objects_accessed",
    "direct_objects_accessed", "policies_referenced", "query_type", "session_id", "parent_query_id", "root_query_id",
]
needs = [
    "query_text", "execution_status|warehouse_name|role_name|query_type|query_parameterized_hash",
    "execution_status|warehouse_name|role_name|user_name|query_parameterized_hash",
]
wrapped = ["message", "_raw"]
parses = {field = "query_text", dialect = "snowflake"}
counts = "rows"
*/
with queries as not materialized ( -- noqa: ST03
    select
        record_no,
        case
            when coalesce(query_text, query_id, user_name, execution_status) is null
                then 'none of the fields of a query'
        end as unreadable,
        -- Where nothing that a call ran shows rows, the call itself may have.
        case
            when
                coalesce(logged(parent_query_id), logged(root_query_id)) is not null
                and regexp_matches(query_text, '(?i)^(\s|\(|/\*.*?\*/)*(select|with|table|copy|get|unload)\b')
                then [parent_query_id, root_query_id]
            else []
        end as ran_by,
        query_text,
        query_id,
        coalesce(start_time, p_event_time) as occurred_at,
        end_time as occurred_until,
        database_name,
        session_id as session,
        joined([logged(role_name), logged(query_tag), logged(user_name)], '; ') as recipient,
        user_name as actor,
        'Snowflake' as system,
        query_type as logged_type,
        case
            when coalesce(logged(execution_status), logged(status)) is null
                and coalesce(logged(error_code), logged(error_message)) is not null
                then 'failure'
            else query_status(coalesce(logged(execution_status), status))
        end as status,
        -- Where bytes went out, no rows are not nothing.
        case
            when coalesce(try_cast(outbound_data_transfer_bytes as bigint), 0) = 0 or rows_produced <> '0'
                then rows_produced
        end as row_count,
        rows_unloaded as unloaded_rows,
        coalesce(
            nullif(try_cast(outbound_data_transfer_bytes as bigint), 0),
            nullif(try_cast(bytes_written as bigint), 0),
            nullif(try_cast(bytes_written_to_result as bigint), 0)
        ) as bytes,
        'query:' || lower(query_id) as link_key,
        base_objects_accessed as base_objects,
        direct_objects_accessed as direct_objects,
        case
            when len(coalesce(policies_referenced, '')) > 2
                then 'masking or row policies applied: a masked column may not have been disclosed in clear'
        end as remark
    from incoming
)

select * from query_transfers('queries', 'snowflake')
