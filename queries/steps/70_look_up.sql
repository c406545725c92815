/*
title = "Look the logged words up"
description = """
What the words of each distinct disclosure mean by the policy tables, with the parties that were found: programs,
states, populations, categories and purpose. A few thousand rows. No regime is asked yet, so that judging under another
one need not look anything up again.
"""
*/
create or replace temp table logged_items as
select disclosure_id, 'program' as kind, unnest(programs) as item from logged_disclosures
union all
select disclosure_id, 'state', unnest(states) from logged_disclosures
union all
select disclosure_id, 'element', unnest(elements) from logged_disclosures
union all
select disclosure_id, 'population', unnest(populations) from logged_disclosures;

-- Of some items it is known what they were deduced from: no word of the log names them.
create or replace temp table deduced_items as
select
    disclosure_id,
    d.kind,
    d.item,
    string_agg(distinct d.why, '; ' order by d.why) as why
from (
    select
        disclosure_id,
        unnest(deduced) as d
    from logged_disclosures
    where len(deduced) > 0
) told
group by all;

-- Each spelling is looked up once, however many disclosures use it.
create or replace temp table looked_up as
with spellings as (
    select distinct
        kind,
        item,
        word(item) as alias_key
    from logged_items
),

aliases as (
    select 'program' as kind, alias_key, program as meaning from policy_programs
    union
    select 'state', alias_key, state from policy_states
    union
    select 'element', alias_key, category from policy_elements
    union
    select 'population', alias_key, population from policy_populations
)

select
    s.kind,
    s.item,
    a.meaning
from spellings s
left join aliases a on s.kind = a.kind and s.alias_key = a.alias_key;

-- A list that is missing, empty or partly unreadable holds one unknown.
create or replace temp table unknown_lists as
select disclosure_id, 'program' as kind from logged_disclosures
where
    len(programs) = 0
    or list_contains(list_transform(unreadable, lambda u: u.field), 'programs')
union all
select disclosure_id, 'state' from logged_disclosures
where
    len(states) = 0
    or list_contains(list_transform(unreadable, lambda u: u.field), 'states')
union all
select disclosure_id, 'element' from logged_disclosures
where
    len(elements) = 0
    or list_contains(list_transform(unreadable, lambda u: u.field), 'elements')
union all
select disclosure_id, 'population' from logged_disclosures
where
    len(populations) = 0
    or list_contains(list_transform(unreadable, lambda u: u.field), 'populations');

-- One row a disclosure, kind and meaning: what the regimes look at, with the words it was logged in.
create or replace table disclosure_meanings as
with meant as (
    select
        i.disclosure_id,
        i.kind,
        i.item,
        d.why,
        coalesce(l.meaning, case when i.kind = 'element' then 'unclassified' else 'unknown' end) as meaning
    from logged_items i
    inner join looked_up l on i.kind = l.kind and i.item = l.item
    left join deduced_items d on i.disclosure_id = d.disclosure_id and i.kind = d.kind and i.item = d.item
    union all
    select
        disclosure_id,
        kind,
        null,
        null,
        case when kind = 'element' then 'unclassified' else 'unknown' end
    from unknown_lists
),

expanded as (
    select disclosure_id, kind, item, why, meaning
    from meant
    where kind <> 'state' or meaning <> '*'
    union all
    select m.disclosure_id, m.kind, m.item, m.why, n.state
    from meant m
    cross join policy_nation n
    where m.kind = 'state' and m.meaning = '*'
),

parts as (
    select
        disclosure_id,
        case kind when 'element' then 'category' else kind end as kind,
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
from parts;

create or replace temp table meaning_lists as
select
    disclosure_id,
    list_sort(list(key) filter (where kind = 'program')) as programs,
    list_sort(list(key) filter (where kind = 'state')) as states,
    list_sort(list(key) filter (where kind = 'population')) as populations,
    list_sort(list(key) filter (where kind = 'category')) as categories,
    coalesce(list_sort(list_concat(
        first(items) filter (where kind = 'category' and key = 'unclassified'),
        list_transform(first(deduced) filter (where kind = 'category' and key = 'unclassified'), lambda d: d.item)
    )), []) as unclassified_elements,
    -- One part that was deduced makes the whole a deduction.
    basis_of(
        bool_or(len(deduced) > 0 and items is null) filter (where kind = 'program'),
        bool_or(items is not null) filter (where kind = 'program')
    ) as program_basis,
    basis_of(
        bool_or(len(deduced) > 0 and items is null) filter (where kind = 'state'),
        bool_or(items is not null) filter (where kind = 'state')
    ) as state_basis,
    basis_of(
        bool_or(len(deduced) > 0 and items is null) filter (where kind = 'population'),
        bool_or(items is not null) filter (where kind = 'population')
    ) as population_basis
from disclosure_meanings
group by disclosure_id;

create or replace table disclosures as
with parties as (
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
        l.elements,
        l.purpose,
        case
            when l.purpose is null or word(l.purpose) = 'unknown' or p.purpose = 'unknown' then 'presumed'
            else coalesce(p.purpose, 'unrecognized')
        end as purpose_kind,
        l.unreadable,
        -- What a canonical log says of elements, it declares.
        coalesce(l.element_basis, case when len(l.elements) = 0 then 'unknown' else 'declared' end) as element_basis
    from logged_disclosures l
    left join logged_parties s
        on s.role = case when deduces('place', l.deduced) then 'place' else 'sender' end and l.sender = s.text
    left join logged_parties h on h.role = 'sender' and deduced_item('sender', l.deduced) = h.text
    left join logged_parties r on r.role = 'recipient' and l.recipient = r.text
    left join (select distinct alias_key, purpose from policy_purposes) p on word(l.purpose) = p.alias_key
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
    m.states,
    m.programs,
    m.populations,
    p.elements,
    m.categories,
    m.unclassified_elements,
    p.purpose,
    p.purpose_kind,
    p.unreadable,
    p.element_basis,
    m.population_basis,
    m.program_basis,
    m.state_basis,
    p.sender_basis,
    p.recipient_basis,
    p.sender_guessed,
    p.recipient_guessed
from parties p
inner join meaning_lists m on p.disclosure_id = m.disclosure_id
order by p.disclosure_id;

-- What the logged actions and outcomes mean, once a context.
create or replace table context_meanings as
select
    c.context_id,
    word(c.action) as action,
    coalesce(o.outcome, 'unknown') as outcome,
    -- Asked for, and nothing known to have passed.
    coalesce(o.outcome in ('failure', 'empty'), false) as attempt,
    word(c.outcome) is not null and o.outcome is null as outcome_unheard
from contexts c
left join policy_outcomes o on word(c.outcome) = o.alias_key
order by c.context_id;

drop table logged_items;
drop table deduced_items;
drop table looked_up;
drop table unknown_lists;
drop table meaning_lists;
