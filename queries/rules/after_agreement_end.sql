/*
title = "After the agreement may have ended"
description = """
The transfer is later than at least one of the days on which sources let the agreement end.
"""
severity = "review"
reads = "transfers"
citation = "Information Exchange Agreement of July 2025"
evidence = "B"
why = "Sources disagree on the end of the agreement and no renewal was found: the finding names every candidate."
false_positives = "A renewal that is not public."
requires = ["occurred_at"]
*/
select
    e.record_key,
    e.court_day || ' is after ' || a.first_end || '; days named as the end: ' || a.end_days as evidence,
    a.title as citation,
    'B' as certainty
from events e
inner join agreements a on e.court_day > a.first_end
where e.in_scope
