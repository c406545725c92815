/*
title = "Make ids of what records say"
description = "Fills `content_ids` for the records of a block that have no id."
*/
insert into content_ids
select
    w.record_no,
    'content-' || left(sha256(w.whole_record), 32)
from whole_records w
semi join (
    select record_no
    from mapped_rows
    where unless_blank(transfer_id) is null and set_aside is null and unreadable is null
) nameless on w.record_no = nameless.record_no
