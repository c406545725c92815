/*
title = "Permitted on the log's word for the people"
description = "The verdict now is permitted, and rests on what the log says of whose data it was."
severity = "note"
reads = "disclosures"
citation = "Order of 29 Dec 2025, or whichever order is in force on the as-of date"
evidence = "B"
why = """
No code of T-MSIS says that somebody is not lawfully residing, so whoever wrote the log took it from elsewhere. \
Nothing here checks it; if it is wrong for one person, the whole batch was barred.
"""
false_positives = "A sender that had each person's status determined before the transfer, and can show it."
*/
select
    p.disclosure_id,
    string_agg(p.told, '; ' order by p.key)
    || presumed(any_value(p.purpose_kind)) as evidence,
    any_value(p.citation) as citation,
    max(p.certainty) as certainty
from parts_now p
inner join settings s on p.regime_id = s.regime_now
inner join judgments j on p.disclosure_id = j.disclosure_id and s.regime_now = j.regime_id
inner join disclosure_parties d on p.disclosure_id = d.disclosure_id
where
    p.kind = 'population'
    and p.severity = 'permitted'
    -- Where no population is named, people make no difference.
    and p.listed
    and j.verdict = 'permitted'
    and not d.unknown_agency
group by p.disclosure_id
