/*
title = "Purpose not known"
description = """
No purpose is logged, and the recipient is a part of DHS that has others than immigration enforcement; or one is logged
in words that no table knows.
"""
severity = "review"
reads = "disclosures"
citation = "Orders of 12 Aug and 29 Dec 2025: for immigration enforcement"
evidence = "B"
why = """
The orders speak of immigration enforcement: for ICE, CBP and DHS itself that purpose is presumed, for USCIS, FEMA and \
the others it is not; a word that nobody knows clears nothing."""
false_positives = "Purposes in the words of one office: add them to purposes.csv in an overlay."
*/
select
    d.disclosure_id,
    coalesce(d.purpose, '(nothing logged)') || ': recipient ' || coalesce(d.recipient_agency, d.recipient, 'unknown')
        as evidence,
    r.citation,
    r.evidence as certainty
from disclosure_parties d
inner join settings s on true
inner join policy_regimes r on s.regime_now = r.regime_id
where
    d.parties_in_scope
    and r.other_purpose is not null
    and (d.purpose_kind = 'unrecognized' or (d.purpose_kind = 'presumed' and not d.enforces))
