/*
title = "Judge every disclosure under every regime"
description = """
Looks the logged words up in the policy tables and judges each distinct disclosure under each regime,
switched off ones included: a few thousand rows, so that now, then and what-if are joins. Reads no log
and no record but their quarter hours.
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
        coalesce(l.meaning, case when i.kind = 'element' then 'unclassified' else 'unknown' end) as meaning
    from logged_items i
    inner join looked_up l on i.kind = l.kind and i.item = l.item
    union all
    select
        disclosure_id,
        kind,
        null,
        case when kind = 'element' then 'unclassified' else 'unknown' end
    from unknown_lists
),

expanded as (
    select disclosure_id, kind, item, meaning
    from meant
    where kind <> 'state' or meaning <> '*'
    union all
    select m.disclosure_id, m.kind, m.item, n.state
    from meant m
    cross join policy_nation n
    where m.kind = 'state' and m.meaning = '*'
)

select
    disclosure_id,
    case kind when 'element' then 'category' else kind end as kind,
    meaning as key,
    list_sort(list(distinct item) filter (where item is not null)) as items
from expanded
group by all;

create or replace temp table meaning_lists as
select
    disclosure_id,
    list_sort(list(key) filter (where kind = 'program')) as programs,
    list_sort(list(key) filter (where kind = 'state')) as states,
    list_sort(list(key) filter (where kind = 'population')) as populations,
    list_sort(list(key) filter (where kind = 'category')) as categories,
    coalesce(first(items) filter (where kind = 'category' and key = 'unclassified'), []) as unclassified_elements
from disclosure_meanings
group by disclosure_id;

create or replace table disclosures as
with parties as (
    select
        l.disclosure_id,
        l.sender,
        l.recipient,
        s.agency as sender_agency,
        r.agency as recipient_agency,
        coalesce(s.side, 'unknown') as sender_side,
        coalesce(r.side, 'unknown') as recipient_side,
        l.elements,
        l.purpose,
        coalesce(p.purpose, 'presumed') as purpose_kind,
        l.unreadable
    from logged_disclosures l
    left join (select distinct alias_key, agency, side from policy_agencies) s on word(l.sender) = s.alias_key
    left join (select distinct alias_key, agency, side from policy_agencies) r on word(l.recipient) = r.alias_key
    left join (select distinct alias_key, purpose from policy_purposes) p on word(l.purpose) = p.alias_key
)

select
    p.disclosure_id,
    p.sender,
    p.recipient,
    p.sender_agency,
    p.recipient_agency,
    (p.sender_side = 'sender' and p.recipient_side in ('recipient', 'unknown'))
    or (p.sender_side = 'unknown' and p.recipient_side = 'recipient') as parties_in_scope,
    (p.sender_side = 'sender' and p.recipient_side = 'unknown')
    or (p.sender_side = 'unknown' and p.recipient_side = 'recipient') as unknown_agency,
    m.states,
    m.programs,
    m.populations,
    p.elements,
    m.categories,
    m.unclassified_elements,
    p.purpose,
    p.purpose_kind,
    p.unreadable
from parties p
inner join meaning_lists m on p.disclosure_id = m.disclosure_id
order by p.disclosure_id;

-- The severity of each category, population and program under each regime. What a regime neither lists
-- nor has a default for is `review`: nobody decided it.
create or replace table severities as
with keys as (
    select distinct kind, key
    from disclosure_meanings
    where kind <> 'state'
    union
    select 'category', unnest([category, implied_by]) from policy_implied_by
)

select
    r.regime_id,
    k.kind,
    k.key,
    coalesce(
        s.severity,
        case k.kind
            when 'category' then r.default_category
            when 'population' then r.default_population
            when 'program' then r.default_program
        end,
        'review'
    ) as severity,
    s.severity is not null as listed,
    s.origin
from policy_regimes r
cross join keys k
left join policy_severities s on r.regime_id = s.regime_id and k.kind = s.kind and k.key = s.key;

-- A category that says nothing new beside a permitted one that is disclosed too.
create or replace table implied_categories as
select
    s.regime_id,
    c.disclosure_id,
    c.key as category,
    min(b.key) as implied_by
from disclosure_meanings c
inner join policy_implied_by i on c.key = i.category
inner join disclosure_meanings b
    on c.disclosure_id = b.disclosure_id and b.kind = 'category' and i.implied_by = b.key
inner join severities s on s.kind = 'category' and b.key = s.key and s.severity = 'permitted'
where c.kind = 'category'
group by all;

create or replace table judgments as
with parts as (
    select
        m.disclosure_id,
        s.regime_id,
        m.kind,
        m.key,
        case when i.category is not null then 1 else severity_rank(s.severity) end as severity
    from disclosure_meanings m
    inner join severities s on m.kind = s.kind and m.key = s.key
    left join implied_categories i
        on m.kind = 'category' and m.disclosure_id = i.disclosure_id
        and s.regime_id = i.regime_id and m.key = i.category
    where m.kind <> 'state'
),

contents as (
    select
        disclosure_id,
        regime_id,
        max(severity) as content_before_purpose,
        coalesce(list_sort(list(key) filter (where kind = 'category' and severity = 3)), []) as enjoined_categories
    from parts
    group by all
),

capped as (
    select
        c.disclosure_id,
        c.regime_id,
        c.content_before_purpose,
        case
            when d.purpose_kind = 'other' and r.other_purpose is not null
                then least(c.content_before_purpose, severity_rank(r.other_purpose))
            else c.content_before_purpose
        end as content,
        c.enjoined_categories
    from contents c
    inner join disclosures d on c.disclosure_id = d.disclosure_id
    inner join policy_regimes r on c.regime_id = r.regime_id
),

reaches as (
    select
        regime_id,
        bool_or(regime_id in (select regime_id from policy_regime_states)) as reaches_somebody
    from policy_regimes
    group by all
),

by_state as (
    select
        m.disclosure_id,
        r.regime_id,
        coalesce(bool_or(s.status = 'covered'), false) as some_covered,
        coalesce(bool_or(s.status = 'unsettled'), false) as some_unsettled,
        bool_or(m.key = 'unknown') as some_unknown,
        coalesce(list_sort(list(m.key) filter (where s.status = 'covered')), []) as plaintiff_states
    from disclosure_meanings m
    cross join policy_regimes r
    left join policy_regime_states s on r.regime_id = s.regime_id and m.key = s.state
    where m.kind = 'state'
    group by all
)

select
    c.disclosure_id,
    c.regime_id,
    severity_name(c.content_before_purpose) as content_before_purpose,
    severity_name(c.content) as content,
    severity_name(case
        when not r.reaches_somebody then 0
        else greatest(
            case when b.some_covered then c.content else 0 end,
            case when b.some_unsettled then least(c.content, 2) else 0 end,
            case when b.some_unknown then 2 else 0 end
        )
    end) as verdict,
    b.some_covered,
    b.some_unsettled,
    b.some_unknown,
    b.plaintiff_states,
    c.enjoined_categories
from capped c
inner join by_state b on c.disclosure_id = b.disclosure_id and c.regime_id = b.regime_id
inner join reaches r on c.regime_id = r.regime_id
order by c.disclosure_id, c.regime_id;

-- What the logged actions and outcomes mean, once a context.
create or replace table context_meanings as
select
    context_id,
    word(action) as action,
    case when word(outcome) in ('success', 'failure', 'partial') then word(outcome) else 'unknown' end as outcome
from contexts
order by context_id;

-- The regime in force, and what else the rules ask of a time, once a quarter of an hour.
create or replace table moments as
with seen as (
    select distinct moment_id from records
),

read_back as (
    select
        moment_id,
        case
            when moment_id >= 2000000000 then 'unknown'
            when moment_id >= 1000000000 then 'day'
            else 'instant'
        end as precision,
        case
            when moment_id < 1000000000 then make_timestamptz(moment_id * 900000000::bigint - 62167219200000000)
        end as quarter,
        case
            when moment_id between 1000000000 and 1999999999 then date '1970-01-01' + (moment_id - 1000000000)
        end as day
    from seen
),

placed as (
    select
        b.moment_id,
        b.precision,
        b.quarter,
        coalesce(b.day, (b.quarter at time zone p.court_zone)::date) as court_day
    from read_back b
    cross join policy_settings p
)

select
    p.moment_id,
    p.precision,
    p.quarter,
    p.court_day,
    date_trunc('week', p.court_day)::date as week,
    r.regime_id as regime_then
from placed p
left join policy_regimes r
    on r.enabled and p.court_day >= r.first_day and p.court_day <= coalesce(r.last_day, date '9999-12-31')
order by p.moment_id;

drop table logged_items;
drop table looked_up;
drop table unknown_lists;
drop table meaning_lists;
