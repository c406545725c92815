/*
title = "Write down which verdicts other queries moved"
description = """
Adds to `verdict_moves` how many transfers have another verdict, or are an attempt now and were none, than
`verdicts_before` has, with one reason for all of them.
"""

[params.scan_id]
type = "integer"
required = true
unit = "scan"
description = "The scan that judges anew."

[params.because]
type = "varchar"
required = true
description = "What changed."
*/
insert into verdict_moves
with judged as (
    select
        b.verdict_now as now_before,
        b.verdict_then as then_before,
        b.attempt as attempt_before,
        v.verdict_now,
        v.verdict_then,
        v.attempt
    from verdicts_before b
    inner join verdicts v on b.record_key = v.record_key
),

moved as (
    select
        t.time,
        counted_as(if(t.time = 'now', now_before, then_before), attempt_before and not attempt) as verdict_before,
        counted_as(if(t.time = 'now', verdict_now, verdict_then), attempt and not attempt_before) as verdict_after,
        attempt and attempt_before as attempt
    from judged
    cross join (values ('now'), ('then')) t (time)
)

select
    getvariable('scan_id')::integer,
    time,
    verdict_before,
    verdict_after,
    attempt,
    count(*) as transfers,
    [getvariable('because')::varchar] as because
from moved
where verdict_before <> verdict_after
group by all
order by time asc, attempt asc, transfers desc, verdict_before asc, verdict_after asc;

drop table verdicts_before;
