/*
title = "Findings, from when to when"
description = """
One row a finding that was ever made on a transfer or of a rule, or that has an id: first and last scan that saw it,
whether it holds, what it said last, and what hides it. By id it looks at every finding: name the transfer too.
"""
[params.finding]
type = "varchar"
description = "The id of a finding."

[params.transfer]
type = "varchar"
description = "A transfer."

[params.rule]
type = "varchar"
description = "A rule."

[params.rules_of_any_scope]
type = "varchar[]"
description = "Rules that find things out of scope too."
*/
with spans as (
    select *
    from finding_spans
    where coalesce(rule = getvariable('rule')::varchar, true)
),

carrying as (
    select
        r.record_key,
        r.transfer_id,
        r.disclosure_id,
        s.scan_id,
        d.parties_in_scope and coalesce(m.until_day >= c.since, true) as in_scope
    from linked_records r
    inner join sources s on s.source_id = r.record_key // 68719476736
    inner join moments m on r.moment_id = m.moment_id
    inner join disclosure_parties d on r.disclosure_id = d.disclosure_id
    cross join scope_settings c
    where coalesce(r.transfer_id = getvariable('transfer')::varchar, true)
),

found as (
    select
        s.*,
        c.transfer_id,
        c.scan_id
    from carrying c
    inner join spans s on s.reads = 'disclosures' and c.disclosure_id = s.key
    where c.in_scope or coalesce(list_contains(getvariable('rules_of_any_scope')::varchar[], s.rule), false)
    union all
    select
        s.*,
        c.transfer_id,
        c.scan_id
    from carrying c
    inner join spans s on s.reads = 'transfers' and c.record_key = s.key
    union all
    select
        *,
        null as transfer_id,
        1 as scan_id
    from spans
    where reads = 'sources' and getvariable('transfer') is null
),

told as (
    select
        finding_id(rule, coalesce(transfer_id, subject)) as finding_id,
        rule,
        max_by(severity, first_scan) as severity,
        transfer_id,
        subject,
        max_by(evidence, first_scan) as evidence,
        min(greatest(first_scan, scan_id)) as first_seen,
        bool_or(until_scan is null) as holds,
        if(bool_or(until_scan is null), (select max(scan_id) from scans), max(until_scan) - 1) as last_seen
    from found
    where coalesce(until_scan > scan_id, true)
    group by rule, transfer_id, subject
)

select
    t.*,
    f.started_at as first_seen_at,
    l.started_at as last_seen_at,
    h.suppression_id
from told t
left join scans f on t.first_seen = f.scan_id
left join scans l on t.last_seen = l.scan_id
left join (
    select
        rule,
        transfer_id,
        subject,
        min(suppression_id) as suppression_id
    from suppressed_findings
    where until_scan is null
    group by all
) h
    on t.rule = h.rule and t.transfer_id is not distinct from h.transfer_id
    and t.subject is not distinct from h.subject
where coalesce(t.finding_id = getvariable('finding')::varchar, true)
order by t.rule, t.transfer_id, t.subject;
