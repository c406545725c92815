/*
title = "How it stands with the quarantine, file by file"
description = """
Of each file how many records that could not be read are open, suppressed, or stood in content that no path holds any
more; of the last how many only since this scan, and whether the path has other content now.
"""
*/
with here as (
    select distinct path
    from contents_at_hand
)

select
    q.path,
    count(*) filter (where q.state = 'open') as open,
    count(*) filter (where q.state = 'suppressed') as suppressed,
    count(*) filter (where q.state = 'gone') as gone,
    count(*) filter (where q.state = 'gone' and b.source_id is not null) as newly_gone,
    q.path in (select path from here) as replaced
from quarantine_states q
left join quarantine_before b on q.source_id = b.source_id and q.source_record = b.source_record
group by q.path
order by q.path;
