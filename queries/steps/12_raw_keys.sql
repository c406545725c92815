/*
title = "Keys of a block of JSON records"
description = """
Which keys the records of a block have, how many records have just these, and whether one of the keys is given
twice. Null keys: lines that are no JSON objects.
"""
*/
with objects as (
    select
        -- An empty object is rare enough to look at twice: what is no object has no keys either.
        case
            when len(json_keys(record)) > 0 or json_type(record) = 'OBJECT' then json_keys(record)
        end as keys
    from raw_records
)

select
    keys,
    count(*) as records,
    len(keys) <> len(list_distinct(keys)) as repeated
from objects
group by keys;
