/*
title = "By week"
description = """
Transfers in scope, attempts left out, by week (its Monday) and by the verdicts then and now. Transfers
without a time have no week: their row comes last.
"""
selection = true
*/
select
    week,
    verdict_then,
    verdict_now,
    sum(transfers)::bigint as transfers
from selected_week_tallies
where in_scope and not attempt
group by all
order by week nulls last, verdict_then, verdict_now;
