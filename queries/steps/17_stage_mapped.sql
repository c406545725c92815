/*
title = "Stage one block of mapped records"
description = """
As `stage`, for what the SQL of another system's format returned. What the records disclose is compared as it stands;
only each different combination becomes JSON text, which costs more than all the rest.
"""
*/
insert into staged
with transfers as not materialized (
    select
        *,
        coalesce(arrives, false) as comes_in
    from mapped_rows
    where set_aside is null and unreadable is null
),

-- Of sayings with the same lists, one stands for all.
shared_lists as (
    select
        unnest(said_nos) as said_no,
        said_nos[1] as lists_no
    from (
        select list(said_no) as said_nos
        from mapped_sayings
        group by places, programs, states, elements, populations, deduced
    ) different
),

timed as materialized (
    select
        p.record_no,
        actor,
        action,
        system,
        authority,
        outcome,
        p.occurred_at,
        record_count,
        coalesce(
            unless_blank(transfer_id),
            -- Two files fetched in one second are two transfers: all of the record tells them apart.
            content_id
        ) as transfer_id,
        instant_of(coalesce(s.occurred_at, p.occurred_at), getvariable('source_zone')) as instant,
        day_of(coalesce(s.occurred_at, p.occurred_at)) as day,
        count_of(record_count) as people
    from transfers p
    left join content_ids c on p.record_no = c.record_no
    left join spelled_times s on p.record_no = s.record_no
),

-- Each with its records: lists are looked at once, and joined by nothing longer than a number.
different_disclosures as (
    select
        lists_no,
        comes_in,
        -- What came in was sent by whoever brought it, and received by whose system it is.
        case when comes_in then coalesce(sender, actor) else sender end as named_sender,
        case when comes_in then coalesce(recipient, getvariable('held_by')) else recipient end as recipient,
        places,
        programs,
        states,
        elements,
        populations,
        purpose,
        element_basis,
        deduced,
        list(record_no) as record_nos
    from transfers t
    left join shared_lists l on t.said_no = l.said_no
    group by all
),

-- A record has lists of its own, or shares all of them.
told_disclosures as (
    select
        d.* replace (
            coalesce(d.places, s.places) as places,
            coalesce(d.programs, s.programs) as programs,
            coalesce(d.states, s.states) as states,
            coalesce(d.elements, s.elements) as elements,
            coalesce(d.populations, s.populations) as populations,
            coalesce(d.deduced, s.deduced) as deduced
        )
    from different_disclosures d
    left join mapped_sayings s on d.lists_no = s.said_no
),

-- Where the log does not say whose data moved: where they lay, or whose systems wrote the log.
held as (
    select
        *,
        nullif(array_to_string(places, '; '), '') as place,
        case when not comes_in then getvariable('held_by') end as holder
    from told_disclosures
),

worded_disclosures as (
    select
        record_nos,
        to_json(struct_pack(
            sender := to_json(coalesce(named_sender, place, holder))::varchar, recipient := to_json(recipient)::varchar,
            programs := to_json(programs)::varchar, states := to_json(states)::varchar,
            elements := to_json(elements)::varchar, populations := to_json(populations)::varchar,
            purpose := to_json(purpose)::varchar, element_basis := element_basis,
            deduced := to_json(nullif(
                coalesce(deduced, [])
                || case when named_sender is null then as_deduced('place', [place], where_it_lay()) else [] end
                || case
                    when named_sender is null or is_opaque(named_sender)
                        then as_deduced('sender', [holder], '--held-by ' || holder)
                    else []
                end, []
            ))::varchar
        ))::varchar as text
    from held
),

said as (
    select
        unnest(w.record_nos) as record_no,
        k.disclosure_id,
        k.text_bytes as disclosure_bytes,
        case when k.disclosure_id is null then w.text end as new_disclosure
    from worded_disclosures w
    left join memory.known_disclosures k on w.text = k.text and k.encoding = getvariable('encoding')
),

different_contexts as (
    select
        actor,
        action,
        system,
        authority,
        outcome,
        case when instant is null and day is null then unless_blank(occurred_at) end as bad_time,
        case when people is null then unless_blank(record_count) end as bad_count,
        list(record_no) as record_nos
    from timed
    group by all
),

worded_contexts as (
    select
        record_nos,
        to_json(struct_pack(
            actor := to_json(actor)::varchar, action := to_json(action)::varchar, system := to_json(system)::varchar,
            authority := to_json(authority)::varchar, outcome := to_json(outcome)::varchar,
            bad_id := null::varchar, bad_time := bad_time, bad_count := bad_count
        ))::varchar as text
    from different_contexts
),

seen as (
    select
        unnest(w.record_nos) as record_no,
        k.context_id,
        k.text_bytes as context_bytes,
        case when k.context_id is null then w.text end as new_context
    from worded_contexts w
    left join memory.known_contexts k on w.text = k.text and k.encoding = getvariable('encoding')
)

select
    getvariable('block')::integer,
    m.record_no,
    m.transfer_id,
    coalesce(m.instant, m.day::timestamp),
    moment_of(m.instant, m.day),
    m.people,
    d.disclosure_id,
    c.context_id,
    null::bigint,
    false,
    d.disclosure_bytes,
    c.context_bytes,
    d.new_disclosure,
    c.new_context,
    null::varchar
from timed m
inner join said d on m.record_no = d.record_no
inner join seen c on m.record_no = c.record_no;
