/*
title = "Keys of logs that were read together"
description = """
As those of a block of JSON lines, for each log of `odd_logs`: those whose bytes do not add up to their known fields.
"""
*/
with objects as (
    select
        row_number() over () as row_no,
        json_keys(json) as keys,
        may_be_no_json(json::varchar) as is_odd
    from read_ndjson_objects(
        getvariable('block_path'),
        format = 'newline_delimited',
        compression = 'none',
        maximum_object_size = getvariable('block_object_size')
    )
)

select
    t.source_id,
    o.keys,
    count(*) as records,
    bool_or(o.is_odd) or len(o.keys) <> len(list_distinct(o.keys)) as unclear
from objects o
asof inner join together t on o.row_no > t.rows_before
where list_contains(getvariable('odd_logs')::bigint[], t.source_id)
group by t.source_id, o.keys;
