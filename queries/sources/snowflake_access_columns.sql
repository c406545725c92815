/*
title = "Snowflake ACCESS_HISTORY, a row a column"
description = """
The log of accesses as it is often flattened: a row for each column that a query looked at. The rows of one query are
one transfer, and the same as its record in QUERY_HISTORY.
"""
reader = "records"
by_record = true
fields = [
    "query_id", "query_start_time", "user_name", "role_name", "object_name", "table_name", "base_object_name",
    "direct_object_name", "column_name",
]
needs = [
    "query_id", "query_start_time|user_name", "object_name|table_name|base_object_name|direct_object_name",
    "column_name",
]
*/
with named as (
    select
        *,
        coalesce(
            logged(base_object_name), logged(direct_object_name), logged(object_name), logged(table_name)
        ) as object,
        logged(column_name) as looked_at
    from incoming
)

select
    record_no,
    case when query_id is null or object is null then 'names no query or no table' end as unreadable,
    query_start_time as occurred_at,
    databases_of([object], 'snowflake') as places,
    joined([logged(role_name), logged(user_name)], '; ') as recipient,
    user_name as actor,
    'query' as action,
    'Snowflake' as system,
    nullif(list_transform(programs_of_tables([object]), lambda d: d.item), []) as programs,
    case when looked_at is not null then [looked_at] end as elements,
    case when looked_at is null then 'unknown' else 'accessed' end as element_basis,
    programs_of_tables([object]) as deduced,
    'query:' || lower(query_id) as link_key,
    [{'name': object, 'columns': list_filter([looked_at], lambda c: c is not null)}] as accessed
from named
