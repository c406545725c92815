/*
title = "Day on which the law changed"
description = "The transfer falls on a day on which an order was entered or began or ceased to apply."
severity = "review"
reads = "transfers"
alone = true
citation = "Orders of 12 Aug 2025 and 29 Dec 2025"
evidence = "B"
why = "The hour of entry is not known: the verdict goes by the calendar day and a person must look."
false_positives = "None known."
requires = ["occurred_at"]
*/
select
    e.record_key,
    e.court_day || ' in the zone of the court' as evidence,
    'Orders of 12 Aug 2025 and 29 Dec 2025: hour of entry not known' as citation,
    'B' as certainty
from events e
inner join policy_boundary_days b on e.court_day = b.day
where e.in_scope
