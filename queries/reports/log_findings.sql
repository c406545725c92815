/*
title = "What rules found about the logs themselves"
description = """
The first few findings about files and logs: silence, missing numbers, steps back in time, files that changed or
vanished. The worst severity first; `in_all` says how many there are.
"""

[params.log_findings_shown]
type = "integer"
default = 20
unit = "findings"
description = "How many findings to show."
*/
select
    f.rule,
    f.severity,
    f.subject,
    f.evidence,
    f.citation,
    f.certainty,
    x.suppressed_until,
    x.suppressed_by,
    count(*) over () as in_all
from source_findings f
left join suppressed_now x on f.rule = x.rule and f.subject = x.subject
order by
    case f.severity when 'grave' then 0 when 'review' then 1 else 2 end,
    f.rule,
    f.subject
limit coalesce(getvariable('log_findings_shown')::bigint, 20);
