/*
title = "Changed findings, one by one"
description = """
The first of the findings that changed: new ones first, then the worst, then by rule and transfer, with id, place in the
log and evidence. What a rule on single events found is worked out again, for these only. Reads `changed_findings`.
"""
[params.most]
type = "integer"
unit = "findings"
description = "How many; unset: all of them."
*/
create or replace temp table listed_findings as
select
    *,
    row_number() over (
        order by
            list_position(['new', 'changed', 'gone', 'newly suppressed'], change),
            list_position(['grave', 'review', 'note'], severity),
            rule,
            transfer_id,
            subject
    ) as listed_as
from changed_findings
qualify listed_as <= coalesce(getvariable('most')::bigint, 9223372036854775807);

with sayings as (
    select distinct
        hash(rule, severity, evidence, citation, certainty) as said,
        evidence
    from finding_spans
    where evidence is not null
),

on_events as (
    select
        rule,
        record_key,
        string_agg(distinct evidence, '; ' order by evidence) as evidence
    from event_findings
    where
        record_key in (
            select record_key
            from listed_findings
            where reads = 'transfers' and change <> 'gone'
        )
    group by all
)

select
    finding_id(c.rule, coalesce(c.transfer_id, c.subject)) as finding_id,
    c.* exclude (said_before, also_before, said_after, also_after, record_key, listed_as),
    case
        when c.said_before = c.also_before then b.evidence
        else least(b.evidence, o.evidence) || '; ' || greatest(b.evidence, o.evidence)
    end as evidence_before,
    case
        when c.reads = 'transfers' then v.evidence
        when c.said_after = c.also_after then a.evidence
        else least(a.evidence, e.evidence) || '; ' || greatest(a.evidence, e.evidence)
    end as evidence_after,
    s.path as source_file,
    number_found(s.places, c.record_key) as source_record,
    place_text(s.places, s.sheets, c.record_key % 68719476736) as place
from listed_findings c
left join sayings b on c.said_before = b.said
left join sayings o on c.also_before = o.said
left join sayings a on c.said_after = a.said
left join sayings e on c.also_after = e.said
left join on_events v on c.rule = v.rule and c.record_key = v.record_key
left join sources s on s.source_id = c.record_key // 68719476736
order by c.listed_as;
