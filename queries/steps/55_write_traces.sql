/*
title = "Write the staged traces"
description = "Writes the traces of the staged blocks; runs before `write`, which forgets where the blocks stood."
*/
insert into traces
select
    getvariable('source_id')::bigint * 68719476736 + p.lines_before + t.record_no,
    t.* exclude (block, record_no)
from staged_traces t
inner join block_places p on t.block = p.block;

create or replace temp table staged_traces as
select *
from staged_traces
where false;
