/*
title = "How many verdicts differ"
description = """
Transfers whose verdict differs between two policies, now and then, from which verdict to which. Failed
attempts are counted apart.
"""
*/
select
    time,
    verdict_before,
    verdict_after,
    attempt,
    sum(transfers)::bigint as transfers,
    sum(people) as people
from changed_verdicts
group by all
order by time asc, attempt asc, transfers desc, verdict_before asc, verdict_after asc;
