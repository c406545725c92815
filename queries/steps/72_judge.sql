/*
title = "Judge every disclosure under every regime"
description = """
Judges each distinct disclosure under each regime, switched off ones included: a few thousand rows, so that
now, then and what-if are joins. Reads no log and no record.
"""
*/
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
    case
        when s.severity is not null then s.certainty
        when k.kind = 'category' then r.default_category_certainty
        when k.kind = 'population' then r.default_population_certainty
        when k.kind = 'program' then r.default_program_certainty
    end as certainty,
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
