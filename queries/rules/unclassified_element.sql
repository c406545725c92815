/*
title = "Element that no table knows"
description = "A logged element has no category, or no element was logged at all."
severity = "review"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "B"
why = "What is not classified cannot be called permitted."
false_positives = "An element name local to one system: add it to elements.csv in an overlay."
*/
select * from parts_found('category', ['review', 'enjoined'], keys := ['unclassified'])
