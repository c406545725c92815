/*
title = "Changed verdicts by week"
description = """
Transfers whose verdict differs between two policies, by the week of the transfer at the court, which begins on
its Monday; null where the log does not say when. Failed attempts are left out.
"""
*/
select
    time,
    week,
    verdict_before,
    verdict_after,
    sum(transfers)::bigint as transfers
from changed_verdicts
where not attempt
group by all
order by time, week, verdict_before, verdict_after;
