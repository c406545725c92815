/*
title = "Name or alias disclosed"
description = """
A name or an alias: not among the six enumerated categories, and perhaps covered by biographical.
"""
severity = "review"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "B"
why = "The quoted enumeration has no name, the general phrase says biographical: the text does not settle it."
false_positives = "A name that DHS supplied as a match key and CMS only sent back."
*/
select
    disclosure_id,
    string_agg(told, '; ' order by key) || presumed(any_value(purpose_kind)) as evidence,
    any_value(citation) as citation,
    min(certainty) as certainty
from parts_now
where kind = 'category'
    and key in ('name', 'alias')
    and severity = 'review'
group by disclosure_id
