/*
title = "Keep the calls of a block"
description = """
Of the mapped rows: calls that count as transfers, under their keys (`key_base` and the number), and which calls ran
one of the rows, with what that put out. Whether both are the same is known when all logs were read.
"""
*/
insert into calls
with called as (
    select
        record_no,
        transfer_id
    from mapped_rows
    where is_call and set_aside is null and unreadable is null and logged(transfer_id) is not null
)

select
    getvariable('key_base') + c.record_no,
    getvariable('source_dialect'),
    c.transfer_id,
    -- Asked of a record as it stands in the log, while it is there.
    names_dhs(w.raw)
from called c
inner join (
    select
        record_no,
        raw
    from whole_records
    where record_no in (select record_no from called)
) w on c.record_no = w.record_no;

insert into ran_calls
with ran as (
    select
        m.record_no,
        m.transfer_id,
        unnest(m.ran_by) as query_id,
        coalesce(s.programs, m.programs, []) as programs,
        coalesce(s.states, m.states, []) as states,
        coalesce(s.elements, m.elements, []) as elements
    from mapped_rows m
    left join mapped_sayings s on m.said_no = s.said_no
    where len(m.ran_by) > 0 and m.unreadable is null
)

select
    min(getvariable('key_base') + record_no) as record_key,
    getvariable('source_dialect'),
    query_id,
    programs,
    states,
    elements
from ran
-- What names itself ran in nothing else, and a blank is no id.
where logged(query_id) is not null and query_id is distinct from transfer_id
group by record_no // 68719476736, query_id, programs, states, elements;
