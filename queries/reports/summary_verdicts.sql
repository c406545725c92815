/*
title = "Transfers by verdict"
description = """
How many transfers have which verdict now and then, flagged or not, attempts apart; the whole database,
whatever a report was narrowed to.
"""
*/
select
    t.attempt,
    case
        when not t.in_scope then 'out_of_scope'
        when d.unknown_agency then 'review'
        else coalesce(n.verdict, 'outside')
    end as verdict_now,
    case
        when not t.in_scope then 'out_of_scope'
        when d.unknown_agency or not t.timed then 'review'
        else coalesce(h.verdict, 'outside')
    end as verdict_then,
    t.in_scope and (coalesce(n.content = 'enjoined', false) or coalesce(n.some_covered, false)) as flagged,
    sum(t.transfers)::bigint as transfers
from tallies t
inner join disclosures d on t.disclosure_id = d.disclosure_id
cross join settings s
left join judgments n on t.disclosure_id = n.disclosure_id and s.regime_now = n.regime_id
left join judgments h on t.disclosure_id = h.disclosure_id and t.regime_then = h.regime_id
group by all
order by all
