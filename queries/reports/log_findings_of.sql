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
    rule,
    severity,
    subject,
    evidence,
    citation,
    certainty
from source_findings
where
    starts_with(subject || ' ', getvariable('log_path')::varchar || ' ')
    or starts_with(subject, getvariable('log_path')::varchar || ', ')
    or starts_with(subject, stream_of(getvariable('log_path')::varchar) || ' ')
order by
    case severity when 'grave' then 0 when 'review' then 1 else 2 end,
    rule,
    subject;
