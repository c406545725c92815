/*
title = "State protected by the order"
description = """
At least one state of the transfer is protected by the order in force.
"""
severity = "note"
reads = "disclosures"
citation = "Complaint of 1 Jul 2025: twenty states"
evidence = "A"
why = "The order reaches only data obtained from these states."
false_positives = "A state of residence logged in place of the submitting state."
*/
select
    j.disclosure_id,
    array_to_string(j.plaintiff_states, ', ') as evidence,
    r.citation,
    r.evidence as certainty
from judgments j
inner join settings s on j.regime_id = s.regime_now
inner join policy_regimes r on j.regime_id = r.regime_id
inner join disclosures d on j.disclosure_id = d.disclosure_id
where
    j.some_covered
    and d.parties_in_scope
