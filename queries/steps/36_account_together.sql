/*
title = "Add up the bytes of logs that were read together"
description = """
The logs whose staged records do not add up to their own bytes, and whether a look at their keys may tell why: not where
records are missing, or where only a closer look can tell an object from a text.
"""
*/
with sized as (
    select
        s.record_no // 68719476736 as source_id,
        s.unclear,
        s.row_bytes + coalesce(s.disclosure_bytes, d.text_bytes) + coalesce(s.context_bytes, c.text_bytes) as bytes
    from staged s
    left join fresh_disclosures d on s.new_disclosure = d.text
    left join fresh_contexts c on s.new_context = c.text
),

counted as (
    select
        source_id,
        count(*) as records,
        case when count(bytes) = count(*) then sum(bytes) end as bytes,
        coalesce(bool_or(unclear), false) as some_unclear
    from sized
    group by source_id
)

select
    t.source_id,
    coalesce(c.records = t.records and not c.some_unclear, false) as may_be_whole
from together t
left join counted c on t.source_id = c.source_id
where c.records is distinct from t.records or c.bytes is distinct from t.bytes or c.some_unclear;
