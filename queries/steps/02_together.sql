/*
title = "Know which logs a block holds"
description = """
Of a block of many small logs, one behind the other, `together` lists them in their order: the number of each, how many
rows precede it, how many records it has and how many bytes.
"""
*/
create or replace temp table together as
select unnest(getvariable('together')::struct(
    source_id bigint, rows_before bigint, records bigint, bytes bigint
)[], max_depth := 2);
