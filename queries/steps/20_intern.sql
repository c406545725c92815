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
        text,
        json_transform(text, '{
            "sender": "VARCHAR", "recipient": "VARCHAR", "programs": "VARCHAR", "states": "VARCHAR",
            "elements": "VARCHAR", "populations": "VARCHAR", "purpose": "VARCHAR", "element_basis": "VARCHAR",
            "deduced": "VARCHAR"
        }') as raw,
        getvariable('encoding') = 'cell' as cell
    from (
        select distinct new_disclosure as text
        from staged
        where block = getvariable('block') and new_disclosure is not null
    ) fresh
),

-- The fields go through the reading as a list: spelled out one by one, each would bring its own copy of the
-- macros, and planning the statement would take longer than running it.
read_back as (
    select
        text,
        raw,
        cell,
        [
            {field: 'sender', raw: raw.sender, size: 6, is_list: false},
            {field: 'recipient', raw: raw.recipient, size: 9, is_list: false},
            {field: 'programs', raw: raw.programs, size: 8, is_list: true},
            {field: 'states', raw: raw.states, size: 6, is_list: true},
            {field: 'elements', raw: raw.elements, size: 8, is_list: true},
            {field: 'populations', raw: raw.populations, size: 11, is_list: true},
            {field: 'purpose', raw: raw.purpose, size: 7, is_list: false}
        ] as fields
    from raw
),

parsed as (
    select
        text,
        raw,
        list_transform(fields, lambda f: json_bytes(f.raw, f.size)) as sizes,
        list_transform(fields, lambda f: case when not f.is_list then logged_text(f.raw, cell) end) as texts,
        list_transform(fields, lambda f: case when f.is_list then logged_items_of(f.raw, cell) end) as lists,
        list_filter(list_transform(fields, lambda f: {
            field: f.field,
            raw: case
                when cell then null
                when f.is_list then unreadable_items(f.raw)
                else unreadable_text(f.raw)
            end
        }), lambda u: u.raw is not null) as unreadable
    from read_back
),

named as (
    select
        text,
        raw,
        case when list_contains(list_transform(sizes, lambda n: n is null), true) then null else list_sum(sizes) end
            as text_bytes,
        texts[1] as sender,
        texts[2] as recipient,
        lists[3] as programs,
        lists[4] as states,
        lists[5] as elements,
        lists[6] as populations,
        texts[7] as purpose,
        raw.element_basis,
        unreadable,
        json_transform(raw.deduced, '[{"kind": "VARCHAR", "item": "VARCHAR", "why": "VARCHAR"}]') as told_deduced
    from parsed
),

-- An item that a source names and does not give after all was not deduced either.
known as (
    select
        * exclude (told_deduced),
        nullif(list_sort(list_distinct(list_filter(told_deduced, lambda d: list_contains(
            case d.kind
                when 'program' then programs
                when 'state' then states
                when 'element' then elements
                when 'population' then populations
                -- Where the data lay, and whose systems wrote the log.
                when 'place' then [sender]
                when 'sender' then [d.item]
            end, d.item
        )))), []) as deduced
    from named
),

contents as (
    select
        *,
        to_json(struct_pack(
            sender := sender, recipient := recipient, programs := programs, states := states,
            elements := elements, populations := populations, purpose := purpose, unreadable := unreadable
        ))::varchar
        -- Behind the rest, so that the ids made of what a canonical log says stay what they were.
        || coalesce(element_basis, '')
        || coalesce(to_json(deduced)::varchar, '') as content
    from known
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

insert into logged_disclosures (
    disclosure_id, sender, recipient, programs, states, elements, populations, purpose, unreadable, content,
    element_basis, deduced
)
select distinct
    disclosure_id, sender, recipient, programs, states, elements, populations, purpose, unreadable, content,
    element_basis, deduced
from fresh_disclosures
where is_new;

insert into memory.known_disclosures
select
    f.text,
    f.raw,
    f.disclosure_id,
    f.text_bytes,
    getvariable('encoding')
from fresh_disclosures f
-- Another worker may have met the same text while this one read its block.
anti join memory.known_disclosures k on f.text = k.text and k.encoding = getvariable('encoding');

create or replace temp table fresh_contexts as
with raw as (
    select
        text,
        json_transform(text, '{
            "actor": "VARCHAR", "action": "VARCHAR", "system": "VARCHAR", "authority": "VARCHAR",
            "outcome": "VARCHAR", "bad_id": "VARCHAR", "bad_time": "VARCHAR", "bad_count": "VARCHAR"
        }') as raw,
        getvariable('encoding') = 'cell' as cell
    from (
        select distinct new_context as text
        from staged
        where block = getvariable('block') and new_context is not null
    ) fresh
),

read_back as (
    select
        text,
        raw,
        cell,
        [
            {field: 'actor', raw: raw.actor, size: 5},
            {field: 'action', raw: raw.action, size: 6},
            {field: 'system', raw: raw.system, size: 6},
            {field: 'authority', raw: raw.authority, size: 9},
            {field: 'outcome', raw: raw.outcome, size: 7}
        ] as fields,
        [
            {field: 'transfer_id', raw: raw.bad_id},
            {field: 'occurred_at', raw: raw.bad_time},
            {field: 'record_count', raw: raw.bad_count}
        ] as bad_fields
    from raw
),

parsed as (
    select
        text,
        raw,
        list_transform(fields, lambda f: json_bytes(f.raw, f.size)) as sizes,
        list_transform(fields, lambda f: logged_text(f.raw, cell)) as texts,
        list_filter(
            bad_fields || list_transform(fields, lambda f: {
                field: f.field, raw: case when not cell then unreadable_text(f.raw) end
            }),
            lambda u: u.raw is not null
        ) as unreadable
    from read_back
),

named as (
    select
        text,
        raw,
        case
            when raw.bad_id is not null or raw.bad_time is not null or raw.bad_count is not null then null
            when list_contains(list_transform(sizes, lambda n: n is null), true) then null
            else list_sum(sizes)
        end as text_bytes,
        texts[1] as actor,
        texts[2] as action,
        texts[3] as system,
        texts[4] as authority,
        texts[5] as outcome,
        unreadable
    from parsed
),

contents as (
    select
        *,
        to_json(struct_pack(
            actor := actor, action := action, system := system, authority := authority,
            outcome := outcome, unreadable := unreadable
        ))::varchar as content
    from named
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
    f.text,
    f.raw,
    f.context_id,
    f.text_bytes,
    getvariable('encoding')
from fresh_contexts f
anti join memory.known_contexts k on f.text = k.text and k.encoding = getvariable('encoding');
