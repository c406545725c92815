/*
title = "The parts of one transfer"
description = """
Each category of data, population and program disclosed under the id in `explain_id`, under each
regime: its severity, and the line of the policy tables that decided.
"""

[params.explain_id]
type = "varchar"
required = true
description = "The transfer's id, as the log gives it."
*/
select
    p.disclosure_id,
    p.regime_id,
    p.kind,
    p.key,
    coalesce(p.items, []) as items,
    coalesce(list_sort(list_distinct(list_transform(p.deduced, lambda d: d.why))), []) as deduced,
    p.severity,
    p.implied_by,
    p.listed,
    p.origin
from disclosure_parts p
where p.disclosure_id in (
    select disclosure_id
    from kept_records
    where transfer_id = getvariable('explain_id')
)
order by
    p.disclosure_id,
    p.regime_id,
    p.kind,
    -severity_rank(p.severity),
    p.key
