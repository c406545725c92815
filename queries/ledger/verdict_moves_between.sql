/*
title = "Verdicts that moved between two scans"
description = """
What changes of policy, or of the day of now, did to the verdicts of transfers after scan `scan_before` and up to
`scan_after`: scan by scan, now before then, most transfers first.
"""
[params.scan_before]
type = "integer"
unit = "scan"
description = "The earlier scan."

[params.scan_after]
type = "integer"
unit = "scan"
description = "The later scan."
*/
select
    m.scan_id,
    s.started_at,
    m.time,
    m.verdict_before,
    m.verdict_after,
    m.attempt,
    m.transfers,
    m.because
from verdict_moves m
inner join scans s on m.scan_id = s.scan_id
where m.scan_id > getvariable('scan_before')::integer and m.scan_id <= getvariable('scan_after')::integer
order by m.scan_id asc, m.time asc, m.attempt asc, m.transfers desc, m.verdict_before asc, m.verdict_after asc;
