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
    coalesce(sum(transfers) filter (where changed_now and not attempt), 0)::bigint as changed_now,
    coalesce(sum(transfers) filter (where changed_then and not attempt), 0)::bigint as changed_then,
    coalesce(sum(transfers) filter (where newly_flagged and not attempt), 0)::bigint as newly_flagged,
    coalesce(sum(transfers) filter (where no_longer_flagged and not attempt), 0)::bigint as no_longer_flagged,
    coalesce(sum(transfers) filter (where attempt and (changed_now or changed_then)), 0)::bigint as attempts
from changed;
