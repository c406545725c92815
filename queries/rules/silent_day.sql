/*
title = "Silent day"
description = """
A day on which a log has no record, though it had some on the same day of the week in most of the weeks before, and
goes on after it. Files whose names differ only in digits are one log.
"""
severity = "note"
reads = "sources"
rests_on = "source_days"
citation = "None: what the log says"
evidence = "A"
why = """
A day that is missing looks like a day on which nothing was transferred: the file of that day may have been lost, or
left out.
"""
false_positives = """
Holidays, and days on which the system stood still. Where all logs are silent on the same day, look for a holiday
first.
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
    stream || ' ' || step as subject,
    'no record on ' || step || ', a ' || dayname(step) || '; ' || weeks || ' of the '
    || coalesce(getvariable('profile_weeks')::integer, 4) || ' before had some' as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from silences(
    'day', coalesce(getvariable('profile_weeks')::integer, 4), coalesce(getvariable('usual_weeks')::integer, 3),
    coalesce(getvariable('most_silences')::double, 0.05)
)
