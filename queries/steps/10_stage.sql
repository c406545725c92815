/*
title = "Stage one block of records"
description = """
Reads the mapped records of one block and recognizes by number what earlier blocks have said already.
Only what is new keeps its text (`new_disclosure`, `new_context`), so the rows stay narrow: writing the
lists a row would cost three times the reading.
"""
*/
create or replace temp table staged as
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
        coalesce(instant, day::timestamp at time zone 'UTC') as occurred_at,
        case
            when instant is not null then moment_of_instant(instant)
            when day is not null then moment_of_day(day)
            else moment_unknown()
        end as moment_id,
        case when instant is null and day is null then coalesce(bad_time, occurred_text) end as bad_time,
        case when record_count is null then coalesce(bad_count, count_text) end as bad_count,
        -- A time that was read is quoted text for certain: no JSON number looks like one.
        case when instant is not null or day is not null then row_bytes end as row_bytes
    from timed
)

select
    m.record_no,
    m.transfer_id,
    m.occurred_at,
    m.moment_id,
    m.record_count,
    d.disclosure_id,
    c.context_id,
    m.row_bytes,
    m.unclear,
    d.text_bytes as disclosure_bytes,
    c.text_bytes as context_bytes,
    case
        when d.disclosure_id is null
            then struct_pack(
                sender := m.sender, recipient := m.recipient, programs := m.programs, states := m.states,
                elements := m.elements, populations := m.populations, purpose := m.purpose
            )
    end as new_disclosure,
    case
        when c.context_id is null
            then struct_pack(
                actor := m.actor, action := m.action, system := m.system, authority := m.authority,
                outcome := m.outcome, bad_id := m.bad_id, bad_time := m.bad_time, bad_count := m.bad_count
            )
    end as new_context
from marked m
left join memory.known_disclosures d
    on m.sender is not distinct from d.raw_sender
    and m.recipient is not distinct from d.raw_recipient
    and m.programs is not distinct from d.raw_programs
    and m.states is not distinct from d.raw_states
    and m.elements is not distinct from d.raw_elements
    and m.populations is not distinct from d.raw_populations
    and m.purpose is not distinct from d.raw_purpose
left join memory.known_contexts c
    on m.actor is not distinct from c.raw_actor
    and m.action is not distinct from c.raw_action
    and m.system is not distinct from c.raw_system
    and m.authority is not distinct from c.raw_authority
    and m.outcome is not distinct from c.raw_outcome
    and m.bad_id is not distinct from c.raw_bad_id
    and m.bad_time is not distinct from c.raw_bad_time
    and m.bad_count is not distinct from c.raw_bad_count;
