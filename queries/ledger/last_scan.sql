/*
title = "The last scan"
description = """
How the last nightly scan of a ledger ended, and the head of the chain of its receipts: one row, or none where no
nightly scan was. The last column is the number of each scan that has a receipt.
"""
*/
select
    s.scan_id,
    s.started_at,
    s.finished_at,
    s.as_of::varchar as as_of,
    s.regime_now,
    s.exit_code,
    s.complete,
    s.incomplete_because,
    r.sha256 as receipt_sha256,
    (select coalesce(list(scan_id order by scan_id), []) from receipts) as receipts
from scans s
left join receipts r on s.scan_id = r.scan_id
order by s.scan_id desc
limit 1;
