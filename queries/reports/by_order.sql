/*
title = "By the order in force at the time"
description = """
One row a legal situation of the policy tables that is applied, by its days: the transfers in scope of those days,
attempts left out, by the verdict they had then. Transfers without a time have a row of their own, last.
"""
selection = true
*/
with counted as (
    select
        case when timed then regime_then end as regime_id,
        sum(transfers)::bigint as transfers,
        sum_where(transfers, class_then = 'enjoined') as barred_then,
        sum_where(transfers, class_then = 'review') as review_then,
        sum_where(transfers, class_then = 'permitted') as permitted_then,
        sum_where(transfers, class_then = 'outside') as outside_then,
        sum_where(transfers, class_now = 'enjoined') as barred_now
    from selected_tallies
    where in_scope and not attempt
    group by all
)

select
    r.regime_id,
    r.title,
    r.first_day,
    r.last_day,
    coalesce(c.transfers, 0) as transfers,
    coalesce(c.barred_then, 0) as barred_then,
    coalesce(c.review_then, 0) as review_then,
    coalesce(c.permitted_then, 0) as permitted_then,
    coalesce(c.outside_then, 0) as outside_then,
    coalesce(c.barred_now, 0) as barred_now
from policy_regimes r
full join counted c on r.regime_id = c.regime_id
where r.enabled or c.transfers is not null
order by r.first_day nulls last, r.regime_id nulls last;
