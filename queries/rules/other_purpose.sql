/*
title = "Purpose other than immigration enforcement"
description = "The log states a purpose other than immigration enforcement: the order settles nothing for it."
severity = "review"
reads = "disclosures"
citation = "Orders of 12 Aug and 29 Dec 2025: for immigration enforcement"
evidence = "B"
why = """
The orders speak of immigration enforcement; whether another stated purpose takes data out of their reach \
is for a person to decide.
"""
false_positives = "A purpose field filled with a default."
requires = ["purpose"]
*/
select
    d.disclosure_id,
    d.purpose || ': content ' || j.content_before_purpose || ', for this purpose ' || j.content as evidence,
    r.citation,
    r.evidence as certainty
from disclosure_parties d
inner join judgments j on d.disclosure_id = j.disclosure_id
inner join settings s on j.regime_id = s.regime_now
inner join policy_regimes r on j.regime_id = r.regime_id
where
    d.purpose_kind = 'other'
    and r.other_purpose is not null
    and d.parties_in_scope
