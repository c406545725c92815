/*
title = "Mapped records that need a closer look"
description = """
How many rows a block has, and how many different numbers; how many records are unreadable, how many set aside, and how
many are calls or were run by one. Of the transfers, how many have no id, which is then made of all that they say, what
no source reads included; and how many have times that are spelled otherwise than canonical ones. Making such ids and
reading such times takes as long as reading the records, and is left out where there are none.
"""
*/
with sorted as (
    select
        log,
        record_no,
        transfer_id,
        occurred_at,
        occurred_until,
        is_call or len(ran_by) > 0 as calls,
        case when unreadable is not null then 'unreadable' when set_aside is not null then 'aside' end as otherwise
    from mapped_rows
)

select
    count(*),
    count(distinct record_no),
    count(*) filter (where otherwise = 'unreadable'),
    count(*) filter (where otherwise = 'aside'),
    count(*) filter (where calls),
    count(*) filter (where otherwise is null and unless_blank(transfer_id) is null),
    count(*) filter (where case
        -- A register reads its cells itself: what it leaves alone may be of either order of day and month.
        when otherwise is null and log <> 'register'
            then is_spelled_otherwise(occurred_at) or is_spelled_otherwise(occurred_until)
    end)
from sorted
