/*
title = "Passed on by DHS"
description = """
The sender is DHS or one of its parts, and the recipient another party: inside of DHS, a vendor, or nobody known.
"""
severity = "note"
reads = "disclosures"
scope = "any"
citation = "None: what the log says"
evidence = "A"
why = """
Not from CMS to DHS, so no order judged here speaks of it; but what was passed on may be what CMS had handed over.
"""
false_positives = "Data that never came from CMS: the log of DHS or of its vendor holds everything that was shared."
*/
select
    disclosure_id,
    coalesce(sender, '(nothing logged)') || ' (' || sender_agency || ') to '
    || coalesce(recipient, '(nothing logged)') || ' (' || coalesce(recipient_agency, 'unknown') || ')' as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from disclosure_parties
where onward
