/*
title = "Barred data, people and programs by recipient"
description = """
Each category of data, population and program that the regime in force bars, by who received it, in transfers in
scope, attempts left out. A transfer with several of them counts in each; `barred_now` are those of them that are
barred. The recipient is `unknown` where no table of agencies knows it.
"""
selection = true
*/
select
    b.kind,
    b.key,
    coalesce(d.recipient_agency, 'unknown') as recipient,
    sum(t.transfers)::bigint as transfers,
    sum_where(t.transfers, t.verdict_now = 'enjoined') as barred_now
from selected_tallies t
inner join disclosure_lists l on t.disclosure_id = l.disclosure_id
inner join barred_lists b on l.list_id = b.list_id
inner join settings s on b.regime_id = s.regime_now
inner join disclosure_parties d on t.disclosure_id = d.disclosure_id
where t.in_scope and not t.attempt
group by all
order by b.kind asc, b.key asc, recipient asc;
