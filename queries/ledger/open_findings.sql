/*
title = "Open and suppressed findings by rule"
description = """
How many findings each rule has at the last scan of a ledger, those apart that are suppressed. Reads what the scan
counted, and no record. Rules that found nothing are left out.
"""
*/
with last_scan as (
    select max(scan_id) as scan_id from scans
),

hidden as (
    select
        rule,
        sum(records)::bigint as findings
    from (
        select distinct
            rule,
            transfer_id,
            subject,
            records
        from suppressed_findings
        where until_scan is null
    ) h
    group by rule
)

select
    r.rule,
    r.severity,
    r.hits - coalesce(h.findings, 0) as open,
    coalesce(h.findings, 0) as suppressed
from scan_rules r
inner join last_scan l on r.scan_id = l.scan_id
left join hidden h on r.rule = h.rule
where r.hits > 0
order by
    case r.severity when 'grave' then 1 when 'review' then 2 else 3 end,
    r.rule;
