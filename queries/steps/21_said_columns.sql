/*
title = "Know what was said by the columns of a log"
description = """
What the records of the block that was staged last say, as texts and as lists joined to one text each, so that
`recognize_columns` knows it again. Only what stands for one text or list of texts and no other: no list that holds
anything else or an empty text, and no text with an escape, so that none holds the character that joins the items.
"""
*/
create temp table if not exists said_disclosures (
    text varchar,
    sender varchar,
    recipient varchar,
    programs varchar,
    states varchar,
    elements varchar,
    populations varchar,
    programs_count bigint,
    states_count bigint,
    elements_count bigint,
    populations_count bigint,
    purpose varchar,
    disclosure_id integer
);

create temp table if not exists said_contexts (
    text varchar,
    actor varchar,
    action varchar,
    system varchar,
    authority varchar,
    outcome varchar,
    is_flawed boolean,
    context_id integer
);

insert into said_disclosures
with staged_now as (
    select disclosure_id
    from staged
    where block = getvariable('block')
    union
    select disclosure_id
    from fresh_disclosures
),

fresh as (
    select
        k.text,
        k.raw,
        k.disclosure_id,
        [k.raw.sender, k.raw.recipient, k.raw.purpose] as texts,
        [k.raw.programs, k.raw.states, k.raw.elements, k.raw.populations] as lists,
        list_transform(
            [k.raw.programs, k.raw.states, k.raw.elements, k.raw.populations],
            lambda l: try(json_transform(l, '["VARCHAR"]'))
        ) as items
    from memory.known_disclosures k
    semi join staged_now n on k.disclosure_id = n.disclosure_id
    anti join said_disclosures s on k.text = s.text
    where k.encoding = 'json' and k.raw.element_basis is null and k.raw.deduced is null
)

select
    text,
    quoted_text(raw.sender),
    quoted_text(raw.recipient),
    array_to_string(items[1], chr(31)),
    array_to_string(items[2], chr(31)),
    array_to_string(items[3], chr(31)),
    array_to_string(items[4], chr(31)),
    coalesce(len(items[1]), 0),
    coalesce(len(items[2]), 0),
    coalesce(len(items[3]), 0),
    coalesce(len(items[4]), 0),
    quoted_text(raw.purpose),
    disclosure_id
from fresh
where
    len(list_filter(texts, lambda t: not starts_with(t, '"'))) = 0
    and len(list_filter(texts || lists, lambda t: contains(t, '\'))) = 0
    and lists is not distinct from list_transform(items, lambda i: to_json(i)::varchar)
    and len(list_filter(flatten(items), lambda i: i <> '')) = len(flatten(items));

insert into said_contexts
with staged_now as (
    select context_id
    from staged
    where block = getvariable('block')
    union
    select context_id
    from fresh_contexts
)

select
    k.text,
    quoted_text(k.raw.actor),
    quoted_text(k.raw.action),
    quoted_text(k.raw.system),
    quoted_text(k.raw.authority),
    quoted_text(k.raw.outcome),
    -- A record with a value that could not be read says something of its own.
    false,
    k.context_id
from memory.known_contexts k
semi join staged_now n on k.context_id = n.context_id
anti join said_contexts s on k.text = s.text
where
    k.encoding = 'json'
    and coalesce(k.raw.bad_id, k.raw.bad_time, k.raw.bad_count) is null
    and len(list_filter(
        [k.raw.actor, k.raw.action, k.raw.system, k.raw.authority, k.raw.outcome],
        lambda t: not starts_with(t, '"') or contains(t, '\')
    )) = 0;
