/*
title = "Why these transfers"
description = "The findings of the transfers named in `record_keys`, worst first."

[params.record_keys]
type = "integer[]"
required = true
description = "The records to explain: `record_key` of transfers or of most_serious."
*/
select
    f.record_key,
    f.rule,
    f.severity,
    f.evidence,
    f.citation,
    f.certainty,
    f.element_basis,
    x.suppressed_until,
    x.suppressed_by
from findings f
left join suppressed_now x on f.rule = x.rule and f.transfer_id = x.transfer_id
where list_contains(getvariable('record_keys')::bigint[], f.record_key)
order by
    f.record_key,
    case f.severity when 'grave' then 0 when 'review' then 1 else 2 end,
    f.rule;
