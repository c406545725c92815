/*
title = "Keys of a block of JSON lines"
description = """
Asked when a block's bytes do not add up to its known fields, or of logs that are read together, of `odd_logs` whose
own do not: the log, the keys of its records, how many records hold each, how many records there are, and whether any
has to be looked at by itself: because it gives a key twice, or because it holds what may be no JSON though the engine
reads it. At most so many different sets of keys as can be held at once: where there are more, they do not add up to the
records, and each is looked at by itself.
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
),

combinations as (
    select
        t.source_id,
        o.keys,
        count(*) as records,
        bool_or(o.is_odd) as some_odd
    from objects o
    asof inner join together t on o.row_no > t.rows_before
    where getvariable('odd_logs') is null or list_contains(getvariable('odd_logs')::bigint[], t.source_id)
    group by t.source_id, o.keys
)

select
    source_id,
    keys,
    records,
    some_odd or len(keys) <> len(list_distinct(keys)) as unclear
from combinations
limit 10000; -- noqa: AM09
