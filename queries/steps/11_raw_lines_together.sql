/*
title = "Number the JSON records of many logs"
description = "Those of `raw_lines` as `records` has them, by log and line, where a block holds the logs `together`."
*/
create or replace temp table raw_lines as
select
    t.source_id * 68719476736 + l.record_no - t.rows_before as record_no,
    l.envelope
from raw_lines l
asof inner join together t on l.record_no > t.rows_before;
