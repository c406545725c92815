/*
title = "Days on the timeline"
description = """
The days on which an order was made or took effect, an agreement or notice is dated, and those that sources
name as an agreement's end. One row a day and document; `author` tells whether a court or an agency wrote it.
"""
*/
with days as (
    select ordered as day, 'court' as author, title, 'ordered' as what
    from policy_regimes
    where enabled and ordered is not null
    union all
    select first_day, 'court', title, 'in force'
    from policy_regimes
    where enabled and first_day is not null and regime_id in (select regime_id from policy_regime_states)
    union all
    select dated, 'agency', title, 'dated'
    from policy_instruments
    where dated is not null
    union all
    select d.day, 'agency', i.title, 'named as its end'
    from policy_instrument_days d
    inner join policy_instruments i on d.instrument_id = i.instrument_id
    where d.kind = 'end'
)

select
    day,
    author,
    title,
    string_agg(what, ', ' order by what desc) as what
from days
group by all
order by day, title;
