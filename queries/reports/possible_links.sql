/*
title = "Links that were not made"
description = """
Pairs of records that may tell of one transfer, each counted for itself because which of several belong together cannot
be known.
"""

[params.possible_links_limit]
type = "integer"
unit = "pairs"
description = "How many to list; all where it is not set."
*/
select
    a.why,
    r.transfer_id,
    s.path as source_file,
    r.record_key % 68719476736 as source_record,
    o.transfer_id as other_id,
    p.path as other_file,
    o.record_key % 68719476736 as other_record,
    count(*) over () as in_all
from (
    -- Which of the two was read first depends on what was scanned before.
    select
        why,
        unnest([record_key, other_key]) as record_key,
        unnest([other_key, record_key]) as other_key
    from ambiguous_links
) a
inner join records r on a.record_key = r.record_key
inner join records o on a.other_key = o.record_key
inner join sources s on s.source_id = r.record_key // 68719476736
inner join sources p on p.source_id = o.record_key // 68719476736
where (s.path, r.record_key % 68719476736) < (p.path, o.record_key % 68719476736)
order by a.why, s.path, r.record_key, p.path, o.record_key
limit coalesce(getvariable('possible_links_limit')::bigint, 9000000000000000000)
