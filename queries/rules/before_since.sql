/*
title = "Before the first day asked about"
description = "The transfer is earlier than the first day asked about."
severity = "note"
reads = "transfers"
alone = true
scope = "any"
citation = "CMS began handing data to DHS in June 2025"
evidence = "B"
why = "Transfers before that day are counted and listed, and not judged."
false_positives = "None known."
requires = ["occurred_at"]
*/
select
    e.record_key,
    e.court_day || ' is before ' || s.since as evidence,
    'CMS began handing data to DHS in June 2025' as citation,
    'B' as certainty
from events e
cross join scope_settings s
where e.court_day < s.since
