/*
title = "Data of protected people"
description = """
Data of citizens, lawful permanent residents or other people lawfully residing, or of everybody enrolled.
"""
severity = "grave"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "B"
why = """
Data of people who lawfully reside must be left out whole; a batch that mixes them with others may not be \
shared.
"""
false_positives = "A population logged for the source table and not for the rows that were sent."
*/
select
    disclosure_id,
    string_agg(told, '; ' order by key) || presumed(any_value(purpose_kind)) as evidence,
    any_value(citation) as citation,
    min(certainty) as certainty
from parts_now
where kind = 'population'
    and severity = 'enjoined'
group by disclosure_id
