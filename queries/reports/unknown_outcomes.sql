/*
title = "Words for how it ended that no table knows"
description = """
Words that stand for how a transfer ended and are not in outcomes.csv, by the number of transfers: each is a line to
add. What ended so counts as disclosed, for what is not known to have failed may have passed.
"""
*/
with unheard as (
    select
        m.context_id,
        c.outcome as word
    from context_meanings m
    inner join contexts c on m.context_id = c.context_id
    where m.outcome_unheard
)

select
    u.word,
    count(*) as transfers,
    min(s.path) as first_file
from kept_records r
inner join unheard u on r.context_id = u.context_id
inner join sources s on r.record_key // 68719476736 = s.source_id
group by u.word
order by transfers desc, u.word asc
