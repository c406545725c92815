/*
title = "Name or alias disclosed"
description = "A name or an alias: not among the six enumerated categories, and perhaps covered by biographical."
severity = "review"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "B"
why = "The quoted enumeration has no name, the general phrase says biographical: the text does not settle it."
false_positives = "A name that DHS supplied as a match key and CMS only sent back."
*/
select * from parts_found('category', ['review'], keys := ['name', 'alias'])
