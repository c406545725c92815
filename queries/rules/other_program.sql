/*
title = "Data of another CMS program"
description = """
Data of CHIP, Medicare, the Marketplace or the Basic Health Program.
"""
severity = "grave"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "C"
why = "The order in force enjoins data of other programs that CMS administers."
false_positives = "Medicaid files named after the shared T-MSIS system, which holds CHIP data too."
*/
select
    disclosure_id,
    string_agg(told, '; ' order by key) || presumed(any_value(purpose_kind)) as evidence,
    any_value(citation) as citation,
    min(certainty) as certainty
from parts_now
where kind = 'program'
    and key <> 'medicaid'
    and severity = 'enjoined'
group by disclosure_id
