/*
title = "After the reported pause of May 2026"
description = """
The transfer is later than a pause of all sharing that is reported, without a text or a day.
"""
severity = "review"
reads = "transfers"
alone = true
citation = "Reported only: pause of CMS to ICE sharing, late May 2026"
evidence = "D"
why = "If the report is right the transfer may have been barred; no verdict is made of it."
false_positives = "The pause may have ended, or may reach plaintiff states only."
requires = ["occurred_at"]
[params.pause_from]
type = "date"
default = 2026-05-20
unit = "day"
description = "First day of the reported pause; the reports say late May 2026."
*/
select
    e.record_key,
    e.court_day || ' is on or after ' || coalesce(getvariable('pause_from')::date, date '2026-05-20') as evidence,
    r.citation,
    r.evidence as certainty
from events e
inner join policy_regimes r on r.regime_id = 'R3' and not r.enabled
where
    e.in_scope
    and e.court_day >= coalesce(getvariable('pause_from')::date, date '2026-05-20')
