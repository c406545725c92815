/*
title = "Why these transfers"
description = """
The findings of the transfers named in `record_keys`, worst first.
"""

[params.record_keys]
type = "integer[]"
required = true
description = "The records to explain: `record_key` of transfers or of most_serious."
*/
select
    record_key,
    rule,
    severity,
    evidence,
    citation,
    certainty,
    element_basis
from findings
where list_contains(getvariable('record_keys')::bigint[], record_key)
order by
    record_key,
    case severity when 'grave' then 0 when 'review' then 1 else 2 end,
    rule;
