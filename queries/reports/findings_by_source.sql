/*
title = "Findings by what they rest on"
description = """
One row a source of law, a rule that rests on it and how sure it is: how many transfers of the selection met it,
attempts and what is out of scope among them. The sources with grave findings come first.
"""
selection = true
*/
with counted as (
    select
        f.citation,
        f.rule,
        f.severity,
        f.certainty,
        case f.severity when 'grave' then 0 when 'review' then 1 else 2 end as place,
        count(*) as transfers
    from findings f
    semi join selected_verdicts v on f.record_key = v.record_key
    group by all
)

select
    citation,
    rule,
    severity,
    certainty,
    transfers
from counted
order by
    min(place) over (partition by citation) asc,
    citation asc,
    place asc,
    transfers desc,
    rule asc,
    certainty asc;
