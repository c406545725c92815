/*
title = "Whole country in one transfer"
description = "Every state and DC in one transfer, by a word such as ALL or by a list."
severity = "note"
reads = "disclosures"
citation = "Complaint of 1 Jul 2025: twenty states"
evidence = "A"
why = "A file of the whole country holds the data of every protected state."
false_positives = "A national table read with a filter on states that the log does not show."
*/
with words as (
    select
        d.disclosure_id,
        list_sort(list_distinct(flatten(list(m.items)))) as logged
    from disclosure_parties d
    inner join list_meanings m on d.state_list = m.list_id
    inner join policy_nation n on m.key = n.state
    where d.parties_in_scope
    group by d.disclosure_id
    having count(*) = (select count(*) from policy_nation)
)

select
    disclosure_id,
    'every state and DC, logged as '
    || case when len(logged) > 6 then len(logged) || ' names' else array_to_string(logged, ', ') end as evidence,
    'Complaint of 1 Jul 2025: twenty states' as citation,
    'A' as certainty
from words
