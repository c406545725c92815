/*
title = "Counts and sums only"
description = "What came out of a query were counts, sums, averages and the keys they are grouped by."
severity = "review"
reads = "disclosures"
citation = "None: what the log says"
evidence = "A"
why = "They tell of nobody in particular; small groups may still give a person away, so a person must look."
false_positives = "Totals over whole states."
*/
select
    d.disclosure_id,
    coalesce('counted or grouped by: ' || some_of(e.items, 6), 'rows were counted') as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from disclosure_parties d
inner join lists e on d.element_list = e.list_id
where
    d.element_basis = 'aggregate'
    and d.parties_in_scope
