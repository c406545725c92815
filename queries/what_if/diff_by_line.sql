/*
title = "Changed verdicts by line of policy"
description = """
The lines of policy that differ and had a part in changed verdicts, and how many transfers each of them changed; a
transfer counts at each of its lines. Failed attempts are left out.
"""
*/
with by_disclosure as (
    select
        time,
        disclosure_id,
        pair_id,
        sum(transfers) as transfers
    from changed_verdicts
    where not attempt
    group by all
)

select
    k.time,
    k.what,
    k.origin,
    sum(c.transfers)::bigint as transfers
from (select distinct time, disclosure_id, pair_id, what, origin from causes) k
inner join by_disclosure c on k.time = c.time and k.disclosure_id = c.disclosure_id and k.pair_id = c.pair_id
group by all
order by k.time asc, transfers desc, k.what asc, k.origin asc;
