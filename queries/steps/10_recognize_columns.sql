/*
title = "Write what a slice of a columnar log says again"
description = """
Of a log whose columns are texts and lists of texts: those records of one slice that say nothing new go into `records`
at once, recognized by their columns as they are. Any other has to be staged. Lists are compared as their items joined
to one text: no item in `said_disclosures` holds what joins them, so with as many items the items are the same.
Returns how many were written.
"""
*/
insert into records
with timed as (
    select
        *,
        instant_of(occurred_at, getvariable('source_zone')) as instant,
        day_of(occurred_at) as day
    from incoming_columns
),

read as (
    select
        record_no,
        transfer_id,
        coalesce(instant, day::timestamp) as occurred_at,
        case
            when instant is not null then moment_of_instant(instant)
            when day is not null then moment_of_day(day)
            else moment_unknown()
        end as moment_id,
        record_count,
        coalesce(is_blank(transfer_id), true)
        or (instant is null and day is null and occurred_at is not null)
        or (has_count and record_count is null) as is_flawed,
        sender,
        recipient,
        array_to_string(programs, chr(31)) as programs,
        array_to_string(states, chr(31)) as states,
        array_to_string(elements, chr(31)) as elements,
        array_to_string(populations, chr(31)) as populations,
        coalesce(list_count(programs), 0) as programs_count,
        coalesce(list_count(states), 0) as states_count,
        coalesce(list_count(elements), 0) as elements_count,
        coalesce(list_count(populations), 0) as populations_count,
        purpose,
        actor,
        action,
        system,
        authority,
        outcome
    from timed
)

select
    getvariable('source_id')::bigint * 68719476736 + r.record_no,
    r.transfer_id,
    r.occurred_at,
    r.moment_id,
    d.disclosure_id,
    c.context_id,
    r.record_count
from read r
inner join said_disclosures d
    on r.sender is not distinct from d.sender
    and r.recipient is not distinct from d.recipient
    and r.programs is not distinct from d.programs
    and r.states is not distinct from d.states
    and r.elements is not distinct from d.elements
    and r.populations is not distinct from d.populations
    and r.programs_count = d.programs_count
    and r.states_count = d.states_count
    and r.elements_count = d.elements_count
    and r.populations_count = d.populations_count
    and r.purpose is not distinct from d.purpose
inner join said_contexts c
    on r.actor is not distinct from c.actor
    and r.action is not distinct from c.action
    and r.system is not distinct from c.system
    and r.authority is not distinct from c.authority
    and r.outcome is not distinct from c.outcome
    -- Joined, not filtered: a filter would read every time once more.
    and r.is_flawed = c.is_flawed;
