/*
title = "Put the answers in order"
description = """
The order of answer files, made of narrow rows: sorting whole answers would take many times the memory. A day
without an hour comes before the instants of its day, and counts as midnight in UTC. What the rules that read
single events found is kept beside each row, so that slices of them can be answered one after the other.
"""
*/
create or replace temp table all_disclosure_bits as
select * from auditscan.disclosure_bits;

create or replace temp table answer_order as
with paths as (
    select
        source_id,
        dense_rank() over (order by path) as place
    from sources
)

select
    r.record_key,
    r.transfer_id,
    r.occurred_at,
    r.moment_id,
    r.disclosure_id,
    r.context_id,
    r.record_count,
    e.bits
from kept_records r
inner join paths p on p.source_id = r.record_key // 68719476736
left join event_bits e on r.record_key = e.record_key
order by r.occurred_at nulls last, is_instant_moment(r.moment_id), r.transfer_id, p.place, r.record_key;
