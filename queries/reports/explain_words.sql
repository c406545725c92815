/*
title = "How the words of one transfer were read"
description = """
Each word logged under the id in `explain_id`, what the policy tables take it for, and their line;
a word that no line knows has none.
"""

[params.explain_id]
type = "varchar"
required = true
description = "The transfer's id, as the log gives it."
*/
with logged as (
    select *
    from logged_disclosures
    where disclosure_id in (
        select disclosure_id
        from kept_records
        where transfer_id = getvariable('explain_id')
    )
),

words as (
    select disclosure_id, 'element' as kind, unnest(elements) as word from logged
    union all
    select disclosure_id, 'population', unnest(populations) from logged
    union all
    select disclosure_id, 'program', unnest(programs) from logged
    union all
    select disclosure_id, 'state', unnest(states) from logged
    union all
    select disclosure_id, 'purpose', purpose from logged
    where purpose is not null
    union all
    select disclosure_id, 'sender', sender from logged
    where sender is not null
    union all
    select disclosure_id, 'recipient', recipient from logged
    where recipient is not null
),

meanings as (
    select 'element' as kind, alias_key, category as meaning, origin from policy_elements
    union all
    select 'population', alias_key, population, origin from policy_populations
    union all
    select 'program', alias_key, program, origin from policy_programs
    union all
    select 'state', alias_key, state, origin from policy_states
    union all
    select 'purpose', alias_key, purpose, origin from policy_purposes
)

select distinct
    w.disclosure_id,
    w.kind,
    w.word,
    coalesce(m.meaning, p.agency) as meaning,
    coalesce(m.origin, p.origin) as origin
from words w
left join meanings m on w.kind = m.kind and word(w.word) = m.alias_key
left join logged_parties p on w.kind = p.role and w.word = p.text
order by
    w.disclosure_id,
    w.kind,
    w.word,
    origin
