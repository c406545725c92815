/*
title = "What rules found about one log"
description = """
The findings about a file, and about the log that it is a part of: files whose names differ only in digits.
"""

[params.log_path]
type = "varchar"
required = true
description = "The file, as `sources` and `transfers` name it."
*/
select
    f.rule,
    f.severity,
    f.subject,
    f.evidence,
    f.citation,
    f.certainty,
    x.suppressed_until,
    x.suppressed_by
from source_findings f
left join suppressed_now x on f.rule = x.rule and f.subject = x.subject
where
    starts_with(f.subject || ' ', getvariable('log_path')::varchar || ' ')
    or starts_with(f.subject, getvariable('log_path')::varchar || ', ')
    or starts_with(f.subject, stream_of(getvariable('log_path')::varchar) || ' ')
order by
    case f.severity when 'grave' then 0 when 'review' then 1 else 2 end,
    f.rule,
    f.subject;
