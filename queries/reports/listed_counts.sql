/*
title = "How many transfers are listed"
description = """
One row: how many transfers of the selection `listed_transfers` has without a limit, and how many of them are attempts.
"""
selection = true
*/
select
    count(*) as transfers,
    count(*) filter (where v.attempt) as attempts
from verdicts v
inner join selected_disclosures n on v.disclosure_id = n.disclosure_id
where
    is_day_asked_for(v.court_day)
    and is_verdict_asked_for(v.verdict_now, v.verdict_then);
