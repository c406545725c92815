/*
title = "Attempt: it failed, or nothing came out"
description = """
The log says that the transfer failed, or that nothing came out: judged like the others and not counted as disclosed.
"""
severity = "note"
reads = "transfers"
alone = true
citation = "None: what the log says"
evidence = "A"
why = "An attempt shows what was asked for; no data is known to have passed."
false_positives = "Retries that succeeded under an id of their own."
requires = ["outcome"]
*/
select
    e.record_key,
    'outcome: ' || c.outcome as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from events e
inner join context_meanings x on e.context_id = x.context_id
inner join contexts c on e.context_id = c.context_id
where
    e.in_scope
    and x.attempt
