/*
title = "Lines of a block that are no JSON"
description = "How many rows a block has, and which of them the engine cannot read."
*/
select
    count(*) as row_count,
    coalesce(list(row_no) filter (json is null), []) as odd_rows
from memory.block_objects(getvariable('block_object_size'));
