/*
title = "Counts and sums only"
description = """
What came out of a query were counts, sums, averages and the keys they are grouped by.
"""
severity = "review"
reads = "disclosures"
citation = "None: what the log says"
evidence = "A"
why = "They tell of nobody in particular; small groups may still give a person away, so a person must look."
false_positives = "Totals over whole states."
*/
select
    disclosure_id,
    coalesce('counted or grouped by: ' || some_of(elements, 6), 'rows were counted') as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from disclosures
where
    element_basis = 'aggregate'
    and parties_in_scope
