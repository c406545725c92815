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
with bars as (
    select
        v.regime_id,
        v.kind,
        v.key,
        v.certainty,
        v.origin
    from severities v
    inner join policy_regimes r on v.regime_id = r.regime_id and r.enabled
    where v.severity = 'enjoined'
),

barred as (
    select
        b.regime_id,
        b.kind,
        b.key,
        b.certainty,
        b.origin,
        m.list_id
    from list_meanings m
    inner join bars b on m.kind = b.kind and m.key = b.key
    left join implied_categories i
        on m.kind = 'category'
        and m.list_id = i.list_id
        and b.regime_id = i.regime_id
        and m.key = i.category
    where i.category is null
),

held as (
    select
        d.disclosure_id,
        b.regime_id,
        b.kind,
        b.key,
        b.certainty,
        b.origin
    from disclosure_lists d
    inner join barred b on d.list_id = b.list_id
)

select
    h.regime_id,
    h.kind,
    h.key,
    h.certainty,
    h.origin,
    coalesce(sum(t.transfers) filter (where t.timed and t.regime_then = h.regime_id), 0)::bigint as transfers_then,
    coalesce(
        sum(t.transfers) filter (where t.timed and t.regime_then = h.regime_id and t.class_then = 'enjoined'), 0
    )::bigint as barred_then,
    case when h.regime_id = s.regime_now then sum(t.transfers)::bigint end as transfers_now,
    case when h.regime_id = s.regime_now
        then coalesce(sum(t.transfers) filter (where t.class_now = 'enjoined'), 0)::bigint
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
