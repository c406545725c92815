/*
title = "Barred transfers by order, recipient and verdict"
description = """
All transfers that are barred now or were barred when they happened, by the legal situation of their day, their
recipient and both verdicts; attempts in rows of their own. Their sum is `in_all`.
"""
selection = true
*/
select
    case when t.timed then t.regime_then end as regime_then,
    coalesce(d.recipient_agency, 'unknown') as recipient,
    t.attempt,
    t.verdict_then,
    t.verdict_now,
    sum(t.transfers)::bigint as transfers,
    (sum(sum(t.transfers)) over ())::bigint as in_all
from selected_tallies t
inner join disclosure_parties d on t.disclosure_id = d.disclosure_id
where t.in_scope and 'enjoined' in (t.verdict_now, t.verdict_then)
group by all
order by
    t.attempt asc,
    regime_then asc nulls last,
    transfers desc,
    recipient asc,
    t.verdict_then asc,
    t.verdict_now asc;
