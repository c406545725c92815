/*
title = "Changed verdicts by week"
description = """
Transfers whose verdict differs between two policies, by the week of the transfer at the court, which begins on
its Monday; null where the log does not say when. Failed attempts are left out.
"""
*/
with kinds as (
    select distinct kind_id, now_before, now_after, then_before, then_after
    from verdict_changes
),

counted as (
    select
        t.time,
        w.week,
        if(t.time = 'now', k.now_before, k.then_before) as verdict_before,
        if(t.time = 'now', k.now_after, k.then_after) as verdict_after,
        w.transfers
    from week_changes w
    inner join kinds k on w.kind_id = k.kind_id
    cross join (values ('now'), ('then')) t (time)
)

select
    time,
    week,
    verdict_before,
    verdict_after,
    sum(transfers)::bigint as transfers
from counted
where verdict_before <> verdict_after
group by all
order by time, week, verdict_before, verdict_after;
