/*
title = "People the order does not settle"
description = """
DACA, pending asylum, parole, eligibility for emergency services only, or words such as "undocumented".
"""
severity = "review"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "C"
why = """
The order as quoted does not say whether these people lawfully reside; emergency-only eligibility proves \
nothing about residence, and "undocumented" is not the order's word: CMS counts people with DACA among those not \
lawfully present.
"""
false_positives = "None known."
*/
select * from parts_found('population', ['review'], but := ['unknown'])
