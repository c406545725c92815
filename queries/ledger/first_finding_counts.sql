/*
title = "Findings of a first scan by rule"
description = """
What `finding_change_counts` says where nothing was there before: every finding is new, or suppressed from the start.
Reads what the scan counted, no record.
"""
[params.scan_after]
type = "integer"
unit = "scan"
description = "The scan."
*/
with hidden as (
    select
        rule,
        count(*) as findings,
        sum(records)::bigint as records
    from (
        select distinct
            rule,
            transfer_id,
            subject,
            records
        from suppressed_findings
        where held_at(first_scan, until_scan, getvariable('scan_after')::integer)
    ) h
    group by rule
),

said as (
    select
        rule,
        any_value(reads) as reads,
        coalesce(list_sort(list(distinct coalesce(subject || ': ', '') || evidence)
            filter (where evidence is not null))[:3], []) as examples
    from finding_spans
    where held_at(first_scan, until_scan, getvariable('scan_after')::integer)
    group by rule
)

select
    r.rule,
    r.severity,
    s.reads,
    r.hits - coalesce(h.records, 0) as new,
    0::bigint as gone,
    0::bigint as changed,
    coalesce(h.findings, 0) as newly_suppressed,
    coalesce(s.examples, []) as examples
from scan_rules r
left join hidden h on r.rule = h.rule
left join said s on r.rule = s.rule
where r.scan_id = getvariable('scan_after')::integer and r.hits > 0
order by
    case r.severity when 'grave' then 1 when 'review' then 2 else 3 end,
    r.rule;
