/*
title = "How much differs between two policies"
description = """
How many transfers are in scope as the database was judged, how many of them have another verdict under the second,
now and then, and how many only one of the two flags. Failed attempts are left out, but for `attempts`: those
that have another verdict.
"""
*/
with changed as (
    select
        v.now_before <> v.now_after as changed_now,
        v.then_before <> v.then_after as changed_then,
        v.flagged_after and not v.flagged_before as newly_flagged,
        v.flagged_before and not v.flagged_after as no_longer_flagged,
        c.attempt,
        c.transfers
    from changes c
    inner join verdict_changes v on c.disclosure_id = v.disclosure_id and c.pair_id = v.pair_id
)

select
    (
        select coalesce(sum(transfers), 0)::bigint
        from tallies
        where in_scope and not attempt
    ) as in_scope,
    sum_where(transfers, changed_now and not attempt) as changed_now,
    sum_where(transfers, changed_then and not attempt) as changed_then,
    sum_where(transfers, newly_flagged and not attempt) as newly_flagged,
    sum_where(transfers, no_longer_flagged and not attempt) as no_longer_flagged,
    sum_where(transfers, attempt and (changed_now or changed_then)) as attempts
from changed;
