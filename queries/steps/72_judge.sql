/*
title = "Judge every disclosure under every regime"
description = """
Judges each distinct disclosure under each regime, switched off ones included, so that now, then and what-if are joins.
Reads no log and no record. Each list of states, programs, people and elements is judged once, however many disclosures
share it; the verdict on a disclosure is the worst of its four. A list of which something was deduced is judged a second
time as the log alone tells it, so that the verdicts that rest on a deduction can be told.
"""
*/
-- The severity of each category, population and program under each regime. What a regime neither lists
-- nor has a default for is `review`: nobody decided it.
create or replace table severities as
with keys as (
    select distinct kind, key
    from list_meanings
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

-- What each list holds, twice where something was deduced: in all, and as the log alone tells it.
create or replace temp table told_meanings as
select
    list_id,
    false as as_logged,
    kind,
    key
from list_meanings
union all
select
    l.list_id,
    true,
    l.kind,
    coalesce(m.key, nobody_knows(l.kind))
from (
    select
        list_id,
        kind
    from lists
    where basis = 'deduced'
) l
left join list_meanings m on l.list_id = m.list_id and (m.items is not null or m.deduced is null);

-- A category that says nothing new beside a permitted one that is disclosed too.
create or replace temp table told_implications as
select
    s.regime_id,
    c.list_id,
    c.as_logged,
    c.key as category,
    min(b.key) as implied_by
from told_meanings c
inner join policy_implied_by i on c.key = i.category
inner join told_meanings b
    on c.list_id = b.list_id and c.as_logged = b.as_logged and i.implied_by = b.key
inner join severities s on s.kind = 'category' and b.key = s.key and s.severity = 'permitted'
where c.kind = 'category'
group by all;

create or replace table implied_categories as
select
    regime_id,
    list_id,
    category,
    implied_by
from told_implications
where not as_logged;

create or replace table list_severities as
with parts as (
    select
        m.list_id,
        m.as_logged,
        s.regime_id,
        m.kind,
        m.key,
        case
            when i.category is not null then 1
            -- Counts and sums tell of nobody in particular.
            when l.aggregate then least(severity_rank(s.severity), 2)
            else severity_rank(s.severity)
        end as rank,
        s.certainty
    from told_meanings m
    inner join lists l on m.list_id = l.list_id
    inner join severities s on m.kind = s.kind and m.key = s.key
    left join told_implications i
        on m.kind = 'category' and m.list_id = i.list_id and m.as_logged = i.as_logged
        and s.regime_id = i.regime_id and m.key = i.category
    where m.kind <> 'state'
)

select
    list_id,
    regime_id,
    max(rank) filter (where not as_logged)::tinyint as severity,
    coalesce(max(rank) filter (where as_logged), max(rank))::tinyint as severity_as_logged,
    -- One barred part bars the whole, so the surest of them counts; all must be permitted to let it pass.
    min(certainty) filter (where rank = 3 and not as_logged) as barred_by,
    max(certainty) filter (where rank = 1 and not as_logged) as permitted_by,
    coalesce(
        list_sort(list(key) filter (where kind = 'category' and rank = 3 and not as_logged)), []
    ) as enjoined_categories
from parts
group by all
order by list_id, regime_id;

create or replace table list_states as
with states as (
    select
        m.list_id,
        r.regime_id,
        m.as_logged,
        coalesce(bool_or(s.status = 'covered'), false) as some_covered,
        coalesce(bool_or(s.status = 'unsettled'), false) as some_unsettled,
        bool_or(m.key = 'unknown') as some_unknown,
        coalesce(list_sort(list(m.key) filter (where s.status = 'covered')), []) as plaintiff_states
    from told_meanings m
    cross join policy_regimes r
    left join policy_regime_states s on r.regime_id = s.regime_id and m.key = s.state
    where m.kind = 'state'
    group by all
)

select
    t.* exclude (as_logged),
    coalesce(l.some_covered, t.some_covered) as covered_as_logged,
    coalesce(l.some_unsettled, t.some_unsettled) as unsettled_as_logged,
    coalesce(l.some_unknown, t.some_unknown) as unknown_as_logged
from states t
left join states l on l.as_logged and t.list_id = l.list_id and t.regime_id = l.regime_id
where not t.as_logged
order by t.list_id, t.regime_id;

create or replace table judgments as
with contents as (
    select
        d.disclosure_id,
        d.purpose_kind,
        d.enforces,
        s.* exclude (list_id, plaintiff_states),
        greatest(e.severity, o.severity, g.severity) as content_before_purpose,
        greatest(e.severity_as_logged, o.severity_as_logged, g.severity_as_logged) as content_as_logged,
        least(e.barred_by, o.barred_by, g.barred_by) as barred_by,
        greatest(e.permitted_by, o.permitted_by, g.permitted_by) as permitted_by
    from disclosure_parties d
    inner join list_states s on d.state_list = s.list_id
    inner join list_severities e on d.element_list = e.list_id and s.regime_id = e.regime_id
    inner join list_severities o on d.population_list = o.list_id and s.regime_id = o.regime_id
    inner join list_severities g on d.program_list = g.list_id and s.regime_id = g.regime_id
),

regimes as (
    select
        *,
        regime_id in (select regime_id from policy_regime_states) as reaches_somebody
    from policy_regimes
),

judged as (
    select
        c.*,
        content_for(c.content_before_purpose, c.purpose_kind, c.enforces, r.other_purpose) as content,
        over_states(content, c.some_covered, c.some_unsettled, c.some_unknown and r.reaches_somebody) as verdict,
        over_states(
            content_for(c.content_as_logged, c.purpose_kind, c.enforces, r.other_purpose),
            c.covered_as_logged, c.unsettled_as_logged, c.unknown_as_logged and r.reaches_somebody
        ) as verdict_as_logged
    from contents c
    inner join regimes r on c.regime_id = r.regime_id
)

select
    disclosure_id,
    regime_id,
    severity_name(content_before_purpose) as content_before_purpose,
    severity_name(content) as content,
    severity_name(verdict) as verdict,
    severity_name(verdict_as_logged) as verdict_as_logged,
    case verdict
        when 3 then barred_by
        when 1 then permitted_by
    end as certainty,
    some_covered,
    some_unsettled,
    some_unknown
from judged;

drop table told_meanings;
drop table told_implications;
