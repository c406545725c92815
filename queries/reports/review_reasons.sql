/*
title = "Reasons to review"
description = """
One row a rule that is no mere note: how many transfers to review now met it, attempts left out; the most frequent
first. The last row, without a rule, counts those that met none.
"""
selection = true
*/
with reviewed as (
    select m.bits
    from selected_verdicts v
    inner join met_rules m on v.record_key = m.record_key
    where v.verdict_now = 'review' and not v.attempt
),

reasons as (
    select
        b.rule,
        b.bit
    from rule_bits b
    inner join rule_runs g on b.rule = g.rule
    where g.severity <> 'note'
)

select
    b.rule,
    count(*) as transfers
from reviewed r
left join reasons b on r.bits & b.bit <> 0
group by b.rule
order by b.rule is null asc, transfers desc, b.rule asc;
