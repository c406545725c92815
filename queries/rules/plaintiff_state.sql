/*
title = "State protected by the order"
description = "At least one state of the transfer is protected by the order in force."
severity = "note"
reads = "disclosures"
citation = "Complaint of 1 Jul 2025: twenty states"
evidence = "A"
why = "The order reaches only data obtained from these states."
false_positives = "A state of residence logged in place of the submitting state."
*/
select
    d.disclosure_id,
    array_to_string(l.plaintiff_states, ', ') as evidence,
    r.citation,
    r.evidence as certainty
from disclosure_parties d
inner join list_states l on d.state_list = l.list_id
inner join settings s on l.regime_id = s.regime_now
inner join policy_regimes r on l.regime_id = r.regime_id
where
    l.some_covered
    and d.parties_in_scope
