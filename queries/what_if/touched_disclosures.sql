/*
title = "Disclosures with a word that means something else"
description = """
Leaves the table `touched`: the disclosures that name a word to which two policies give different meanings. The others
need not be looked up again.
"""
*/
create or replace table touched as
-- Each spelling is normalized once, however many disclosures use it.
with spellings as (
    select distinct kind, item
    from logged_words('logged_disclosures')
),

changed_spellings as (
    select
        s.kind,
        s.item
    from spellings s
    inner join changed_words c on s.kind = c.kind and word(s.item) = c.alias_key
)

select distinct l.disclosure_id
from logged_words('logged_disclosures') l
inner join changed_spellings c on l.kind = c.kind and l.item = c.item;
