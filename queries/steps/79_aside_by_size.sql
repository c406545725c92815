/*
title = "Files that were laid aside, by how much they say"
description = "Those with the shortest contents first: the longest are the likeliest to be too much."
*/
select r.source_id
from (
    select distinct
        record_key // 68719476736 as source_id,
        disclosure_id,
        context_id
    from memory.aside_records
) r
left join memory.aside_disclosures d on r.disclosure_id = d.disclosure_id
left join memory.aside_contexts c on r.context_id = c.context_id
group by r.source_id
order by sum(coalesce(length(content_of(d)), 0) + coalesce(length(c.content), 0)), r.source_id;
