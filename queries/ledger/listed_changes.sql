/*
title = "Changed findings, one by one"
description = """
The first of the findings that changed: new ones first, then the worst, then by rule and transfer. What a rule on
single events found is worked out again, for these only. Reads `finding_changes`.
"""
[params.most]
type = "integer"
unit = "findings"
description = "How many; unset: all of them."
*/
with listed as (
    select *
    from finding_changes
    order by
        list_position(['new', 'changed', 'gone', 'newly suppressed'], change),
        list_position(['enjoined', 'review', 'note'], severity),
        rule,
        transfer_id,
        subject
    limit coalesce(getvariable('most')::bigint, 9223372036854775807)
),

on_events as (
    select
        rule,
        record_key,
        evidence
    from findings
    where
        (record_key, rule) in (
            select (record_key, rule)
            from listed
            where reads = 'transfers' and change <> 'gone'
        )
)

select
    l.* exclude (record_key, evidence_after),
    coalesce(l.evidence_after, e.evidence) as evidence_after
from listed l
left join on_events e on l.rule = e.rule and l.record_key = e.record_key
order by
    list_position(['new', 'changed', 'gone', 'newly suppressed'], l.change),
    list_position(['enjoined', 'review', 'note'], l.severity),
    l.rule,
    l.transfer_id,
    l.subject;
