/*
title = "Keys of a block of JSON records"
description = """
Which keys the records of a block have, null for lines that are no JSON objects, and which of the records have to be
looked at one by one: because they give a key twice, or because their line is no such object, or may be none though the
engine reads it.
"""
*/
with objects as (
    select
        record_no,
        -- An empty object is rare enough to look at twice: what is no object has no keys either.
        case
            when len(json_keys(record)) > 0 or json_type(record) = 'OBJECT' then json_keys(record)
        end as keys,
        may_be_no_json(envelope::varchar) as is_odd
    from raw_records
)

select
    keys,
    case
        when len(keys) = len(list_distinct(keys)) then coalesce(list(record_no) filter (is_odd), [])
        else list(record_no)
    end as odd_rows
from objects
group by keys;
