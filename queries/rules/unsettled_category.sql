/*
title = "Category the order does not settle"
description = """
A category for which the record gives reasons both ways, such as an A-number or enrollment dates.
"""
severity = "review"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "B"
why = "Neither listed as allowed nor clearly outside: a person must look."
false_positives = """
A locality or age that only repeats a permitted address or birth date counts as permitted and does not \
come here.
"""
*/
select
    disclosure_id,
    string_agg(told, '; ' order by key) || presumed(any_value(purpose_kind)) as evidence,
    any_value(citation) as citation,
    min(certainty) as certainty
from parts_now
where kind = 'category'
    and key not in ('name', 'alias', 'unclassified')
    and severity = 'review'
group by disclosure_id
