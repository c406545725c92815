/*
title = "Judge every disclosure under every regime"
description = """
Judges each distinct disclosure under each regime, switched off ones included: a few thousand rows, so that
now, then and what-if are joins. Reads no log and no record. A disclosure of which something was deduced is
judged a second time as the log alone tells it, so that the verdicts that rest on a deduction can be told.
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
    union
    select unnest(['category', 'population', 'program']), unnest(['unclassified', 'unknown', 'unknown'])
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
    coalesce(
        case
            when s.severity is not null then s.certainty
            when k.kind = 'category' then r.default_category_certainty
            when k.kind = 'population' then r.default_population_certainty
            when k.kind = 'program' then r.default_program_certainty
        end,
        r.evidence
    ) as certainty,
    s.origin
from policy_regimes r
cross join keys k
left join policy_severities s on r.regime_id = s.regime_id and k.kind = s.kind and k.key = s.key;

-- What each disclosure holds, twice where something was deduced: in all, and as the log alone tells it.
create or replace temp table told_meanings as
with kinds as (
    select distinct
        m.disclosure_id,
        m.kind
    from disclosure_meanings m
    semi join (
        select disclosure_id
        from disclosure_meanings
        where len(deduced) > 0
    ) d on m.disclosure_id = d.disclosure_id
)

select
    disclosure_id,
    false as as_logged,
    kind,
    key
from disclosure_meanings
union all
select
    k.disclosure_id,
    true,
    k.kind,
    coalesce(m.key, case when k.kind = 'category' then 'unclassified' else 'unknown' end)
from kinds k
left join disclosure_meanings m
    on k.disclosure_id = m.disclosure_id and k.kind = m.kind and (m.items is not null or m.deduced is null);

-- A category that says nothing new beside a permitted one that is disclosed too.
create or replace temp table told_implications as
select
    s.regime_id,
    c.disclosure_id,
    c.as_logged,
    c.key as category,
    min(b.key) as implied_by
from told_meanings c
inner join policy_implied_by i on c.key = i.category
inner join told_meanings b
    on c.disclosure_id = b.disclosure_id and c.as_logged = b.as_logged
    and b.kind = 'category' and i.implied_by = b.key
inner join severities s on s.kind = 'category' and b.key = s.key and s.severity = 'permitted'
where c.kind = 'category'
group by all;

create or replace table implied_categories as
select
    regime_id,
    disclosure_id,
    category,
    implied_by
from told_implications
where not as_logged;

create or replace table judgments as
with parts as (
    select
        m.disclosure_id,
        m.as_logged,
        s.regime_id,
        m.kind,
        m.key,
        case
            when i.category is not null then 1
            -- Counts and sums tell of nobody in particular.
            when d.element_basis = 'aggregate' then least(severity_rank(s.severity), 2)
            else severity_rank(s.severity)
        end as severity,
        s.certainty
    from told_meanings m
    inner join disclosures d on m.disclosure_id = d.disclosure_id
    inner join severities s on m.kind = s.kind and m.key = s.key
    left join told_implications i
        on m.kind = 'category' and m.disclosure_id = i.disclosure_id and m.as_logged = i.as_logged
        and s.regime_id = i.regime_id and m.key = i.category
    where m.kind <> 'state'
),

contents as (
    select
        disclosure_id,
        as_logged,
        regime_id,
        max(severity) as content_before_purpose,
        -- One barred part bars the whole, so the surest of them counts; all must be permitted to let it pass.
        min(certainty) filter (where severity = 3) as barred_by,
        max(certainty) filter (where severity = 1) as permitted_by,
        coalesce(list_sort(list(key) filter (where kind = 'category' and severity = 3)), []) as enjoined_categories
    from parts
    group by all
),

-- The sender writes the purpose: it can move a verdict, and no flag.
purposed as (
    select
        c.*,
        case
            when r.other_purpose is null or d.purpose_kind = 'immigration_enforcement' then c.content_before_purpose
            when d.purpose_kind = 'other' or not d.enforces then severity_rank(r.other_purpose)
            when d.purpose_kind = 'unrecognized' then greatest(c.content_before_purpose, 2)
            else c.content_before_purpose
        end as content
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
        m.as_logged,
        r.regime_id,
        coalesce(bool_or(s.status = 'covered'), false) as some_covered,
        coalesce(bool_or(s.status = 'unsettled'), false) as some_unsettled,
        bool_or(m.key = 'unknown') as some_unknown,
        coalesce(list_sort(list(m.key) filter (where s.status = 'covered')), []) as plaintiff_states
    from told_meanings m
    cross join policy_regimes r
    left join policy_regime_states s on r.regime_id = s.regime_id and m.key = s.state
    where m.kind = 'state'
    group by all
),

judged as (
    select
        c.*,
        b.* exclude (disclosure_id, as_logged, regime_id),
        case
            when not r.reaches_somebody then 0
            else greatest(
                case when b.some_covered then c.content else 0 end,
                case when b.some_unsettled then least(c.content, 2) else 0 end,
                case when b.some_unknown then 2 else 0 end
            )
        end as verdict
    from purposed c
    inner join by_state b
        on c.disclosure_id = b.disclosure_id and c.as_logged = b.as_logged and c.regime_id = b.regime_id
    inner join reaches r on c.regime_id = r.regime_id
)

select
    j.disclosure_id,
    j.regime_id,
    severity_name(j.content_before_purpose) as content_before_purpose,
    severity_name(j.content) as content,
    severity_name(j.verdict) as verdict,
    severity_name(coalesce(l.verdict, j.verdict)) as verdict_as_logged,
    case j.verdict
        when 3 then j.barred_by
        when 1 then j.permitted_by
    end as certainty,
    j.some_covered,
    j.some_unsettled,
    j.some_unknown,
    j.plaintiff_states,
    j.enjoined_categories
from judged j
left join judged l on l.as_logged and j.disclosure_id = l.disclosure_id and j.regime_id = l.regime_id
where not j.as_logged
order by j.disclosure_id, j.regime_id;

drop table told_meanings;
drop table told_implications;
