/*
title = "Give numbers to what is new in a block"
description = """
Parses each new raw text once, gives it the number of its content, and remembers both. The content is
the canonical one: lists sorted, items without blanks, each once; so NDJSON, CSV and Parquet of the same
transfers come to the same numbers.
"""
*/
create or replace temp table fresh_disclosures as
with raw as (
    select
        new_disclosure as raw,
        getvariable('encoding') = 'cell' as cell
    from staged
    where new_disclosure is not null
    group by all
),

parsed as (
    select
        raw,
        case when cell then json_bytes(null, 0)
             else json_bytes(raw.sender, 6) + json_bytes(raw.recipient, 9) + json_bytes(raw.programs, 8)
                 + json_bytes(raw.states, 6) + json_bytes(raw.elements, 8) + json_bytes(raw.populations, 11)
                 + json_bytes(raw.purpose, 7) end as text_bytes,
        case when cell then case when not is_blank(raw.sender) then raw.sender end else text_of(raw.sender) end as sender,
        case when cell then case when not is_blank(raw.recipient) then raw.recipient end else text_of(raw.recipient) end as recipient,
        case when cell then coalesce(cell_items(raw.programs), []) else items_of(raw.programs) end as programs,
        case when cell then coalesce(cell_items(raw.states), []) else items_of(raw.states) end as states,
        case when cell then coalesce(cell_items(raw.elements), []) else items_of(raw.elements) end as elements,
        case when cell then coalesce(cell_items(raw.populations), []) else items_of(raw.populations) end as populations,
        case when cell then case when not is_blank(raw.purpose) then raw.purpose end else text_of(raw.purpose) end as purpose,
        case when cell then []
             else list_filter([
                 {field: 'sender', raw: unreadable_text(raw.sender)},
                 {field: 'recipient', raw: unreadable_text(raw.recipient)},
                 {field: 'programs', raw: unreadable_items(raw.programs)},
                 {field: 'states', raw: unreadable_items(raw.states)},
                 {field: 'elements', raw: unreadable_items(raw.elements)},
                 {field: 'populations', raw: unreadable_items(raw.populations)},
                 {field: 'purpose', raw: unreadable_text(raw.purpose)}
             ], lambda u: u.raw is not null) end::struct(field varchar, raw varchar)[] as unreadable
    from raw
),

contents as (
    select
        *,
        to_json(struct_pack(
            sender := sender, recipient := recipient, programs := programs, states := states,
            elements := elements, populations := populations, purpose := purpose, unreadable := unreadable
        ))::varchar as content
    from parsed
)

select
    c.*,
    coalesce(
        l.disclosure_id,
        (select coalesce(max(disclosure_id), 0) from logged_disclosures)
        + dense_rank() over (partition by l.disclosure_id is null order by c.content)
    )::integer as disclosure_id,
    l.disclosure_id is null as is_new
from contents c
left join logged_disclosures l on c.content = l.content;

insert into logged_disclosures
select distinct disclosure_id, sender, recipient, programs, states, elements, populations, purpose, unreadable, content
from fresh_disclosures
where is_new;

insert into memory.known_disclosures
select
    raw.sender,
    raw.recipient,
    raw.programs,
    raw.states,
    raw.elements,
    raw.populations,
    raw.purpose,
    disclosure_id,
    text_bytes
from fresh_disclosures f
-- Another worker may have met the same text while this one read its block.
anti join memory.known_disclosures k
    on f.raw.sender is not distinct from k.raw_sender
    and f.raw.recipient is not distinct from k.raw_recipient
    and f.raw.programs is not distinct from k.raw_programs
    and f.raw.states is not distinct from k.raw_states
    and f.raw.elements is not distinct from k.raw_elements
    and f.raw.populations is not distinct from k.raw_populations
    and f.raw.purpose is not distinct from k.raw_purpose;

create or replace temp table fresh_contexts as
with raw as (
    select
        new_context as raw,
        getvariable('encoding') = 'cell' as cell
    from staged
    where new_context is not null
    group by all
),

parsed as (
    select
        raw,
        case when cell then json_bytes(null, 0)
             when raw.bad_id is not null or raw.bad_time is not null or raw.bad_count is not null then null
             else json_bytes(raw.actor, 5) + json_bytes(raw.action, 6) + json_bytes(raw.system, 6)
                 + json_bytes(raw.authority, 9) + json_bytes(raw.outcome, 7) end as text_bytes,
        case when cell then case when not is_blank(raw.actor) then raw.actor end else text_of(raw.actor) end as actor,
        case when cell then case when not is_blank(raw.action) then raw.action end else text_of(raw.action) end as action,
        case when cell then case when not is_blank(raw.system) then raw.system end else text_of(raw.system) end as system,
        case when cell then case when not is_blank(raw.authority) then raw.authority end else text_of(raw.authority) end as authority,
        case when cell then case when not is_blank(raw.outcome) then raw.outcome end else text_of(raw.outcome) end as outcome,
        list_filter([
            {field: 'transfer_id', raw: raw.bad_id},
            {field: 'occurred_at', raw: raw.bad_time},
            {field: 'record_count', raw: raw.bad_count},
            {field: 'actor', raw: case when not cell then unreadable_text(raw.actor) end},
            {field: 'action', raw: case when not cell then unreadable_text(raw.action) end},
            {field: 'system', raw: case when not cell then unreadable_text(raw.system) end},
            {field: 'authority', raw: case when not cell then unreadable_text(raw.authority) end},
            {field: 'outcome', raw: case when not cell then unreadable_text(raw.outcome) end}
        ], lambda u: u.raw is not null)::struct(field varchar, raw varchar)[] as unreadable
    from raw
),

contents as (
    select
        *,
        to_json(struct_pack(
            actor := actor, action := action, system := system, authority := authority,
            outcome := outcome, unreadable := unreadable
        ))::varchar as content
    from parsed
)

select
    c.*,
    coalesce(
        l.context_id,
        (select coalesce(max(context_id), 0) from contexts)
        + dense_rank() over (partition by l.context_id is null order by c.content)
    )::integer as context_id,
    l.context_id is null as is_new
from contents c
left join contexts l on c.content = l.content;

insert into contexts
select distinct context_id, actor, action, system, authority, outcome, unreadable, content
from fresh_contexts
where is_new;

insert into memory.known_contexts
select
    raw.actor,
    raw.action,
    raw.system,
    raw.authority,
    raw.outcome,
    raw.bad_id,
    raw.bad_time,
    raw.bad_count,
    context_id,
    text_bytes
from fresh_contexts f
anti join memory.known_contexts k
    on f.raw.actor is not distinct from k.raw_actor
    and f.raw.action is not distinct from k.raw_action
    and f.raw.system is not distinct from k.raw_system
    and f.raw.authority is not distinct from k.raw_authority
    and f.raw.outcome is not distinct from k.raw_outcome
    and f.raw.bad_id is not distinct from k.raw_bad_id
    and f.raw.bad_time is not distinct from k.raw_bad_time
    and f.raw.bad_count is not distinct from k.raw_bad_count;
