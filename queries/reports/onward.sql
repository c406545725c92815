/*
title = "Passed on by DHS"
description = """
Onward transfers, out of scope: who passed data on to whom, in which system and month. The recipient is an agency where
one was found, else the text as logged. `source_files` counts the logs that tell of it; `people` is null where no
transfer gave a count.
"""
*/
select
    sender_agency,
    coalesce(recipient_agency, recipient, '(nothing logged)') as recipient,
    recipient_agency is not null as recipient_known,
    system,
    left(occurred_at, 7) as month,
    count(*) as transfers,
    count(*) filter (where outcome in ('failure', 'empty')) as attempts,
    sum(record_count)::hugeint as people,
    count(distinct source_file) as source_files,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at
from onward_transfers
group by all
order by
    month asc nulls last, transfers desc, sender_agency asc, recipient asc, recipient_known desc, system asc nulls last;
