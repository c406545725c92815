/*
title = "The open points of a regime, each settled both ways"
description = """
Leaves the table `sweep_points`, one row for each unsettled point of the regime in force and way to settle it, and
copies of that regime in the tables of policy, each with that one point settled that way. Judging then judges
them all. A point on which no disclosure touches gets no copy: nothing can hang on it. A regime that is reported,
switched off and would be in force on the as-of date is a point too: its worse way is a copy of it, and there is no
milder one. `open_because`: `law`, the orders do not say; `log`, the log does not say.
"""
*/
create or replace table sweep_points as
with now as (
    select r.*
    from before.policy_regimes r
    inner join before.settings s on r.regime_id = s.regime_now
),

points as (
    select
        s.kind,
        s.key,
        s.origin,
        case when s.key in ('unknown', 'unclassified') then 'log' else 'law' end as open_because
    from before.policy_severities s
    inner join now n on s.regime_id = n.regime_id
    where s.severity = 'review'
    union all
    select
        'category' as kind,
        '(any other)' as key,
        origin,
        'law' as open_because
    from now
    where default_category = 'review'
    union all
    select
        'population',
        '(any other)',
        origin,
        'law'
    from now
    where default_population = 'review'
    union all
    select
        'program',
        '(any other)',
        origin,
        'law'
    from now
    where default_program = 'review'
    union all
    select
        'purpose',
        'other',
        origin,
        'law'
    from now
    where other_purpose = 'review'
    union all
    select
        'state',
        s.state,
        s.origin,
        'law'
    from before.policy_regime_states s
    inner join now n on s.regime_id = n.regime_id
    where s.status = 'unsettled'
    union all
    select
        'regime',
        r.regime_id,
        r.origin,
        'law'
    from before.policy_regimes r
    cross join before.settings s
    where not r.enabled and s.as_of between r.first_day and coalesce(r.last_day, date '9999-12-31')
)

select
    p.*,
    w.way,
    n.regime_id as regime_now,
    n.regime_id || ' ' || p.kind || ' ' || p.key || ' ' || w.way as regime_id,
    if(p.kind = 'regime', p.key, n.regime_id) as copied_from,
    p.key = '(any other)'
    or p.kind = 'regime'
    or (p.kind, p.key) in (select (kind, key) from before.disclosure_meanings)
    or (
        p.kind = 'purpose'
        and exists (
            select 1
            from before.disclosures
            where purpose_kind in ('other', 'unrecognized') or (purpose_kind = 'presumed' and not enforces)
        )
    ) as touched
from points p
cross join now n
cross join (values ('milder'), ('worse')) w (way)
where not (p.kind = 'regime' and w.way = 'milder');

create or replace table policy_regimes as
select
    p.regime_id,
    n.* exclude (regime_id, default_category, default_population, default_program, other_purpose),
    case
        when p.kind = 'category' and p.key = '(any other)' then if(p.way = 'worse', 'enjoined', 'permitted')
        else n.default_category
    end as default_category,
    case
        when p.kind = 'population' and p.key = '(any other)' then if(p.way = 'worse', 'enjoined', 'permitted')
        else n.default_population
    end as default_population,
    case
        when p.kind = 'program' and p.key = '(any other)' then if(p.way = 'worse', 'enjoined', 'permitted')
        else n.default_program
    end as default_program,
    -- Another purpose either takes a transfer out of the order's reach or makes no difference.
    case
        when p.kind = 'purpose' then if(p.way = 'worse', null, 'outside')
        else n.other_purpose
    end as other_purpose
from sweep_points p
inner join before.policy_regimes n on p.copied_from = n.regime_id
where p.touched;

create or replace table policy_severities as
select
    p.regime_id,
    s.kind,
    s.key,
    case
        when p.kind = s.kind and p.key = s.key then if(p.way = 'worse', 'enjoined', 'permitted')
        else s.severity
    end as severity,
    s.certainty,
    s.origin
from sweep_points p
inner join before.policy_severities s on p.copied_from = s.regime_id
where p.touched;

create or replace table policy_regime_states as
select
    p.regime_id,
    s.state,
    case when p.kind = 'state' and p.key = s.state then 'covered' else s.status end as status,
    s.certainty,
    s.note,
    s.origin
from sweep_points p
inner join before.policy_regime_states s on p.copied_from = s.regime_id
where p.touched and not (p.kind = 'state' and p.key = s.state and p.way = 'milder');
