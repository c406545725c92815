/*
title = "Snowflake QUERY_HISTORY"
description = """
One statement a record, also where its row of ACCESS_HISTORY was joined to it. Whether data left is read from the
statement, not from QUERY_TYPE: loads are typed UNLOAD in some logs. What a whole table put out is told by the log of
accesses, in the same record or in one linked by the id of the query.
"""
reader = "records"
fields = [
    "query_id", "query_text", "database_name", "user_name", "role_name", "query_tag", "execution_status",
    "error_message", "start_time", "end_time", "p_event_time", "rows_unloaded", "rows_produced", "bytes_written",
    "bytes_written_to_result", "outbound_data_transfer_bytes", "base_objects_accessed", "direct_objects_accessed",
    "policies_referenced", "query_type",
]
needs = ["query_text", "execution_status|warehouse_name|query_type|query_parameterized_hash"]
wrapped = ["message", "_raw"]
parses = {field = "query_text", dialect = "snowflake"}
*/
with read as (
    select
        i.*,
        p.* exclude (text, dialect),
        coalesce(p.problem, case when p.text is null then 'the text is missing' end) as trouble,
        accessed_objects(i.base_objects_accessed) || accessed_objects(i.direct_objects_accessed) as objects,
        objects_cut(i.base_objects_accessed) or objects_cut(i.direct_objects_accessed) as is_cut
    from incoming i
    left join memory.parsed_texts p on p.dialect = 'snowflake' and i.query_text = p.text
),

-- A record that brings its accesses expands its own whole tables; what it does not list stays open.
expanded as (
    select
        *,
        opened_columns(objects, open_tables, excluded) as opened,
        list_filter(open_tables, lambda t: not is_named(t, list_transform(
            list_filter(objects, lambda o: len(o.columns) > 0), lambda o: o.name
        ))) as still_open
    from read
),

told as (
    select
        *,
        (
            case
                when trouble is not null then object_columns(objects)
                else list_sort(list_distinct(put_out(outputs, still_open) || coalesce(opened, [])))
            end
            || case when is_cut and (trouble is not null or len(open_tables) > 0)
                then ['columns that the log cut off'] else [] end
        ) as told_elements
    from expanded
)

select
    record_no,
    case
        when coalesce(query_text, query_id, user_name, execution_status) is null then 'none of the fields of a query'
    end as unreadable,
    case
        when trouble is null and kind = 'select' and len(tables) = 0 and calls_nothing(query_text)
            then 'a query of no table'
        else stays_inside(kind, direction)
    end as set_aside,
    query_id as transfer_id,
    coalesce(start_time, p_event_time) as occurred_at,
    end_time as occurred_until,
    database_of(tables, database_name) as sender,
    nullif(concat_ws('; ', logged(role_name), logged(query_tag), logged(user_name)), '') as recipient,
    user_name as actor,
    query_action(kind, direction, file) as action,
    'Snowflake' as system,
    nullif(list_filter(programs, lambda x: x <> 'unknown'), []) as programs,
    states,
    nullif(told_elements, []) as elements,
    case
        when len(coalesce(told_elements, [])) = 0 then 'unknown'
        when trouble is not null then 'accessed'
        else 'disclosed'
    end as element_basis,
    nullif(populations, []) as populations,
    -- A count of zero rows unloaded stands in the records of all other statements too; what a fetched file
    -- produced is a list of files.
    coalesce(
        nullif(rows_unloaded, '0'),
        case when coalesce(kind, 'unparsed') not in ('unload', 'get', 'share') then rows_produced end
    ) as record_count,
    case
        when upper(execution_status) = 'SUCCESS' then 'success'
        when upper(execution_status) in ('FAIL', 'FAILED', 'FAILED_WITH_ERROR', 'INCIDENT', 'FAILED_WITH_INCIDENT')
            then 'failure'
        else 'unknown'
    end as outcome,
    'query:' || lower(query_id) as link_key,
    file as file_name,
    coalesce(
        nullif(try_cast(outbound_data_transfer_bytes as bigint), 0),
        nullif(try_cast(bytes_written as bigint), 0),
        nullif(try_cast(bytes_written_to_result as bigint), 0)
    ) as bytes,
    population_filter,
    used as used_elements,
    still_open as open_tables,
    excluded,
    nullif(objects, []) as accessed,
    query_text,
    nullif(concat_ws(
        '; ', trouble,
        case when is_cut then 'the list of columns was cut off' end,
        case when len(coalesce(policies_referenced, '')) > 2
            then 'masking or row policies applied: a masked column may not have been disclosed in clear' end
    ), '') as note
from told
