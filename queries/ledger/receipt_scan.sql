/*
title = "The row of one scan"
description = "What the ledger says of the scan `receipt_scan`, its times and days as text."
*/
select
    started_at::varchar as started_at,
    finished_at::varchar as finished_at,
    as_of::varchar as as_of,
    regime_now,
    policy_sha256,
    queries_sha256,
    auditscan_version,
    engine_version,
    judged_all,
    first_source,
    missed,
    complete,
    incomplete_because,
    exit_code
from scans
where scan_id = getvariable('receipt_scan')::integer;
