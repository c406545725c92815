/*
title = "How each rule ended"
description = """
One row a rule: ran with so many hits, not applicable and which field is missing, or failed and why. A rule
that failed makes the run incomplete. Hits are those of the whole scan, whatever is selected.
"""
*/
select
    rule,
    severity,
    outcome,
    hits,
    message
from rule_runs
order by
    case outcome when 'failed' then 0 when 'ran' then 1 else 2 end asc,
    case severity when 'grave' then 0 when 'review' then 1 else 2 end asc,
    hits desc,
    rule asc;
