/*
title = "Data of another CMS program"
description = "Data of CHIP, Medicare, the Marketplace or the Basic Health Program."
severity = "grave"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "C"
why = "The order in force enjoins data of other programs that CMS administers."
false_positives = "Medicaid files named after the shared T-MSIS system, which holds CHIP data too."
*/
select * from parts_found('program', ['enjoined'], but := ['medicaid'])
