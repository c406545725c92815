/*
title = "Every finding"
description = """
One row a rule and transfer of the selection: what gave it away, the clause, and how sure its source is. Worst first.
"""
selection = true
*/
select
    f.record_key,
    f.transfer_id,
    f.rule,
    f.severity,
    f.evidence,
    f.citation,
    f.certainty,
    x.suppressed_until,
    x.suppressed_by,
    s.path as source_file,
    place_text(s.places, s.sheets, f.record_key % 68719476736) as place
from findings f
semi join selected_verdicts v on f.record_key = v.record_key
inner join sources s on s.source_id = f.record_key // 68719476736
left join suppressed_now x on f.rule = x.rule and f.transfer_id = x.transfer_id
order by
    case f.severity when 'grave' then 0 when 'review' then 1 else 2 end,
    f.rule,
    f.transfer_id,
    f.record_key;
