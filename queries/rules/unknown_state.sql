/*
title = "State not known"
description = """
The log does not say which state the data came from, or in words that no table knows.
"""
severity = "review"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "A"
why = "Protection goes by state: an unknown state may be a protected one."
false_positives = "FIPS codes that lost their leading zero in a spreadsheet."
*/
select
    m.disclosure_id,
    part_text(m.key, m.items) as evidence,
    coalesce(r.citation, 'No order in force on the as-of date') as citation,
    coalesce(r.evidence, 'B') as certainty
from disclosure_meanings m
inner join disclosures d on m.disclosure_id = d.disclosure_id
cross join settings s
left join policy_regimes r on s.regime_now = r.regime_id
where
    m.kind = 'state'
    and m.key = 'unknown'
    and d.parties_in_scope
