/*
title = "Let records of a block wait as they stand in the log"
description = "As `wait`, for what is set aside and what has no id, and for no other: to make texts of all takes long."
*/
insert into memory.waiting_records
select
    getvariable('key_base') + record_no,
    whole_record,
    raw
from whole_records
where
    record_no in (
        select record_no
        from mapped_rows
        where unreadable is null and (set_aside is not null or unless_blank(transfer_id) is null)
    );
