/*
title = "Changed verdicts by state"
description = """
Transfers whose verdict differs between two policies, by state; a transfer about several states counts in each.
Failed attempts are left out.
"""
*/
with by_disclosure as (
    select
        time,
        disclosure_id,
        verdict_before,
        verdict_after,
        sum(transfers) as transfers
    from changed_verdicts
    where not attempt
    group by all
)

select
    c.time,
    m.key as state,
    c.verdict_before,
    c.verdict_after,
    sum(c.transfers)::bigint as transfers
from by_disclosure c
inner join after.disclosure_meanings m on c.disclosure_id = m.disclosure_id and m.kind = 'state'
group by all
order by c.time asc, transfers desc, state asc, c.verdict_before asc, c.verdict_after asc;
