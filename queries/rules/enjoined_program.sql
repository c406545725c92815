/*
title = "Program barred whole"
description = "Medicaid data under an order that bars it whatever the elements and people."
severity = "grave"
reads = "disclosures"
citation = "Order of 12 Aug 2025 (ECF 98), as extended"
evidence = "B"
why = "The first injunction barred sharing of all Medicaid data of plaintiff states for immigration enforcement."
false_positives = "A purpose other than enforcement that the log does not state."
*/
select * from parts_found('program', ['enjoined'], keys := ['medicaid'])
