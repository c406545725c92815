/*
title = "Leave out logs with unreadable records"
description = """
Of many logs in one block, takes those out of `given_rows` that hold a record which is unreadable, and returns their
numbers: where such a record stands is found by who reads its log alone.
"""
*/
create or replace temp table left_out as
select distinct record_no // 68719476736 as source_id
from mapped_rows
where unreadable is not null;

delete from given_rows
where record_no // 68719476736 in (select source_id from left_out);

select source_id
from left_out
order by source_id
