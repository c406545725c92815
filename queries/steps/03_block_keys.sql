/*
title = "Keys of a block of JSON lines"
description = """
Asked when a block's bytes do not add up to its known fields: the keys of its records, how many records
hold each, how many records there are, and whether any gives a key twice.
"""
*/
with objects as (
    select json_keys(json) as keys
    from read_ndjson_objects(
        getvariable('block_path'),
        format = 'newline_delimited',
        compression = 'none',
        maximum_object_size = getvariable('block_object_size')
    )
),

combinations as (
    select
        keys,
        count(*) as records
    from objects
    group by keys
)

select
    keys,
    records,
    len(keys) <> len(list_distinct(keys)) as repeated
from combinations;
