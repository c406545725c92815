/*
title = "What the traces of one transfer say together"
description = """
Leaves `new_merges`: for each transfer with several traces its content put together. Parties and purpose come from the
strongest trace that tells them, states, programs and populations from all of them, elements from those that show what
was disclosed or declare it, else from the strongest others. Where a query put out whole tables, the log of accesses
tells their columns. Where its text says that it put out counts and sums only, what it looked at was not disclosed. An
item was deduced if all traces that have it deduced it.
"""
*/
create or replace temp table new_merges as
with said as (
    select
        l.joined_key,
        l.kept_key,
        l.record_key,
        l.place,
        m.strength,
        case when m.strength >= 5 then 5 else m.strength end as class,
        d.* exclude (disclosure_id),
        t.open_tables,
        t.excluded,
        t.accessed,
        r.record_count,
        -- Parties that nobody knows tell less than those that a table knows, and a word of a name less than all of it.
        case when o.sender_guessed then 1 when m.sender_agency is not null then 2 else 0 end as knows_sender,
        case when o.recipient_guessed then 1 when m.recipient_agency is not null then 2 else 0 end as knows_recipient
    from new_links l
    inner join link_members m on l.record_key = m.record_key
    inner join logged_disclosures d on m.disclosure_id = d.disclosure_id
    inner join disclosure_parties o on m.disclosure_id = o.disclosure_id
    inner join traces t on l.record_key = t.record_key
    inner join records r on l.record_key = r.record_key
),

looked_at as (
    select
        joined_key,
        upper(regexp_extract(a.name, '[^.]+$')) as table_name,
        unnest(a.columns) as element
    from (
        select
            joined_key,
            unnest(accessed) as a
        from said
    ) accesses
),

put_out as (
    select
        joined_key,
        open_table,
        upper(regexp_extract(open_table, '[^.]+$')) as table_name
    from (
        select distinct
            joined_key,
            unnest(open_tables) as open_table
        from said
    ) opened
),

left_out as (
    select distinct
        joined_key,
        upper(regexp_extract(unnest(excluded), '[^.]+\.[^.]+$')) as named
    from said
),

-- The columns of tables that were put out whole, where some log lists them.
expanded as (
    select
        p.joined_key,
        list(distinct l.element) as elements,
        list(distinct p.open_table || '.*') as named
    from put_out p
    inner join looked_at l on p.joined_key = l.joined_key and p.table_name in (l.table_name, '*')
    anti join left_out o on l.joined_key = o.joined_key and l.table_name || '.' || upper(l.element) = o.named
    group by p.joined_key
),

together as (
    select
        s.joined_key,
        any_value(s.kept_key) as kept_key,
        arg_min(
            {'text': s.sender, 'told': s.told_sender},
            s.place
            - 1000000 * s.knows_sender
            - case when s.told_sender = [] then 500000 else 0 end
        ) filter (where s.sender is not null) as sending,
        arg_min(s.recipient, s.place - 1000000 * s.knows_recipient)
            filter (where s.recipient is not null) as recipient,
        list_sort(list_distinct(flatten(list(s.programs)))) as programs,
        list_sort(list_distinct(flatten(list(s.states)))) as states,
        flatten(list(s.elements) filter (where s.class = s.best)) as elements,
        list_sort(list_distinct(flatten(list(s.populations)))) as populations,
        arg_min(s.purpose, s.place) filter (where s.purpose is not null) as purpose,
        list_sort(list_distinct(flatten(list(s.unreadable)))) as unreadable,
        max(s.strength) as strength,
        flatten(list(s.deduced)) as deduced,
        flatten(list(s.logged)) as logged,
        max(s.record_count) as record_count
    from (
        select
            * exclude (deduced),
            list_filter(deduced, lambda d: d.kind not in ('sender', 'place')) as deduced,
            coalesce(list_filter(deduced, lambda d: d.kind in ('sender', 'place')), []) as told_sender,
            list_filter(
                list_transform(programs, lambda x: {'kind': 'program', 'item': x})
                || list_transform(states, lambda x: {'kind': 'state', 'item': x})
                || list_transform(elements, lambda x: {'kind': 'element', 'item': x})
                || list_transform(populations, lambda x: {'kind': 'population', 'item': x}),
                lambda x: not list_contains(deduced_items(deduced), x)
            ) as logged,
            -- A query that only counted has no elements to show, and says so all the same.
            max(case when len(elements) > 0 or element_basis = 'aggregate' then class else 0 end)
                over (partition by joined_key) as best
        from said
    ) s
    group by s.joined_key
),

merged as (
    select
        t.* exclude (elements, strength, deduced, logged, sending),
        t.sending.text as sender,
        list_sort(list_distinct(coalesce(
            list_filter(t.elements, lambda x: not list_contains(coalesce(e.named, []), x))
            || list_filter(coalesce(e.elements, []), lambda x: not list_contains(
                list_transform(t.elements, lambda y: lower(y)), lower(x))),
            []::varchar[]
        ))) as elements,
        case when e.elements is not null then 'disclosed' else bases_by_strength()[t.strength] end as element_basis,
        only_deduced(t.deduced, t.logged) as told_deduced,
        t.sending.told as told_sender
    from together t
    left join expanded e on t.joined_key = e.joined_key
),

known as (
    select
        * exclude (told_deduced, told_sender),
        nullif(
            coalesce(list_filter(told_deduced, lambda d: d.kind <> 'element' or list_contains(elements, d.item)), [])
            || coalesce(told_sender, []), []
        ) as deduced
    from merged
)

select
    *,
    content_of(known) as content
from known;
