/*
title = "Program the order does not settle"
description = """
A program that the log names and the order in force does not settle, such as CHIP under the first injunction, or CHIP
as an expansion of Medicaid under the second.
"""
severity = "review"
reads = "disclosures"
citation = "Order of 12 Aug 2025 (ECF 98), or whichever order is in force on the as-of date"
evidence = "B"
why = "The order speaks of Medicaid data: whether it reaches another program is for a person to decide."
false_positives = "A program run under the Medicaid plan of a state and logged under a name of its own."
*/
select * from parts_found('program', ['review'], but := ['unknown'])
