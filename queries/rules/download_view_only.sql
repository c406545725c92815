/*
title = "Download where the agreement says view only"
description = "Data were downloaded or pushed while the agreement allowed viewing only."
severity = "review"
reads = "transfers"
alone = true
citation = "Information Exchange Agreement of July 2025"
evidence = "B"
why = """
The agreement as reported does not allow officials to download the data: a file is not the mechanism it \
describes.
"""
false_positives = "A push under another agreement that the log does not name."
requires = ["occurred_at", "action"]
*/
with viewing_only as (
    select
        m.moment_id,
        m.court_day || ', access: ' || a.access as evidence,
        a.title
    from moments m
    inner join agreements a
        on a.access like '%no download%'
        and m.court_day between a.dated and a.last_end
)

select
    e.record_key,
    c.action || ' on ' || v.evidence as evidence,
    v.title as citation,
    'B' as certainty
from events e
inner join viewing_only v on e.moment_id = v.moment_id
inner join context_meanings x on e.context_id = x.context_id
inner join contexts c on e.context_id = c.context_id
where
    e.in_scope
    and x.action in ('download', 'push')
