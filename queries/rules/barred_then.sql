/*
title = "Barred when it happened"
description = """
The verdict under the order in force on the day of the transfer is enjoined.
"""
severity = "grave"
reads = "transfers"
alone = true
citation = "The order in force on the day of the transfer"
evidence = "B"
why = "A transfer made while an order barred it is the gravest finding."
false_positives = "A zone that was declared wrongly moves a transfer over the edge of a day."
requires = ["occurred_at"]
*/
select
    e.record_key,
    e.regime_then || ', in force on ' || e.court_day || ': ' || array_to_string(j.plaintiff_states, ', ')
    || presumed(d.purpose_kind) as evidence,
    r.citation,
    r.evidence as certainty
from events e
inner join judgments j on e.disclosure_id = j.disclosure_id and e.regime_then = j.regime_id
inner join policy_regimes r on j.regime_id = r.regime_id
inner join disclosures d on e.disclosure_id = d.disclosure_id
where
    e.in_scope
    and not e.unknown_agency
    and j.verdict = 'enjoined'
