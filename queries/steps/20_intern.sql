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
        first_record,
        json_transform(text, '{
            "sender": "VARCHAR", "recipient": "VARCHAR", "programs": "VARCHAR", "states": "VARCHAR",
            "elements": "VARCHAR", "populations": "VARCHAR", "purpose": "VARCHAR", "element_basis": "VARCHAR",
            "deduced": "VARCHAR"
        }') as raw
    from (
        select
            new_disclosure as text,
            min(record_no) as first_record
        from staged
        where block = getvariable('block') and new_disclosure is not null
        group by new_disclosure
    ) fresh
),

-- Disclosures share the texts of their fields: each different one is read once.
read_once as (
    select
        field,
        raw,
        json_bytes(raw, length(field)) as size,
        case when not is_list then logged_text(raw, cell) end as text,
        case when is_list then logged_items_of(raw, cell) end as items,
        case
            when cell then null
            when is_list then unreadable_items(raw)
            else unreadable_text(raw)
        end as unreadable
    from (
        select distinct
            unnest([
                {field: 'sender', raw: raw.sender, is_list: false},
                {field: 'recipient', raw: raw.recipient, is_list: false},
                {field: 'programs', raw: raw.programs, is_list: true},
                {field: 'states', raw: raw.states, is_list: true},
                {field: 'elements', raw: raw.elements, is_list: true},
                {field: 'populations', raw: raw.populations, is_list: true},
                {field: 'purpose', raw: raw.purpose, is_list: false}
            ], max_depth := 2),
            getvariable('encoding') = 'cell' as cell
        from raw
    ) fields
),

read_back as materialized (
    select
        *,
        -- The same for all that say the same.
        dense_rank() over (order by text, items, unreadable) as value_id
    from read_once
),

named as (
    select
        r.text,
        r.raw,
        r.first_record,
        [f.value_id, t.value_id, g.value_id, s.value_id, e.value_id, o.value_id, p.value_id] as value_ids,
        f.size + t.size + g.size + s.size + e.size + o.size + p.size as text_bytes,
        f.text as sender,
        t.text as recipient,
        g.items as programs,
        s.items as states,
        e.items as elements,
        o.items as populations,
        p.text as purpose,
        r.raw.element_basis,
        list_filter([
            {field: 'sender', raw: f.unreadable},
            {field: 'recipient', raw: t.unreadable},
            {field: 'programs', raw: g.unreadable},
            {field: 'states', raw: s.unreadable},
            {field: 'elements', raw: e.unreadable},
            {field: 'populations', raw: o.unreadable},
            {field: 'purpose', raw: p.unreadable}
        ], lambda u: struct_extract(u, 'raw') is not null) as unreadable,
        json_transform(r.raw.deduced, '[{"kind": "VARCHAR", "item": "VARCHAR", "why": "VARCHAR"}]') as told_deduced
    from raw r
    inner join read_back f on f.field = 'sender' and r.raw.sender is not distinct from f.raw
    inner join read_back t on t.field = 'recipient' and r.raw.recipient is not distinct from t.raw
    inner join read_back g on g.field = 'programs' and r.raw.programs is not distinct from g.raw
    inner join read_back s on s.field = 'states' and r.raw.states is not distinct from s.raw
    inner join read_back e on e.field = 'elements' and r.raw.elements is not distinct from e.raw
    inner join read_back o on o.field = 'populations' and r.raw.populations is not distinct from o.raw
    inner join read_back p on p.field = 'purpose' and r.raw.purpose is not distinct from p.raw
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

told as materialized (
    select
        k.*,
        l.disclosure_id as known_id
    from known k
    left join logged_disclosures l
        on k.sender is not distinct from l.sender
        and k.recipient is not distinct from l.recipient
        and k.programs = l.programs
        and k.states = l.states
        and k.elements = l.elements
        and k.populations = l.populations
        and k.purpose is not distinct from l.purpose
        and k.unreadable = l.unreadable
        and k.element_basis is not distinct from l.element_basis
        and k.deduced is not distinct from l.deduced
),

-- Several texts may say the same.
sayings as (
    select
        value_ids,
        element_basis,
        deduced,
        min(first_record) as first_record,
        any_value(known_id) as known_id
    from told
    group by all
),

numbered as (
    select
        *,
        coalesce(
            known_id,
            (select coalesce(max(disclosure_id), 0) from logged_disclosures)
            + row_number() over (partition by known_id is null order by first_record)
        )::integer as disclosure_id
    from sayings
)

select
    t.* exclude (value_ids, known_id, first_record),
    n.disclosure_id,
    n.known_id is null and t.first_record = n.first_record as is_new
from told t
inner join numbered n
    on t.value_ids = n.value_ids
    and t.element_basis is not distinct from n.element_basis
    and t.deduced is not distinct from n.deduced;

insert into logged_disclosures by name
select * exclude (text, raw, text_bytes, is_new)
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
