/*
title = "Open findings by rule"
description = """
How many findings each rule has at the last scan of a ledger. Reads what the scan counted, no records. Rules that
found nothing are left out.
"""
*/
select
    r.rule,
    r.severity,
    r.outcome,
    r.hits as findings
from scan_rules r
where r.scan_id = (select max(s.scan_id) from scans s) and r.hits > 0
order by case r.severity when 'enjoined' then 1 when 'review' then 2 else 3 end, r.rule;
