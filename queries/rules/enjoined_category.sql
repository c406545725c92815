/*
title = "Enjoined category of data"
description = "Data elements whose category the order in force bars from being shared."
severity = "grave"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "B"
why = """
The order lets six categories of basic data pass and bars the rest: one barred element bars the whole \
batch, if it cannot be separated.
"""
false_positives = "An element mapped to a category too wide for it; the table of elements names each mapping."
*/
select * from parts_found('category', ['enjoined'])
