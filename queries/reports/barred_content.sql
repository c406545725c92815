/*
title = "Data, people and programs that the order bars"
description = """
Each category of data, population and program that the regime in force bars, with the words it was logged in,
in transfers in scope, attempts left out. A transfer with several of them counts in each; `barred_now` are
those of them that are barred, for which the state counts too.
"""
selection = true
*/
with barred as (
    select b.*
    from barred_lists b
    inner join settings s on b.regime_id = s.regime_now
),

words as (
    select
        b.kind,
        b.key,
        list_sort(list(distinct i.item)) as logged_as
    from barred b
    cross join unnest(b.items) i (item)
    group by b.kind, b.key
)

select
    b.kind,
    b.key,
    sum(t.transfers)::bigint as transfers,
    sum(t.people)::hugeint as people,
    sum_where(t.transfers, t.verdict_now = 'enjoined') as barred_now,
    any_value(w.logged_as) as logged_as
from selected_tallies t
inner join disclosure_lists l on t.disclosure_id = l.disclosure_id
inner join barred b on l.list_id = b.list_id
left join words w on b.kind = w.kind and b.key = w.key
where t.in_scope and not t.attempt
group by b.kind, b.key
order by b.kind asc, barred_now desc, transfers desc, b.key asc;
