/*
title = "Disclosures with a word that means something else"
description = """
Leaves the table `touched`: the disclosures that name a word to which two policies give different meanings. The others
need not be looked up again.
"""
*/
create or replace table touched as
with logged as (
    select disclosure_id, 'program' as kind, unnest(programs) as item from logged_disclosures
    union all
    select disclosure_id, 'state', unnest(states) from logged_disclosures
    union all
    select disclosure_id, 'category', unnest(elements) from logged_disclosures
    union all
    select disclosure_id, 'population', unnest(populations) from logged_disclosures
    union all
    select disclosure_id, 'purpose', purpose from logged_disclosures
),

-- Each spelling is normalized once, however many disclosures use it.
spellings as (
    select distinct kind, item
    from logged
),

changed_spellings as (
    select
        s.kind,
        s.item
    from spellings s
    inner join changed_words c on s.kind = c.kind and word(s.item) = c.alias_key
)

select distinct l.disclosure_id
from logged l
inner join changed_spellings c on l.kind = c.kind and l.item = c.item;
