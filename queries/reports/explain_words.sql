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
    select * from logged_words('logged')
    union all
    select disclosure_id, 'sender', sender from logged
    union all
    select disclosure_id, 'recipient', recipient from logged
)

select distinct
    w.disclosure_id,
    if(w.kind = 'category', 'element', w.kind) as kind,
    w.item as word,
    coalesce(m.meaning, p.agency) as meaning,
    coalesce(m.origin, p.origin) as origin
from words w
left join words_of_policy() m on w.kind = m.kind and word(w.item) = m.alias_key
left join logged_parties p on w.kind = p.role and w.item = p.text
where w.item is not null
order by
    w.disclosure_id,
    kind,
    word,
    origin
