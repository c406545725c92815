/*
title = "Databricks lineage of tables and columns"
description = """
Rows of `system.access.table_lineage` and `column_lineage`: what was read, by whom, and where it was written. One row a
pair of columns. Columns that only a filter used are not in it, nor is what was read outside of a notebook and written
nowhere.
"""
reader = "records"
by_record = true
fields = [
    "event_id", "record_id", "entity_type", "entity_id", "entity_run_id", "statement_id", "source_table_full_name",
    "source_path", "source_type", "source_column_name", "target_table_full_name", "target_path", "target_type",
    "target_column_name", "created_by", "event_time",
]
needs = ["source_table_full_name", "target_table_full_name", "event_time"]
wrapped = ["message", "_raw"]
*/
with read_rows as (
    select
        *,
        coalesce(logged(source_table_full_name), logged(source_path)) as came_from,
        coalesce(logged(target_table_full_name), logged(target_path)) as went_to,
        -- A path is a place outside of the catalog, unless it is that of one of its tables.
        logged(target_table_full_name) is null and logged(target_path) is not null as left_catalog,
        logged(source_column_name) as source_column
    from incoming
)

select
    record_no,
    case
        when event_time is null and came_from is null and went_to is null then 'it names neither table nor time'
    end as unreadable,
    case
        when came_from is null then 'data written that came from no table'
        when went_to is not null and not left_catalog then 'a table was written from others'
    end as set_aside,
    -- Lineage numbers its rows where it numbers anything: an event's id stands in a row for each of its columns.
    coalesce(record_id, 'content-' || left(sha256(concat_ws(
        chr(10), event_id, event_time, entity_type, entity_id, entity_run_id, statement_id, came_from,
        source_column_name, went_to, target_column_name, created_by
    )), 32)) as transfer_id,
    coalesce(instant_of_epoch(event_time), event_time) as occurred_at,
    logged(created_by) as recipient,
    logged(created_by) as actor,
    case when left_catalog then 'push' else 'query' end as action,
    'Databricks' as system,
    'success' as outcome,
    case when source_column is not null then [source_column] end as elements,
    case when source_column is not null then 'accessed' else 'unknown' end as element_basis,
    case
        when logged(statement_id) is not null then 'statement:' || lower(statement_id)
        when logged(entity_run_id) is not null then 'run:' || entity_run_id
    end as link_key,
    case when left_catalog then target_path end as file_name,
    [{'name': came_from, 'columns': case when source_column is null then [] else [source_column] end}] as accessed,
    case
        when source_column is null then 'a row of tables: its columns are not logged'
        else 'only columns that were written or read by a notebook'
    end as note
from read_rows
