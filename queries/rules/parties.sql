/*
title = "Not from CMS to DHS"
description = "The parties are not CMS and DHS: the question does not arise."
severity = "note"
reads = "disclosures"
scope = "any"
citation = "None: what the log says"
evidence = "A"
why = "Only transfers from CMS to DHS are asked about; the others are counted and listed."
false_positives = "A party written in a way that maps to the wrong agency."
*/
select
    disclosure_id,
    coalesce(sender, '(nothing logged)') || ' to ' || coalesce(recipient, '(nothing logged)') as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from disclosure_parties
where
    not parties_in_scope
    and not unattributed
