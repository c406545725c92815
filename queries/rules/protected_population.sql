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
select * from parts_found('population', ['enjoined'])
