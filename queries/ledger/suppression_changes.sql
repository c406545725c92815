/*
title = "Suppressions that changed in a scan"
description = """
How many suppressions the scan `scan_id` has that are new, changed or ended, their names, and how many findings and
unreadable records they hide, or hid.
"""

[params.scan_id]
type = "integer"
required = true
unit = "scan"
description = "The scan."
*/
with changed as (
    select
        suppression_id,
        case
            when bool_and(first_scan = getvariable('scan_id')::integer) then 'new'
            when bool_or(until_scan is null) then 'changed'
            else 'ended'
        end as change
    from suppression_spans
    where first_scan = getvariable('scan_id')::integer or until_scan = getvariable('scan_id')::integer
    group by suppression_id
),

hidden as (
    select distinct
        c.change,
        f.rule,
        f.transfer_id,
        f.subject
    from changed c
    inner join suppressed_findings f on c.suppression_id = f.suppression_id
    where coalesce(f.until_scan = getvariable('scan_id')::integer, false) = (c.change = 'ended')
    and (f.until_scan is null or f.until_scan = getvariable('scan_id')::integer)
),

counted as (
    select
        change,
        count(*) filter (where rule <> 'quarantine') as findings,
        count(*) filter (where rule = 'quarantine') as unread
    from hidden
    group by change
)

select
    c.change,
    list(c.suppression_id order by c.suppression_id) as names,
    coalesce(any_value(h.findings), 0) as findings,
    coalesce(any_value(h.unread), 0) as unread
from changed c
left join counted h on c.change = h.change
group by c.change
order by list_position(['new', 'changed', 'ended'], c.change);
