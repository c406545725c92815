/*
title = "Category the order does not settle"
description = "A category for which the record gives reasons both ways, such as an A-number or enrollment dates."
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
select * from parts_found('category', ['review'], but := ['name', 'alias', 'unclassified'])
