/*
title = "Time not known"
description = "The log gives no time for the transfer, or one that cannot be read."
severity = "review"
reads = "transfers"
alone = true
citation = "None: the log does not settle it"
evidence = "A"
why = "Without a day no order can be said to have been in force."
false_positives = "None known."
*/
select
    record_key,
    'no readable time' as evidence,
    'None: the log does not settle it' as citation,
    'A' as certainty
from events
where
    in_scope
    and precision = 'unknown'
