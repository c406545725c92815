/*
title = "Download where the agreement says view only"
description = """
Data were downloaded or pushed while the agreement allowed viewing only.
"""
severity = "review"
reads = "transfers"
citation = "Information Exchange Agreement of July 2025"
evidence = "B"
why = "The agreement as reported does not allow officials to download the data: a file is not the mechanism it describes."
false_positives = "A push under another agreement that the log does not name."
requires = ["occurred_at", "action"]
*/
select
    e.record_key,
    x.action || ' on ' || e.court_day || ', access: ' || a.access as evidence,
    a.title as citation,
    'B' as certainty
from events e
inner join contexts x on e.context_id = x.context_id
inner join agreements a
    on a.access like '%no download%'
    and e.court_day between a.dated and a.last_end
where
    e.in_scope
    and word(x.action) in ('download', 'push')
