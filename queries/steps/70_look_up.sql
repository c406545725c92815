/*
title = "Look the logged words up"
description = """
What the words of each distinct disclosure mean by the policy tables, with the parties that were found: programs,
states, populations, categories and purpose. Disclosures share their lists, and each list is looked up once. No regime
is asked yet, so that judging under another one need not look anything up again.
"""
*/
-- Disclosures share their lists, so each different list is looked up once. What of it was deduced, whether a part of it
-- could not be read and whether things were only counted by it belong to the list: they decide what it means.
create or replace temp table list_holders as
with told as (
    select
        disclosure_id,
        unreadable,
        deduced,
        coalesce(element_basis = 'aggregate', false) as aggregate,
        unnest([
            {kind: 'program', field: 'programs', items: programs},
            {kind: 'state', field: 'states', items: states},
            {kind: 'category', field: 'elements', items: elements},
            {kind: 'population', field: 'populations', items: populations}
        ], max_depth := 2)
    from logged_disclosures
),

told_lists as (
    select
        disclosure_id,
        kind,
        items,
        nullif(list_filter(deduced, lambda d: d.kind || 's' = field), []) as deduced,
        list_contains(list_transform(unreadable, lambda u: u.field), field) as partly_unreadable,
        aggregate
    from told
),

different_lists as (
    select
        kind,
        items,
        deduced,
        partly_unreadable,
        aggregate,
        list(disclosure_id) as disclosure_ids
    from told_lists
    group by all
)

select
    row_number() over (order by list_min(disclosure_ids), kind)::integer as list_id,
    *
from different_lists;

create or replace temp table list_items as
select
    list_id,
    kind,
    unnest(items) as item
from list_holders;

-- Of some items it is known what they were deduced from: no word of the log names them.
create or replace temp table deduced_items as
select
    list_id,
    d.item,
    string_agg(distinct d.why, '; ' order by d.why) as why
from (
    select
        list_id,
        unnest(deduced) as d
    from list_holders
) told
group by all;

-- Each spelling is looked up once, however many lists and contexts hold it, and all of them here: to make ready the
-- pattern that `word` looks for takes longer than to look up a hundred.
create or replace temp table looked_up as
with spellings as (
    select
        kind,
        item,
        word(item) as alias_key
    from (
        select kind, item from list_items
        union
        select 'purpose', purpose from logged_disclosures
        union
        select 'action', action from contexts
        union
        select 'outcome', outcome from contexts
    ) s
),

aliases as (
    select distinct kind, alias_key, meaning
    from words_of_policy()
)

select
    s.kind,
    s.item,
    s.alias_key,
    a.meaning
from spellings s
left join aliases a on s.kind = a.kind and s.alias_key = a.alias_key;

-- One row a list and meaning: what the regimes look at, with the words it was logged in.
create or replace table list_meanings as
with meant as (
    select
        i.list_id,
        i.kind,
        i.item,
        d.why,
        coalesce(l.meaning, nobody_knows(i.kind)) as meaning
    from list_items i
    inner join looked_up l on i.kind = l.kind and i.item = l.item
    left join deduced_items d on i.list_id = d.list_id and i.item = d.item
    union all
    -- A list that is missing, empty or partly unreadable holds one unknown.
    select
        list_id,
        kind,
        null,
        null,
        nobody_knows(kind)
    from list_holders
    where len(items) = 0 or partly_unreadable
),

expanded as (
    select list_id, kind, item, why, meaning
    from meant
    where kind <> 'state' or meaning <> '*'
    union all
    select m.list_id, m.kind, m.item, m.why, n.state
    from meant m
    cross join policy_nation n
    where m.kind = 'state' and m.meaning = '*'
),

parts as (
    select
        list_id,
        kind,
        meaning as key,
        list_sort(list(distinct item) filter (where item is not null and why is null)) as items,
        list_sort(list(distinct {item: item, why: why}) filter (where why is not null)) as deduced
    from expanded
    group by all
)

select
    *,
    -- Said here once, and by many rules.
    part_text(key, items, deduced) as told
from parts
order by list_id, key;

create or replace table lists as
with meant as (
    select
        list_id,
        list(key order by key) as keys,
        coalesce(list_sort(list_concat(
            first(items) filter (where key = 'unclassified'),
            list_transform(first(deduced) filter (where key = 'unclassified'), lambda d: d.item)
        )), []) as unclassified,
        -- One part that was deduced makes the whole a deduction.
        basis_of(bool_or(len(deduced) > 0 and items is null), bool_or(items is not null)) as basis
    from list_meanings
    group by list_id
)

select
    l.list_id,
    l.kind,
    l.items,
    l.aggregate,
    m.keys,
    m.unclassified,
    m.basis
from list_holders l
inner join meant m on l.list_id = m.list_id
order by l.list_id;

create or replace temp table lists_held as
with held as (
    select
        unnest(disclosure_ids) as disclosure_id,
        kind,
        list_id
    from list_holders
)

select
    disclosure_id,
    any_value(list_id) filter (where kind = 'program') as program_list,
    any_value(list_id) filter (where kind = 'state') as state_list,
    any_value(list_id) filter (where kind = 'category') as element_list,
    any_value(list_id) filter (where kind = 'population') as population_list
from held
group by disclosure_id;

create or replace table disclosure_parties as
with purposes as (
    select
        item as purpose,
        case
            when alias_key = 'unknown' or meaning = 'unknown' then 'presumed'
            else coalesce(meaning, 'unrecognized')
        end as kind
    from looked_up
    where kind = 'purpose'
),

parties as (
    select
        l.disclosure_id,
        l.sender,
        l.recipient,
        coalesce(s.agency, h.agency) as sender_agency,
        r.agency as recipient_agency,
        coalesce(case when s.agency is null then h.side else s.side end, 'unknown') as sender_side,
        coalesce(r.side, 'unknown') as recipient_side,
        case
            -- Whoever ran the scan said it.
            when h.text is not null and (s.agency is null or l.sender = h.text) then 'deduced'
            when deduces('place', l.deduced) and s.agency is not null then 'inferred'
            else party_basis(s.agency, s.found_by)
        end as sender_basis,
        -- Of a longer name one word proves little: what hangs on it stays with a person.
        coalesce(s.found_by = 'token', false) as sender_guessed,
        coalesce(r.found_by = 'token', false) as recipient_guessed,
        party_basis(r.agency, r.found_by) as recipient_basis,
        l.purpose,
        coalesce(p.kind, 'presumed') as purpose_kind,
        l.unreadable,
        -- What a canonical log says of elements, it declares.
        coalesce(l.element_basis, case when len(l.elements) = 0 then 'unknown' else 'declared' end) as element_basis
    from logged_disclosures l
    left join logged_parties s
        on s.role = case when deduces('place', l.deduced) then 'place' else 'sender' end and l.sender = s.text
    left join logged_parties h on h.role = 'sender' and deduced_item('sender', l.deduced) = h.text
    left join logged_parties r on r.role = 'recipient' and l.recipient = r.text
    left join purposes p on l.purpose = p.purpose
)

select
    p.disclosure_id,
    p.sender,
    p.recipient,
    p.sender_agency,
    p.recipient_agency,
    p.sender_side,
    p.recipient_side,
    -- A vendor works for whoever hired it, which the log does not say.
    (p.sender_side = 'sender' and p.recipient_side in ('recipient', 'unknown', 'vendor'))
    or (p.sender_side in ('unknown', 'vendor') and p.recipient_side = 'recipient') as parties_in_scope,
    (p.sender_side = 'sender' and p.recipient_side in ('unknown', 'vendor'))
    or (p.sender_side in ('unknown', 'vendor') and p.recipient_side = 'recipient')
    or (p.sender_side = 'sender' and p.recipient_side = 'recipient' and (p.sender_guessed or p.recipient_guessed))
        as unknown_agency,
    p.sender_side in ('unknown', 'vendor') and p.recipient_side in ('unknown', 'vendor') as unattributed,
    p.sender_side = 'recipient' and p.recipient_side <> 'sender' as onward,
    -- Of these parts of DHS a log need not say what the data are for; of the others it must.
    p.recipient_side <> 'recipient' or enforces(p.recipient_agency) as enforces,
    h.state_list,
    h.program_list,
    h.population_list,
    h.element_list,
    p.purpose,
    p.purpose_kind,
    p.unreadable,
    p.element_basis,
    p.sender_basis,
    p.recipient_basis,
    p.sender_guessed,
    p.recipient_guessed
from parties p
inner join lists_held h on p.disclosure_id = h.disclosure_id;

create or replace view disclosures as
select
    d.*,
    s.keys as states,
    g.keys as programs,
    o.keys as populations,
    e.items as elements,
    e.keys as categories,
    e.unclassified as unclassified_elements,
    s.basis as state_basis,
    g.basis as program_basis,
    o.basis as population_basis
from disclosure_parties d
inner join lists s on d.state_list = s.list_id
inner join lists g on d.program_list = g.list_id
inner join lists o on d.population_list = o.list_id
inner join lists e on d.element_list = e.list_id;

create or replace view disclosure_lists as
select disclosure_id, parties_in_scope, purpose_kind, 'program' as kind, program_list as list_id
from disclosure_parties
union all
select disclosure_id, parties_in_scope, purpose_kind, 'state', state_list
from disclosure_parties
union all
select disclosure_id, parties_in_scope, purpose_kind, 'category', element_list
from disclosure_parties
union all
select disclosure_id, parties_in_scope, purpose_kind, 'population', population_list
from disclosure_parties;

create or replace view disclosure_meanings as
select
    d.disclosure_id,
    d.kind,
    m.key,
    m.items,
    m.deduced,
    m.told
from disclosure_lists d
inner join list_meanings m on d.list_id = m.list_id;

-- What the logged actions and outcomes mean, once a context.
create or replace table context_meanings as
select
    c.context_id,
    a.alias_key as action,
    coalesce(o.meaning, 'unknown') as outcome,
    -- Asked for, and nothing known to have passed.
    coalesce(o.meaning in ('failure', 'empty'), false) as attempt,
    c.outcome is not null and o.meaning is null as outcome_unheard
from contexts c
left join looked_up a on a.kind = 'action' and c.action = a.item
left join looked_up o on o.kind = 'outcome' and c.outcome = o.item
order by c.context_id;

drop table list_holders;
drop table list_items;
drop table deduced_items;
drop table looked_up;
drop table lists_held;
