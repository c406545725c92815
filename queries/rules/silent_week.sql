/*
title = "Silent week"
description = """
A week, Monday to Sunday, in which a log has no record, though it had some in most of the weeks before, and goes on
after it. Files whose names differ only in digits are one log.
"""
severity = "review"
reads = "sources"
rests_on = "source_days"
citation = "None: what the log says"
evidence = "A"
why = """
A week that is missing looks like a week in which nothing was transferred: its files may have been lost, or left out.
No holiday takes that long.
"""
false_positives = """
The system stood still, or the transfers were suspended for that time: then somebody can name the notice.
"""
requires = ["occurred_at"]

[params.profile_weeks]
type = "integer"
default = 4
unit = "weeks"
description = "How many weeks before are looked at."

[params.usual_weeks]
type = "integer"
default = 3
unit = "weeks"
description = "In how many of them the log must have had records for their lack to be odd."

[params.most_silences]
type = "double"
default = 0.05
unit = "share of the times it was expected to have some"
description = "A log that falls silent more often has no such rhythm: nothing is said of it."
*/
select
    stream || ' week of ' || step as subject,
    'no record from ' || step || ' to ' || (step + 6) || '; ' || weeks || ' of the '
    || coalesce(getvariable('profile_weeks')::integer, 4) || ' weeks before had some' as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from silences(
    'week', coalesce(getvariable('profile_weeks')::integer, 4), coalesce(getvariable('usual_weeks')::integer, 3),
    coalesce(getvariable('most_silences')::double, 0.05)
)
