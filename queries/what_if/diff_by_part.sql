/*
title = "Changed verdicts by what the transfers are about"
description = """
Transfers whose verdict differs between two policies, by `kind` and `key`: each state, category of data, population
and program, as the second policy reads the log. A transfer with several of them counts in each. Failed attempts
are left out.
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
    m.kind,
    m.key,
    c.verdict_before,
    c.verdict_after,
    sum(c.transfers)::bigint as transfers
from by_disclosure c
inner join after.disclosure_meanings m on c.disclosure_id = m.disclosure_id
group by all
order by c.time asc, m.kind asc, transfers desc, m.key asc, c.verdict_before asc, c.verdict_after asc;
