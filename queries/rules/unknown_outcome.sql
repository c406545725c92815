/*
title = "How it ended is a word that no table knows"
description = """
The log has a word for how the transfer ended that outcomes.csv does not know: it counts as disclosed, for what is not
known to have failed may have passed.
"""
severity = "note"
reads = "transfers"
alone = true
citation = "None: what the log says"
evidence = "A"
why = "If the word means that nothing passed, the transfer is an attempt, and leaves the totals of data disclosed."
false_positives = "Words of one system: add them to outcomes.csv in an overlay."
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
    and x.outcome_unheard
