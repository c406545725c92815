/*
title = "Write down which verdicts moved"
description = """
Adds to `verdict_moves` how many transfers a change of policy, or of the day of now, moved from one verdict to another,
with the three lines of policy that moved most of them. Reads what a comparison of policies left.
"""

[params.scan_id]
type = "integer"
required = true
unit = "scan"
description = "The scan that judges anew."
*/
insert into verdict_moves
with moved as (
    select
        time,
        verdict_before,
        verdict_after,
        attempt,
        sum(transfers)::bigint as transfers
    from changed_verdicts
    group by all
),

causing as (
    select
        v.time,
        v.verdict_before,
        v.verdict_after,
        v.attempt,
        c.what || coalesce(' [' || c.origin || ']', '') as because,
        sum(v.transfers) as transfers
    from changed_verdicts v
    inner join (select distinct time, disclosure_id, pair_id, what, origin from causes) c
        on v.time = c.time and v.disclosure_id = c.disclosure_id and v.pair_id = c.pair_id
    group by all
),

told as (
    select
        time,
        verdict_before,
        verdict_after,
        attempt,
        list(because order by transfers desc, because asc)[:3] as because
    from causing
    group by all
)

select
    getvariable('scan_id')::integer,
    m.time,
    m.verdict_before,
    m.verdict_after,
    m.attempt,
    m.transfers,
    coalesce(t.because, [])
from moved m
left join told t
    on m.time = t.time and m.verdict_before = t.verdict_before and m.verdict_after = t.verdict_after
    and m.attempt = t.attempt
order by m.time asc, m.attempt asc, m.transfers desc, m.verdict_before asc, m.verdict_after asc;
