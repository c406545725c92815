/*
title = "Write what a slice of a columnar log says again"
description = """
Those records of one slice that say nothing new go into `records` at once, recognized by what their columns hold. Any
other has to be staged, and so has one without an id or with a value that could not be read. Returns how many were
written.
"""
*/
insert into records
with timed as (
    select
        * replace (
            coalesce(instant, instant_of(occurred_at, getvariable('source_zone'))) as instant,
            coalesce(people, count_of(record_count)) as people
        ),
        day_of(occurred_at) as day
    from incoming
),

read as (
    select
        *,
        coalesce(instant, day::timestamp) as time_read,
        moment_of(instant, day) as moment_id,
        coalesce(is_blank(transfer_id), true)
        or (instant is null and day is null and coalesce(bad_time, occurred_at) is not null)
        or (people is null and coalesce(bad_count, record_count) is not null) as is_flawed
    from timed
)

select
    getvariable('source_id')::bigint * 68719476736 + r.record_no,
    r.transfer_id,
    r.time_read,
    r.moment_id,
    d.disclosure_id,
    c.context_id,
    r.people
from read r
inner join memory.said_disclosures d
    on r.sender is not distinct from d.sender
    and r.recipient is not distinct from d.recipient
    and r.said_programs is not distinct from d.programs
    and r.said_states is not distinct from d.states
    and r.said_elements is not distinct from d.elements
    and r.said_populations is not distinct from d.populations
    and r.purpose is not distinct from d.purpose
    and d.lists_cast = getvariable('lists_cast')
inner join (
    select
        *,
        coalesce(raw.bad_id, raw.bad_time, raw.bad_count) is not null as is_flawed
    from memory.known_contexts
    where encoding = 'json'
) c
    on r.actor is not distinct from c.raw.actor
    and r.action is not distinct from c.raw.action
    and r.system is not distinct from c.raw.system
    and r.authority is not distinct from c.raw.authority
    and r.outcome is not distinct from c.raw.outcome
    -- Joined, not filtered: a filter would read every time once more.
    and r.is_flawed = c.is_flawed
    and not c.is_flawed;
