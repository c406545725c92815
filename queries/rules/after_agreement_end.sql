/*
title = "After the agreement may have ended"
description = "The transfer is later than at least one of the days on which sources let the agreement end."
severity = "review"
reads = "transfers"
alone = true
citation = "Information Exchange Agreement of July 2025"
evidence = "B"
why = "Sources disagree on the end of the agreement and no renewal was found: the finding names every candidate."
false_positives = "A renewal that is not public."
requires = ["occurred_at"]
*/
with late as (
    select
        m.moment_id,
        m.court_day || ' is after ' || a.first_end || '; days named as the end: ' || a.end_days as evidence,
        a.title
    from moments m
    inner join agreements a on m.court_day > a.first_end
)

select
    e.record_key,
    l.evidence,
    l.title as citation,
    'B' as certainty
from events e
inner join late l on e.moment_id = l.moment_id
where e.in_scope
