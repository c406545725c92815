/*
title = "Element that no table knows"
description = """
A logged element has no category, or no element was logged at all.
"""
severity = "review"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "B"
why = "What is not classified cannot be called permitted."
false_positives = "An element name local to one system: add it to elements.csv in an overlay."
*/
select
    disclosure_id,
    string_agg(told, '; ' order by key) || presumed(any_value(purpose_kind)) as evidence,
    any_value(citation) as citation,
    min(certainty) as certainty
from parts_now
where kind = 'category'
    and key = 'unclassified'
    and severity in ('review', 'enjoined')
group by disclosure_id
