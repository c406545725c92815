/*
title = "Make ids of what records say"
description = "Fills `content_ids` for the records of `nameless`."
*/
insert into content_ids
select
    w.record_no,
    'content-' || left(sha256(w.whole_record), 32)
from whole_records w
semi join nameless n on w.record_no = n.record_no
