/*
title = "Keep the calls of a block"
description = """
Of the mapped rows: calls that count as transfers, under their keys (`key_base` and the number), and which calls ran
one of the rows. Whether both are the same is known when all logs were read.
"""
*/
insert into calls
with called as (
    select
        record_no,
        transfer_id
    from mapped_rows
    where is_call and set_aside is null and unreadable is null and transfer_id is not null
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
select
    min(getvariable('key_base') + record_no) as record_key,
    getvariable('source_dialect'),
    query_id
from (
    select
        record_no,
        transfer_id,
        unnest(ran_by) as query_id
    from mapped_rows
    where unreadable is null
) ran
-- What names itself ran in nothing else.
where query_id is not null and query_id is distinct from transfer_id
group by record_no // 68719476736, query_id;
