/*
title = "Element beyond the agreement"
description = "Elements that the agreement does not describe in its narrow list of data."
severity = "review"
reads = "transfers"
alone = true
citation = "Information Exchange Agreement of July 2025"
evidence = "C"
why = "The agreement describes ten kinds of data; what goes beyond them was not agreed, whatever an order allows."
false_positives = "The wide list of the same agreement names a few more, in another place."
requires = ["occurred_at"]
*/
with beyond as (
    select
        m.list_id,
        a.instrument_id,
        string_agg(m.told, '; ' order by m.key) as evidence
    from list_meanings m
    cross join agreements a
    where
        m.kind = 'category'
        and m.key not in ('unclassified', 'technical', 'file_metadata')
        and m.key not in (
            select c.category
            from policy_instrument_categories c
            where c.instrument_id = a.instrument_id and c.list = 'narrow'
        )
    group by all
)

select
    e.record_key,
    b.evidence,
    a.title as citation,
    'C' as certainty
from events e
inner join disclosure_parties d on e.disclosure_id = d.disclosure_id
inner join beyond b on d.element_list = b.list_id
inner join agreements a
    on b.instrument_id = a.instrument_id
    and e.court_day between a.dated and a.last_end
where e.in_scope
