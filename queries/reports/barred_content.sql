/*
title = "Data, people and programs that the order bars"
description = """
Each category of data, population and program that the regime in force bars, with the words it was logged in,
in transfers in scope, attempts left out. A transfer with several of them counts in each; `barred_now` are
those of them that are barred, for which the state counts too.
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

barred as (
    select
        m.list_id,
        m.kind,
        m.key,
        m.items
    from list_meanings m
    inner join bars b on m.kind = b.kind and m.key = b.key
    left join implied_categories i
        on m.kind = 'category'
        and m.list_id = i.list_id
        and b.regime_id = i.regime_id
        and m.key = i.category
    where i.category is null
),

held as (
    select
        d.disclosure_id,
        b.kind,
        b.key
    from disclosure_lists d
    inner join barred b on d.list_id = b.list_id
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
    coalesce(sum(t.transfers) filter (where t.verdict_now = 'enjoined'), 0)::bigint as barred_now,
    any_value(w.logged_as) as logged_as
from selected_tallies t
inner join held b on t.disclosure_id = b.disclosure_id
left join words w on b.kind = w.kind and b.key = w.key
where t.in_scope and not t.attempt
group by b.kind, b.key
order by b.kind asc, barred_now desc, transfers desc, b.key asc;
