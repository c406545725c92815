/*
title = "Links that were not made"
description = """
Pairs of records that may tell of one transfer, each counted for itself because which of several belong together cannot
be known.
"""
rests_on = "ambiguous_links"

[params.possible_links_limit]
type = "integer"
unit = "pairs"
description = "How many to list; all where it is not set."
*/
with pairs as (
    -- Which of the two was read first depends on what was scanned before.
    select
        why,
        unnest([record_key, other_key]) as record_key,
        unnest([other_key, record_key]) as other_key
    from ambiguous_links
),

-- The records, which may be many, go past the few that are asked for.
named as (
    select
        p.why,
        p.record_key,
        p.other_key,
        r.transfer_id
    from records r
    inner join pairs p on r.record_key = p.record_key
)

select
    n.why,
    n.transfer_id,
    s.path as source_file,
    number_found(s.places, n.record_key) as source_record,
    place_text(s.places, s.sheets, n.record_key % 68719476736) as place,
    o.transfer_id as other_id,
    p.path as other_file,
    n.other_key % 68719476736 as other_record,
    place_text(p.places, p.sheets, n.other_key % 68719476736) as other_place,
    count(*) over () as in_all
from records o
inner join named n on o.record_key = n.other_key
inner join sources s on s.source_id = n.record_key // 68719476736
inner join sources p on p.source_id = n.other_key // 68719476736
where (s.path, n.record_key % 68719476736) < (p.path, n.other_key % 68719476736)
order by n.why, s.path, n.record_key, p.path, n.other_key
limit coalesce(getvariable('possible_links_limit')::bigint, 9000000000000000000)
