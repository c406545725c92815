/*
title = "Program not known"
description = """
The log does not name the program, or in words that no table knows.
"""
severity = "review"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "B"
why = "Whether the data are Medicaid data decides which words of the orders apply."
false_positives = "File names that only an insider can read."
*/
select
    disclosure_id,
    string_agg(told, '; ' order by key) || presumed(any_value(purpose_kind)) as evidence,
    any_value(citation) as citation,
    min(certainty) as certainty
from parts_now
where kind = 'program'
    and key = 'unknown'
    and severity in ('review', 'enjoined')
group by disclosure_id
