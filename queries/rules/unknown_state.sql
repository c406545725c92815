/*
title = "State not known"
description = "The log does not say which state the data came from, or in words that no table knows."
severity = "review"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "A"
why = "Protection goes by state: an unknown state may be a protected one."
false_positives = "FIPS codes that lost their leading zero in a spreadsheet."
*/
select
    d.disclosure_id,
    m.told as evidence,
    r.citation,
    r.evidence as certainty
from disclosure_parties d
inner join list_meanings m on d.state_list = m.list_id
inner join settings s on true
inner join policy_regimes r on s.regime_now = r.regime_id
where
    m.key = 'unknown'
    and d.parties_in_scope
    -- A regime that protects no state makes no question of an unknown one.
    and r.regime_id in (select regime_id from policy_regime_states)
