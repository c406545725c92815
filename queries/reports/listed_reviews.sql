/*
title = "What needs review, by reason"
description = """
One row a reason and transfer to review now, attempts left out: the reason that most of them have first, within it as in
`listed_transfers`. `alike` is how many have the reason. A transfer has a row for each rule it met that is no mere note,
and one without a rule where it met none.
"""
selection = true

[params.listed_rule]
type = "varchar"
description = "The rule that those to list met, an empty text for those that met none; all without it."
*/
with reviewed as (
    select
        v.record_key,
        v.transfer_id,
        v.occurred_at,
        v.court_day,
        coalesce(d.sender_agency, d.sender) as sender,
        coalesce(d.recipient_agency, d.recipient) as recipient,
        v.verdict_then,
        v.record_count,
        d.states,
        s.path as source_file,
        place_text(s.places, s.sheets, v.record_key % 68719476736) as place
    from selected_verdicts v
    inner join disclosures d on v.disclosure_id = d.disclosure_id
    inner join sources s on s.source_id = v.record_key // 68719476736
    where v.verdict_now = 'review' and not v.attempt
)

select
    f.rule,
    f.severity,
    count(*) over (partition by f.rule) as alike,
    f.evidence,
    -- The name of the document alone: `listed_findings` has the whole clause, which sorted with each row takes room.
    split_part(f.citation, ': ', 1) as rests_on,
    f.certainty,
    x.suppressed_until,
    x.suppressed_by,
    r.*
from reviewed r
left join findings f on r.record_key = f.record_key and f.severity <> 'note'
left join suppressed_now x on f.rule = x.rule and f.transfer_id = x.transfer_id
where coalesce(f.rule, '') = getvariable('listed_rule')::varchar or getvariable('listed_rule') is null
order by
    f.rule is null asc,
    alike desc,
    f.rule asc,
    r.verdict_then = 'enjoined' desc,
    r.record_count desc nulls last,
    r.occurred_at asc nulls last,
    r.transfer_id asc,
    r.record_key asc;
