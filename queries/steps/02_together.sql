/*
title = "Know whose the rows of a block are"
description = """
Of a block of many small logs, one behind the other, or of one without some of its lines, `together` lists what follows
one another in their order: the number of the log, how many rows precede it, and by how much its rows have to be shifted
to have the numbers that `records` has; of small logs also how many records and bytes each has.
"""
*/
create or replace temp table together as
select unnest(getvariable('together')::struct(
    source_id bigint, rows_before bigint, shift bigint, records bigint, bytes bigint
)[], max_depth := 2);
