/*
title = "Field that cannot be read"
description = "A field holds something that is not of its type: it counts as unknown, with its raw value kept."
severity = "review"
reads = "transfers"
alone = true
scope = "any"
citation = "None: what the log says"
evidence = "A"
why = "A readable record is never dropped for one bad field, and what the field meant is not guessed."
false_positives = "None known."
*/
with unreadable as (
    select
        'disclosure' as part,
        disclosure_id as id,
        string_agg(u.field || ': ' || left(u.raw, 80), '; ' order by u.field) as evidence
    from (select disclosure_id, unnest(unreadable) as u from disclosure_parties) d
    group by all
    union all
    select
        'context',
        context_id,
        string_agg(u.field || ': ' || left(u.raw, 80), '; ' order by u.field)
    from (select context_id, unnest(unreadable) as u from contexts) c
    group by all
),

hits as (
    select e.record_key, u.evidence
    from events e
    inner join unreadable u on u.part = 'disclosure' and e.disclosure_id = u.id
    union all
    select e.record_key, u.evidence
    from events e
    inner join unreadable u on u.part = 'context' and e.context_id = u.id
)

select
    record_key,
    string_agg(evidence, '; ' order by evidence) as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from hits
group by record_key
