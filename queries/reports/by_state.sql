/*
title = "By state"
description = """
Each state in the transfers in scope, attempts left out, and each that the order in force names though no
transfer does. A transfer about several states counts in each of them; a verdict is that of the whole
transfer. `standing` is covered (a plaintiff), unsettled, other or unknown.
"""
selection = true
*/
with standings as (
    select
        p.state,
        p.status
    from policy_regime_states p
    inner join settings s on p.regime_id = s.regime_now
),

counts as (
    select
        m.key as state,
        sum(t.transfers)::bigint as transfers,
        sum_where(t.transfers, t.verdict_now = 'enjoined') as enjoined,
        sum_where(t.transfers, t.verdict_now = 'review') as review,
        sum_where(t.transfers, t.verdict_now = 'permitted') as permitted,
        sum_where(t.transfers, t.verdict_now = 'outside') as outside,
        sum_where(t.transfers, t.verdict_then = 'enjoined') as barred_then
    from selected_tallies t
    inner join disclosure_parties d on t.disclosure_id = d.disclosure_id
    inner join list_meanings m on d.state_list = m.list_id
    where t.in_scope and not t.attempt
    group by m.key
),

names as (
    select
        state,
        max(name) as name
    from policy_states
    group by state
)

select
    coalesce(c.state, p.state) as state,
    coalesce(n.name, '') as name,
    coalesce(p.status, case when c.state = 'unknown' then 'unknown' else 'other' end) as standing,
    coalesce(c.transfers, 0) as transfers,
    coalesce(c.enjoined, 0) as enjoined,
    coalesce(c.review, 0) as review,
    coalesce(c.permitted, 0) as permitted,
    coalesce(c.outside, 0) as outside,
    coalesce(c.barred_then, 0) as barred_then
from counts c
full join standings p on c.state = p.state
left join names n on coalesce(c.state, p.state) = n.state
order by c.enjoined desc nulls last, c.transfers desc nulls last, coalesce(c.state, p.state) asc;
