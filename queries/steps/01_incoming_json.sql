/*
title = "Open a block of JSON lines"
description = """
The records of one block as JSON texts under the canonical names. The two lines of ours in front of them, which
`block_records` reads, name the keys the log is known to have, in the order of the names below and the unknown ones
behind them, with `x` for a field that is read as text, and for any other a list and an object, no type together.
"""
*/
create or replace temp view incoming as
with numbered as (
    select
        b.record_no,
        concat_ws(',', null, *columns(* exclude (
            record_no, transfer_id, occurred_at, record_count, sender, recipient, actor, action, system, authority,
            programs, states, elements, populations, purpose, outcome
        ))) as others,
        transfer_id,
        occurred_at,
        record_count,
        sender,
        recipient,
        actor,
        action,
        system,
        authority,
        programs,
        states,
        elements,
        populations,
        purpose,
        outcome
    from memory.block_records(getvariable('block_object_size')) b (
        record_no, transfer_id, occurred_at, record_count, sender, recipient, actor, action, system, authority,
        programs, states, elements, populations, purpose, outcome
    )
)

select
    *,
    null::varchar as bad_id,
    null::varchar as bad_time,
    null::varchar as bad_count,
    -- Where a record without an id has other fields, its block is read record by record.
    null::json as unread
from numbered
where record_no > 0;
