/*
title = "Barred data, people and programs by recipient"
description = """
Each category of data, population and program that the regime in force bars, by who received it, in transfers in
scope, attempts left out. A transfer with several of them counts in each; `barred_now` are those of them that are
barred. The recipient is `unknown` where no table of agencies knows it.
"""
selection = true
*/
with bars as (
    select
        v.regime_id,
        v.kind,
        v.key
    from severities v
    inner join settings s on v.regime_id = s.regime_now
    where v.severity = 'enjoined'
),

held as (
    select
        l.disclosure_id,
        b.kind,
        b.key
    from disclosure_lists l
    inner join list_meanings m on l.list_id = m.list_id
    inner join bars b on m.kind = b.kind and m.key = b.key
    left join implied_categories i
        on m.kind = 'category'
        and m.list_id = i.list_id
        and b.regime_id = i.regime_id
        and m.key = i.category
    where i.category is null
)

select
    b.kind,
    b.key,
    coalesce(d.recipient_agency, 'unknown') as recipient,
    sum(t.transfers)::bigint as transfers,
    coalesce(sum(t.transfers) filter (where t.verdict_now = 'enjoined'), 0)::bigint as barred_now
from selected_tallies t
inner join held b on t.disclosure_id = b.disclosure_id
inner join disclosures d on t.disclosure_id = d.disclosure_id
where t.in_scope and not t.attempt
group by all
order by b.kind asc, b.key asc, recipient asc;
