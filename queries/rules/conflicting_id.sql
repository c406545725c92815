/*
title = "Same id, different content"
description = "Several records share one transfer_id and do not say the same."
severity = "review"
reads = "transfers"
alone = true
scope = "any"
citation = "None: what the log says"
evidence = "A"
why = "One of the versions may have been edited: all are kept and judged."
false_positives = "Systems that number anew every day."
requires = ["transfer_id"]
*/
select
    c.record_key,
    c.versions || ' versions of ' || c.transfer_id as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from conflicts c
