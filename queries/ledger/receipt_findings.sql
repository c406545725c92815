/*
title = "Findings that one scan began or ended"
description = """
Of the scan `receipt_scan`, by rule: how many rows of `finding_spans` began and how many ended. A finding that
changed is one of each.
"""
*/
select
    rule,
    severity,
    count(*) filter (where first_scan = getvariable('receipt_scan')::integer) as begun,
    count(*) filter (where until_scan = getvariable('receipt_scan')::integer) as ended
from finding_spans
where getvariable('receipt_scan')::integer in (first_scan, until_scan)
group by all
order by all;
