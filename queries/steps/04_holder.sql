/*
title = "Who holds the logs, and what names DHS"
description = """
On which side the policy tables have whoever was named as the holder of the logs, null where nobody was; and a pattern
for all words by which the tables know a part of DHS, with one for the departments of states that are called so.
"""
*/
with held as (
    select word(getvariable('held_by')) as key
),

holders as (
    select a.side
    from held h
    inner join policy_agencies a on h.key = a.alias_key
    union all
    select a.side
    from held h
    inner join policy_parties p on p.kind = 'name' and h.key = p.value_key
    inner join policy_agencies a on p.agency = a.agency
),

words as (
    select replace(alias_key, '_', '[^a-z0-9]+') as pattern
    from policy_agencies
    where side = 'recipient'
    union
    select case when p.kind in ('token', 'name') then replace(p.value_key, '_', '[^a-z0-9]+')
        else replace(p.value_key, '.', '[.]') end
    from policy_parties p
    inner join policy_agencies a on p.agency = a.agency
    where a.side = 'recipient' and p.kind <> 'network'
)

select
    case
        when h.key is not null then coalesce((select min(side) from holders), 'unknown')
    end as holder_side,
    '(?i)(?:^|[^a-z0-9])(?:' || (select string_agg(pattern, '|' order by pattern) from words)
    || ')(?:$|[^a-z0-9])' as dhs_names,
    '(?i)(?:^|[^a-z0-9])(?:' || (
        select string_agg(distinct replace(alias_key, '_', '[^a-z0-9]+'), '|')
        from policy_states
        where code_system = 'name'
    ) || ')[^a-z0-9]+dhs(?:$|[^a-z0-9])|dhs[.][a-z.]*(?:us|[a-z]{4,}[.]gov)(?:$|[^a-z0-9])' as states_own
from held h
