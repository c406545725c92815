/*
title = "Changed findings by rule"
description = """
How many findings of each rule are new, gone, changed and newly suppressed, with what up to three new ones say. Reads
`finding_changes`. What is suppressed counts in no other column: it is what nobody need be told of.
"""
*/
select
    rule,
    max_by(severity, last_seen) as severity,
    any_value(reads) as reads,
    count(*) filter (where change = 'new') as new,
    count(*) filter (where change = 'gone' and not was_suppressed) as gone,
    count(*) filter (where change = 'changed' and not is_suppressed) as changed,
    count(*) filter (where change = 'newly suppressed') as newly_suppressed,
    coalesce((list(
        coalesce(transfer_id, subject) || coalesce(': ' || evidence_after, '')
        order by transfer_id, subject
    ) filter (where change = 'new'))[:3], []) as examples
from finding_changes
group by rule
order by
    case max_by(severity, last_seen) when 'enjoined' then 1 when 'review' then 2 else 3 end,
    rule;
