/*
title = "Program barred whole"
description = """
Medicaid data under an order that bars it whatever the elements and people.
"""
severity = "grave"
reads = "disclosures"
citation = "Order of 12 Aug 2025 (ECF 98), as extended"
evidence = "B"
why = "The first injunction barred sharing of all Medicaid data of plaintiff states for immigration enforcement."
false_positives = "A purpose other than enforcement that the log does not state."
*/
select
    disclosure_id,
    string_agg(told, '; ' order by key) || presumed(any_value(purpose_kind)) as evidence,
    any_value(citation) as citation,
    min(certainty) as certainty
from parts_now
where kind = 'program'
    and key = 'medicaid'
    and severity = 'enjoined'
group by disclosure_id
