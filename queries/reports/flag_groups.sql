/*
title = "Barred content and plaintiff states"
description = """
The four groups that the two flags make of the transfers in scope, attempts left out. A flag is about the
content alone, or about the state alone; the verdict is about both.
"""
selection = true
*/
with groups (flag_category, flag_state, meaning) as (
    values
    (true, true, 'barred data of a plaintiff state: the order bars it'),
    (true, false, 'barred data, no plaintiff state: to review if the state is unsettled or unknown'),
    (false, true, 'a plaintiff state, no barred data: permitted, or to review'),
    (false, false, 'neither: not flagged')
)

select
    g.flag_category,
    g.flag_state,
    g.meaning,
    coalesce(sum(t.transfers), 0)::bigint as transfers,
    coalesce(sum(t.people), 0)::hugeint as people,
    sum_where(t.transfers, t.verdict_now = 'enjoined') as barred_now,
    sum_where(t.transfers, t.verdict_now = 'review') as review_now
from groups g
left join selected_tallies t
    on g.flag_category = t.flag_category and g.flag_state = t.flag_state and t.in_scope and not t.attempt
group by all
order by g.flag_category desc, g.flag_state desc;
