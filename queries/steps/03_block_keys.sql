/*
title = "Keys of a block of JSON lines"
description = """
Asked when a block's bytes do not add up to its known fields, or of logs that are read together, of `odd_logs` whose
own do not: the log, the keys that some of its records have, null for lines that are no JSON, the rows of these records,
and of them those which hold what may be no JSON though the engine reads it. At most so many different sets of keys as
can be held at once: where there are more, they do not add up to the lines, and each is looked at by itself.
"""
*/
with objects as (
    select
        row_no,
        json_keys(json) as keys,
        may_be_no_json(json::varchar) as is_odd
    from memory.block_objects(getvariable('block_object_size'))
)

select
    t.source_id,
    o.keys,
    list(o.row_no) as row_nos,
    coalesce(list(o.row_no) filter (o.is_odd), []) as odd_rows
from objects o
asof inner join together t on o.row_no > t.rows_before
where getvariable('odd_logs') is null or list_contains(getvariable('odd_logs')::bigint[], t.source_id)
group by t.source_id, o.keys
order by count(*) desc, o.keys
limit 10000;
