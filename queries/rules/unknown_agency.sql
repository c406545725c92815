/*
title = "Sender or recipient not known"
description = """
One side is CMS or DHS, the other is a text that no table knows, or a vendor that works for whoever hired it.
"""
severity = "review"
reads = "disclosures"
citation = "None: the log does not settle it"
evidence = "A"
why = "The transfer may be one from CMS to DHS: its verdicts stay at review until somebody names the party."
false_positives = "Contractors and mailboxes: add them to parties.csv in an overlay."
*/
select
    disclosure_id,
    case
        when sender_side in ('unknown', 'vendor') then 'sender: ' || coalesce(sender, '(nothing logged)')
        else 'recipient: ' || coalesce(recipient, '(nothing logged)')
    end as evidence,
    'None: the log does not settle it' as citation,
    'A' as certainty
from disclosures
where unknown_agency
