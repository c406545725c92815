/*
title = "Mapped records that need a closer look"
description = """
How many rows a block has, and how many different numbers; how many records are unreadable and how many set aside. Of
the transfers, how many have no id, which is then made of all that they say, what no source reads included; and how many
have times that are spelled otherwise than canonical ones. Making such ids and reading such times takes as long as
reading the records, and is left out where there are none.
"""
*/
with looked_at as (
    select
        record_no,
        set_aside is null and unreadable is null as is_transfer,
        unreadable is not null as is_unreadable,
        unless_blank(transfer_id) is null as is_nameless,
        -- A register reads its cells itself: what it leaves alone may be of either order of day and month.
        log <> 'register'
        and (is_spelled_otherwise(occurred_at) or is_spelled_otherwise(occurred_until)) as is_oddly_timed
    from mapped_rows
)

select
    count(*),
    count(distinct record_no),
    count(*) filter (where is_unreadable),
    count(*) filter (where not is_transfer and not is_unreadable),
    count(*) filter (where is_transfer and is_nameless),
    count(*) filter (where is_transfer and is_oddly_timed)
from looked_at
