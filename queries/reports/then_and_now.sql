/*
title = "Then and now"
description = """
Transfers in scope, attempts left out, by the verdict on their own day and the verdict now. Every pair of
verdicts has its row, worst first, so that an empty cell is a count of none.
"""
selection = true
*/
with verdicts_known as (
    select
        verdict,
        severity_rank(verdict) as rank
    from unnest(['enjoined', 'review', 'permitted', 'outside']) v (verdict)
)

select
    b.verdict as verdict_then,
    a.verdict as verdict_now,
    coalesce(sum(t.transfers), 0)::bigint as transfers,
    coalesce(sum(t.people), 0)::hugeint as people
from verdicts_known b
cross join verdicts_known a
left join selected_tallies t
    on a.verdict = t.verdict_now and b.verdict = t.verdict_then and t.in_scope and not t.attempt
group by all
order by max(b.rank) desc, max(a.rank) desc;
