/*
title = "Sources of law"
description = """
What the verdicts rest on: one row an order or agreement of the policy tables, with its days, where its terms were taken
from, and how sure that source is. Orders that are reported and not applied are among them, and are so marked.
"""
*/
select
    regime_id as id,
    'order' as kind,
    title,
    ordered as dated,
    first_day,
    last_day,
    case when enabled then 'applied' else 'reported, not applied' end as standing,
    citation,
    evidence as certainty,
    origin
from policy_regimes
union all
select
    instrument_id,
    kind,
    title,
    dated,
    null,
    null,
    'looked at by rules',
    null,
    null,
    origin
from policy_instruments
order by
    case kind when 'order' then 0 else 1 end,
    dated nulls first,
    id;
