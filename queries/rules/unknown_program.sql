/*
title = "Program not known"
description = "The log does not name the program, or in words that no table knows."
severity = "review"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "B"
why = "Whether the data are Medicaid data decides which words of the orders apply."
false_positives = "File names that only an insider can read."
*/
select * from parts_found('program', ['review', 'enjoined'], keys := ['unknown'])
