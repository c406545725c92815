/*
title = "Keys of a block of JSON records"
description = """
Which keys the records of a block have, how many records have just these, and whether any of them has to be looked
at by itself: because it gives a key twice, or because its line holds what may be no JSON though the engine reads it.
Null keys: lines that are no JSON objects.
"""
*/
with objects as (
    select
        -- An empty object is rare enough to look at twice: what is no object has no keys either.
        case
            when len(json_keys(record)) > 0 or json_type(record) = 'OBJECT' then json_keys(record)
        end as keys,
        may_be_no_json(envelope::varchar) as is_odd
    from raw_records
)

select
    keys,
    count(*) as records,
    bool_or(is_odd) or len(keys) <> len(list_distinct(keys)) as unclear
from objects
group by keys;
