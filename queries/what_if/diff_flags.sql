/*
title = "How many flags differ"
description = """
Transfers that one of two policies flags and the other does not, failed attempts left out.
"""
*/
select
    coalesce(sum(c.transfers) filter (where v.flagged_after and not v.flagged_before), 0)::bigint as newly_flagged,
    coalesce(sum(c.transfers) filter (where v.flagged_before and not v.flagged_after), 0)::bigint as no_longer_flagged
from changes c
inner join verdict_changes v on c.disclosure_id = v.disclosure_id and c.pair_id = v.pair_id
where not c.attempt;
