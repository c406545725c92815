/*
title = "People not known"
description = "The log does not say whose data it was, or in words that no table knows."
severity = "review"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "B"
why = """
Data that cannot be told apart from protected data may not be shared; unknown is not evidence of unlawful \
residence.
"""
false_positives = "Logs of systems that never record a population."
*/
select * from parts_found('population', ['review', 'enjoined'], keys := ['unknown'])
