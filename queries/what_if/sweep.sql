/*
title = "What hangs on each open point"
description = """
The unsettled points of the regime in force, each settled alone: how many transfers in scope would have another
verdict now if it were settled the milder way (permitted; for a state: not covered; for another purpose: outside)
and the worse way (enjoined; covered; no difference; for a regime that is reported and switched off: applied). Most
transfers first; `people` counts those that either way would change. Failed attempts are left out, and transfers with
an unknown party, whose verdict is fixed.
"""
*/
with weights as (
    select
        t.disclosure_id,
        sum(t.transfers) as transfers,
        sum(t.people) as people
    from tallies t
    inner join before.disclosures d on t.disclosure_id = d.disclosure_id
    where t.in_scope and not t.attempt and not d.unknown_agency
    group by all
),

moved as (
    select
        p.kind,
        p.key,
        p.origin,
        p.open_because,
        p.way,
        b.disclosure_id,
        w.transfers,
        w.people,
        b.verdict as verdict_before,
        a.verdict as verdict_after
    from sweep_points p
    inner join judgments a on p.regime_id = a.regime_id
    inner join before.judgments b on a.disclosure_id = b.disclosure_id and p.regime_now = b.regime_id
    inner join weights w on a.disclosure_id = w.disclosure_id
    where a.verdict <> b.verdict
),

hanging as (
    select
        kind,
        key,
        sum(transfers)::bigint as transfers,
        sum(people) as people
    from (select distinct kind, key, disclosure_id, transfers, people from moved) m
    group by all
),

ways as (
    select
        kind,
        key,
        way,
        map_from_entries(list((verdict_after, transfers) order by transfers desc, verdict_after asc)) as becomes,
        sum(transfers)::bigint as transfers
    from (
        select
            kind,
            key,
            way,
            verdict_after,
            sum(transfers)::bigint as transfers
        from moved
        group by all
    ) m
    group by all
)

select
    p.kind,
    p.key,
    p.open_because,
    p.origin,
    p.regime_now,
    coalesce(h.transfers, 0) as transfers,
    coalesce(h.people, 0) as people,
    coalesce(m.transfers, 0) as milder,
    coalesce(m.becomes['permitted'], 0) as milder_permitted,
    coalesce(m.becomes['outside'], 0) as milder_outside,
    coalesce(w.transfers, 0) as worse,
    coalesce(w.becomes['enjoined'], 0) as worse_enjoined
from (select distinct kind, key, open_because, origin, regime_now from sweep_points) p
left join hanging h on p.kind = h.kind and p.key = h.key
left join ways m on p.kind = m.kind and p.key = m.key and m.way = 'milder'
left join ways w on p.kind = w.kind and p.key = w.key and w.way = 'worse'
order by coalesce(h.transfers, 0) desc, p.kind asc, p.key asc;
