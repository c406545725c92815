/*
title = "Number the text lines of many logs"
description = "Those of `incoming` as `records` has them, by log and line, where a block holds the logs `together`."
*/
create or replace temp table incoming as
select
    t.source_id * 68719476736 + l.record_no - t.rows_before as record_no,
    l.line
from incoming l
asof inner join together t on l.record_no > t.rows_before;
