/*
title = "Open a block of JSON records of another system"
description = "The records of one block as JSON, numbered in the order of the file; null where a line is no JSON."
*/
create or replace temp table raw_lines as
select
    row_no as record_no,
    json as envelope
from memory.block_objects(getvariable('block_object_size'));
