/*
title = "Stage one block of records"
description = """
Reads the mapped records of one block and recognizes by number what earlier blocks have said already.
Only what is new keeps its text (`new_disclosure`, `new_context`), so the rows stay narrow: writing the
lists a row would cost three times the reading.
"""
*/
insert into staged
with timed as (
    select
        *,
        instant_of(occurred_text, getvariable('source_zone')) as instant,
        day_of(occurred_text) as day,
        count_of(count_text) as record_count
    from mapped
),

marked as (
    select
        * exclude (instant, day, occurred_text, count_text, bad_time, bad_count, record_count, row_bytes),
        record_count,
        coalesce(instant, day::timestamp) as occurred_at,
        moment_of(instant, day) as moment_id,
        case when instant is null and day is null then coalesce(bad_time, unless_blank(occurred_text)) end as bad_time,
        case when record_count is null then coalesce(bad_count, unless_blank(count_text)) end as bad_count,
        -- A time that was read is quoted text for certain: no JSON number looks like one. A count is a bare
        -- number of one spelling only if it is whole and in canonical digits.
        case when (instant is not null or day is not null) and not coalesce(contains(count_text, '.'), false)
            then row_bytes end as row_bytes
    from timed
),

flawed as (
    select
        *,
        bad_id is not null or bad_time is not null or bad_count is not null as flawed
    from marked
)

select
    getvariable('block')::integer,
    m.record_no,
    m.transfer_id,
    m.occurred_at,
    m.moment_id,
    m.record_count,
    d.disclosure_id,
    case when not m.flawed then c.context_id end,
    m.row_bytes,
    m.unclear,
    d.text_bytes,
    case when not m.flawed then c.text_bytes end,
    case
        when d.disclosure_id is null
            then to_json(struct_pack(
                sender := m.sender, recipient := m.recipient, programs := m.programs, states := m.states,
                elements := m.elements, populations := m.populations, purpose := m.purpose,
                element_basis := m.element_basis
            ))::varchar
    end,
    case
        when m.flawed or c.context_id is null
            then to_json(struct_pack(
                actor := m.actor, action := m.action, system := m.system, authority := m.authority,
                outcome := m.outcome, bad_id := m.bad_id, bad_time := m.bad_time, bad_count := m.bad_count
            ))::varchar
    end,
    -- Of a record without an id all it says makes the id.
    case when m.transfer_id is null then m.unread end
from flawed m
left join memory.known_disclosures d
    on m.sender is not distinct from d.raw.sender
    and m.recipient is not distinct from d.raw.recipient
    and m.programs is not distinct from d.raw.programs
    and m.states is not distinct from d.raw.states
    and m.elements is not distinct from d.raw.elements
    and m.populations is not distinct from d.raw.populations
    and m.purpose is not distinct from d.raw.purpose
    and m.element_basis is not distinct from d.raw.element_basis
    -- What a canonical log says is never deduced.
    and d.raw.deduced is null
    and d.encoding = getvariable('encoding')
left join (
    -- A context with a value that could not be read is rare, and its own: it is never recognized.
    select *
    from memory.known_contexts
    where coalesce(raw.bad_id, raw.bad_time, raw.bad_count) is null and encoding = getvariable('encoding')
) c
    on m.actor is not distinct from c.raw.actor
    and m.action is not distinct from c.raw.action
    and m.system is not distinct from c.raw.system
    and m.authority is not distinct from c.raw.authority
    and m.outcome is not distinct from c.raw.outcome;
