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
counts = "rows"
*/
-- What a statement put out is told once for all the times it ran: a history of a million has some thousand of them.
with statements as (
    select distinct
        query_text,
        base_objects_accessed,
        direct_objects_accessed
    from incoming
),

read as (
    select
        s.*,
        p.* exclude (text, dialect),
        coalesce(p.problem, case when p.text is null then 'the text is missing' end) as trouble,
        accessed_objects(s.base_objects_accessed) || accessed_objects(s.direct_objects_accessed) as objects,
        objects_cut(s.base_objects_accessed) or objects_cut(s.direct_objects_accessed) as is_cut
    from statements s
    left join memory.parsed_texts p on p.dialect = 'snowflake' and s.query_text = p.text
),

-- A record that brings its accesses expands its own whole tables; what it does not list stays open.
expanded as (
    select
        *,
        opened_columns(objects, open_tables, excluded) as opened,
        list_filter(open_tables, lambda t: not is_named(t, list_transform(
            list_filter(objects, lambda o: len(o.columns) > 0), lambda o: o.name
        ))) as still_open,
        cut_off(is_cut and (trouble is not null or len(open_tables) > 0)) as lost
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
            || list_transform(lost, lambda d: d.item)
        ) as told_elements
    from expanded
),

meant as (
    select
        *,
        case
            when trouble is null and kind = 'select' and len(tables) = 0 and calls_nothing(query_text)
                then 'a query of no table'
            else stays_inside(kind, direction)
        end as stays,
        database_of(tables, null::varchar) as named_database,
        query_action(kind, direction, file) as action,
        nullif(list_filter(programs, lambda x: x <> 'unknown'), []) as known_programs,
        nullif(told_elements, []) as elements,
        case
            when aggregate then 'aggregate'
            when len(coalesce(told_elements, [])) = 0 then 'unknown'
            when trouble is not null then 'accessed'
            else 'disclosed'
        end as element_basis,
        nullif(populations, []) as known_populations,
        nullif(objects, []) as accessed,
        -- Its own zero of unloaded rows stands in the record of every query.
        kind = 'unload' as is_unload,
        trouble is null and kind in ('select', 'unload') as shows_rows,
        coalesce(deduced, []) || lost as all_deduced
    from told
)

select
    i.record_no,
    case
        when coalesce(i.query_text, i.query_id, i.user_name, i.execution_status) is null
            then 'none of the fields of a query'
    end as unreadable,
    m.stays as set_aside,
    i.query_id as transfer_id,
    coalesce(i.start_time, i.p_event_time) as occurred_at,
    i.end_time as occurred_until,
    coalesce(m.named_database, i.database_name) as sender,
    nullif(concat_ws('; ', logged(i.role_name), logged(i.query_tag), logged(i.user_name)), '') as recipient,
    i.user_name as actor,
    m.action,
    'Snowflake' as system,
    m.known_programs as programs,
    m.states,
    m.elements,
    m.element_basis,
    m.known_populations as populations,
    -- A count of zero rows unloaded stands in the records of all other statements too; what a fetched file
    -- produced is a list of files.
    coalesce(
        nullif(i.rows_unloaded, '0'),
        case when coalesce(m.kind, 'unparsed') not in ('unload', 'get', 'share') then i.rows_produced end
    ) as record_count,
    case
        when
            upper(i.execution_status) = 'SUCCESS' and m.shows_rows
            and coalesce(case when m.is_unload then i.rows_unloaded else i.rows_produced end, '') = '0'
            and coalesce(nullif(i.rows_unloaded, '0'), nullif(i.rows_produced, '0')) is null
            and coalesce(try_cast(i.outbound_data_transfer_bytes as bigint), 0) = 0
            then 'empty'
        when upper(i.execution_status) = 'SUCCESS' then 'success'
        when upper(i.execution_status) in ('FAIL', 'FAILED', 'FAILED_WITH_ERROR', 'INCIDENT', 'FAILED_WITH_INCIDENT')
            then 'failure'
        else 'unknown'
    end as outcome,
    'query:' || lower(i.query_id) as link_key,
    m.file as file_name,
    coalesce(
        nullif(try_cast(i.outbound_data_transfer_bytes as bigint), 0),
        nullif(try_cast(i.bytes_written as bigint), 0),
        nullif(try_cast(i.bytes_written_to_result as bigint), 0)
    ) as bytes,
    m.all_deduced as deduced,
    m.population_filter,
    m.used as used_elements,
    m.still_open as open_tables,
    m.excluded,
    m.accessed,
    i.query_text,
    nullif(concat_ws(
        '; ', m.trouble,
        case when m.is_cut then 'the list of columns was cut off' end,
        case when len(coalesce(i.policies_referenced, '')) > 2
            then 'masking or row policies applied: a masked column may not have been disclosed in clear' end
    ), '') as note
from incoming i
left join meant m
    on i.query_text is not distinct from m.query_text
    and i.base_objects_accessed is not distinct from m.base_objects_accessed
    and i.direct_objects_accessed is not distinct from m.direct_objects_accessed
