/*
title = "Changed findings by rule"
description = """
How many findings of each rule are new, gone, changed and newly suppressed, with what up to three new ones say. Reads
`changed_findings`. What is suppressed counts in no other column: it is what nobody need be told of.
"""
*/
with numbered as (
    select
        *,
        row_number() over (partition by rule order by transfer_id, subject) as place
    from changed_findings
    where change = 'new'
),

sayings as (
    select
        hash(rule, severity, evidence, citation, certainty) as said,
        any_value(evidence) as evidence
    from finding_spans
    where evidence is not null
    group by said
),

examples as (
    select
        n.rule,
        list(coalesce(n.transfer_id, n.subject) || coalesce(': ' || s.evidence, '') order by n.place) as examples
    from numbered n
    left join sayings s on n.said_after = s.said
    where n.place <= 3
    group by n.rule
)

select
    c.rule,
    max_by(c.severity, c.last_seen) as severity,
    any_value(c.reads) as reads,
    count(*) filter (where c.change = 'new') as new,
    count(*) filter (where c.change = 'gone' and not c.was_suppressed) as gone,
    count(*) filter (where c.change = 'changed' and not c.is_suppressed) as changed,
    count(*) filter (where c.change = 'newly suppressed') as newly_suppressed,
    coalesce(any_value(e.examples), []) as examples
from changed_findings c
left join examples e on c.rule = e.rule
group by c.rule
order by
    case max_by(c.severity, c.last_seen) when 'grave' then 1 when 'review' then 2 else 3 end,
    c.rule;
