/*
title = "By recipient"
description = """
The recipients of the transfers in scope, attempts left out, by verdict now. `unknown` holds recipients that
no table of agencies knows.
"""
selection = true
*/
select
    coalesce(d.recipient_agency, 'unknown') as recipient,
    sum(t.transfers)::bigint as transfers,
    sum(t.people)::hugeint as people,
    coalesce(sum(t.transfers) filter (where t.verdict_now = 'enjoined'), 0)::bigint as enjoined,
    coalesce(sum(t.transfers) filter (where t.verdict_now = 'review'), 0)::bigint as review,
    coalesce(sum(t.transfers) filter (where t.verdict_now = 'permitted'), 0)::bigint as permitted,
    coalesce(sum(t.transfers) filter (where t.verdict_now = 'outside'), 0)::bigint as outside,
    coalesce(sum(t.transfers) filter (where t.verdict_then = 'enjoined'), 0)::bigint as barred_then
from selected_tallies t
inner join disclosure_parties d on t.disclosure_id = d.disclosure_id
where t.in_scope and not t.attempt
group by all
order by enjoined desc, transfers desc, recipient asc;
