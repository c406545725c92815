/*
title = "Let the mapped rows of a block wait"
description = "Keeps those that can be read, under the keys of their records: `key_base` and the number in the block."
*/
insert into memory.waiting_rows by name
select * replace (getvariable('key_base') + record_no as record_no, null as said_no)
from mapped_whole
where unreadable is null;
