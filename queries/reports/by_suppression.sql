/*
title = "What a ledger suppresses"
description = """
One row a rule and suppression in force, by the last nightly scan: how many findings it is about, the first few of the
transfers or logs that they stand on, until when, by whom and why. They are counted everywhere all the same.
"""
*/
select
    rule,
    count(*) as findings,
    (list(transfer_id order by transfer_id) filter (where transfer_id is not null))[1:6] as transfer_id,
    (list(subject order by subject) filter (where subject is not null))[1:6] as subject,
    suppressed_until,
    suppressed_by
from suppressed_now
group by rule, suppressed_until, suppressed_by
order by rule, suppressed_until, suppressed_by;
