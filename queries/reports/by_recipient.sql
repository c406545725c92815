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
    sum_where(t.transfers, t.verdict_now = 'enjoined') as enjoined,
    sum_where(t.transfers, t.verdict_now = 'review') as review,
    sum_where(t.transfers, t.verdict_now = 'permitted') as permitted,
    sum_where(t.transfers, t.verdict_now = 'outside') as outside,
    sum_where(t.transfers, t.verdict_then = 'enjoined') as barred_then
from selected_tallies t
inner join disclosure_parties d on t.disclosure_id = d.disclosure_id
where t.in_scope and not t.attempt
group by all
order by enjoined desc, transfers desc, recipient asc;
