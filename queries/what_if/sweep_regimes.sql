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
    select kind, '(any other)' as key, origin, 'law' as open_because
    from (
        unpivot (
            select default_category as category, default_population as population, default_program as program, origin
            from now
        )
        on category, population, program
        into name kind value severity
    )
    where severity = 'review'
    union all
    select 'purpose', 'other', origin, 'law'
    from now
    where other_purpose = 'review'
    union all
    select 'state', s.state, s.origin, 'law'
    from before.policy_regime_states s
    inner join now n on s.regime_id = n.regime_id
    where s.status = 'unsettled'
    union all
    select 'regime', r.regime_id, r.origin, 'law'
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
    if(w.way = 'worse', 'enjoined', 'permitted') as settled_as,
    case when p.key = '(any other)' then p.kind end as any_other,
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
    n.* replace (
        p.regime_id as regime_id,
        if(p.any_other = 'category', p.settled_as, n.default_category) as default_category,
        if(p.any_other = 'population', p.settled_as, n.default_population) as default_population,
        if(p.any_other = 'program', p.settled_as, n.default_program) as default_program,
        -- Another purpose either takes a transfer out of the order's reach or makes no difference.
        if(p.kind = 'purpose', if(p.way = 'worse', null, 'outside'), n.other_purpose) as other_purpose
    )
from sweep_points p
inner join before.policy_regimes n on p.copied_from = n.regime_id
where p.touched;

create or replace table policy_severities as
select
    s.* replace (
        p.regime_id as regime_id,
        if(p.kind = s.kind and p.key = s.key, p.settled_as, s.severity) as severity
    )
from sweep_points p
inner join before.policy_severities s on p.copied_from = s.regime_id
where p.touched;

create or replace table policy_regime_states as
select
    s.* replace (
        p.regime_id as regime_id,
        if(p.kind = 'state' and p.key = s.state, 'covered', s.status) as status
    )
from sweep_points p
inner join before.policy_regime_states s on p.copied_from = s.regime_id
where p.touched and not (p.kind = 'state' and p.key = s.state and p.way = 'milder');
