/*
title = "What each order bars, and what was found of it"
description = """
One row an order that is applied and a category of data, population or program that it bars, where a transfer held it:
how many transfers of its days did, and how many of those were barred then; for the order in force, how many of all
transfers do, and how many of those are barred now. With the line of the policy tables that says so, where one names it,
and how sure it is. Attempts are left out; a transfer with several of them counts in each.
"""
selection = true
*/
with held as (
    select
        l.disclosure_id,
        b.regime_id,
        b.kind,
        b.key,
        b.certainty,
        b.origin
    from disclosure_lists l
    inner join barred_lists b on l.list_id = b.list_id
    inner join policy_regimes r on b.regime_id = r.regime_id and r.enabled
)

select
    h.regime_id,
    h.kind,
    h.key,
    h.certainty,
    h.origin,
    sum_where(t.transfers, t.timed and t.regime_then = h.regime_id) as transfers_then,
    sum_where(t.transfers, t.timed and t.regime_then = h.regime_id and t.class_then = 'enjoined') as barred_then,
    case when h.regime_id = s.regime_now then sum(t.transfers)::bigint end as transfers_now,
    case when h.regime_id = s.regime_now
        then sum_where(t.transfers, t.class_now = 'enjoined')
    end as barred_now
from selected_tallies t
inner join held h on t.disclosure_id = h.disclosure_id
cross join settings s
where t.in_scope and not t.attempt
group by h.regime_id, h.kind, h.key, h.certainty, h.origin, s.regime_now
having transfers_then > 0 or transfers_now > 0
order by
    h.regime_id asc,
    h.kind asc,
    barred_then desc,
    barred_now desc nulls last,
    transfers_then desc,
    h.key asc;
