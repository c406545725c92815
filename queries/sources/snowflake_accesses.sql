/*
title = "Snowflake ACCESS_HISTORY"
description = """
Which columns each query looked at: those of filters and joins too. The query itself, its role, its rows and its outcome
stand in QUERY_HISTORY; where that is at hand, both are one transfer.
"""
reader = "records"
by_record = true
fields = [
    "query_id", "query_start_time", "user_name", "direct_objects_accessed", "base_objects_accessed",
    "objects_modified", "policies_referenced",
]
wrapped = ["message", "_raw"]
needs = ["query_id", "query_start_time", "base_objects_accessed|direct_objects_accessed"]
*/
with read as (
    select
        *,
        accessed_objects(base_objects_accessed) as base_objects,
        accessed_objects(base_objects_accessed) || accessed_objects(direct_objects_accessed) as objects,
        objects_cut(base_objects_accessed) or objects_cut(direct_objects_accessed) as is_cut,
        len(list_filter(each_inside(direct_objects_accessed, '$[*].location'), lambda x: starts_with(x, 'file:'))) > 0
            as is_upload,
        each_inside(objects_modified, '$[*].objectDomain') as modified,
        each_inside(objects_modified, '$[*].location')
        || each_inside(objects_modified, '$[*].locations[*]') as written_to
    from incoming
),

told as (
    select
        *,
        programs_of_tables(list_transform(objects, lambda o: o.name)) as deduced_programs,
        object_columns(case when len(base_objects) > 0 then base_objects else objects end) as columns,
        list_contains(list_transform(modified, lambda x: lower(x)), 'stage') or len(written_to) > 0 as left_the_tables
    from read
)

select
    record_no,
    case when query_id is null then 'an access without the id of its query' end as unreadable,
    case
        when is_upload then 'a load into the database'
        when len(objects) = 0 and not is_cut then 'no table was looked at'
        when len(modified) > 0 and not left_the_tables then 'a table was written from others'
    end as set_aside,
    query_id || ' (access)' as transfer_id,
    query_start_time as occurred_at,
    databases_of(list_transform(objects, lambda o: o.name), 'snowflake') as places,
    user_name as recipient,
    user_name as actor,
    case
        when len(written_to) > 0 and starts_with(written_to[1], 'file:') then 'download'
        when left_the_tables then 'push'
        else 'query'
    end as action,
    'Snowflake' as system,
    nullif(list_transform(deduced_programs, lambda d: d.item), []) as programs,
    nullif(columns || list_transform(cut_off(is_cut), lambda d: d.item), []) as elements,
    case when len(columns) > 0 or is_cut then 'accessed' else 'unknown' end as element_basis,
    deduced_programs || cut_off(is_cut) as deduced,
    'query:' || lower(query_id) as link_key,
    objects as accessed,
    nullif(concat_ws(
        '; ', case when is_cut then 'the list of columns was cut off' end,
        case when len(coalesce(policies_referenced, '')) > 2
            then 'masking or row policies applied: a masked column may not have been disclosed in clear' end
    ), '') as note
from told
