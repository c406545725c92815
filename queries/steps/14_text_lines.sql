/*
title = "Open a block of text lines"
description = """
The lines of one block, numbered in the order of the file. Where lines were left out, each brings its number in the
block behind it.
"""
*/
create or replace temp table incoming as
select
    coalesce(record_no, row_number() over ()) as record_no,
    line
from memory.block_lines({line: 'VARCHAR', record_no: 'BIGINT'}, '\n', getvariable('block_line_size'));
