/*
title = "Take the mapped rows that wait"
description = "Those of the logs `waiting_logs`, as if they were one block, numbered by the keys of their records."
*/
create or replace temp view mapped_rows as
select *
from memory.waiting_rows
where record_no // 68719476736 in (select unnest(getvariable('waiting_logs')::bigint[]));

create or replace temp view mapped_sayings as
from memory.mapped_columns;

create or replace temp view whole_records as
select * from memory.waiting_records;
