/*
title = "Sender or recipient not known"
description = """
One side or both are a text that no table knows, nothing at all, a vendor that works for whoever hired it, or a name of
which no more than one word is known.
"""
severity = "review"
reads = "disclosures"
scope = "any"
citation = "None: the log does not settle it"
evidence = "A"
why = """
The transfer may be one from CMS to DHS. With one side known its verdicts stay at review until somebody names the \
other; with neither it is not attributed until somebody says whose system wrote the log (--held-by)."""
false_positives = "Contractors, mailboxes and roles: add them to parties.csv in an overlay."
*/
select
    disclosure_id,
    concat_ws(
        '; ',
        case when sender_side in ('unknown', 'vendor') then 'sender: ' || coalesce(sender, '(nothing logged)') end,
        case
            when recipient_side in ('unknown', 'vendor') then 'recipient: ' || coalesce(recipient, '(nothing logged)')
        end,
        case when sender_guessed then 'sender: ' || sender || ', of which one word names ' || sender_agency end,
        case
            when recipient_guessed then 'recipient: ' || recipient || ', of which one word names ' || recipient_agency
        end
    ) as evidence,
    'None: the log does not settle it' as citation,
    'A' as certainty
from disclosure_parties
where
    unknown_agency
    or unattributed
