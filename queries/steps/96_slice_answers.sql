/*
title = "Answer one slice of the transfers"
description = """
Temporary views hide the tables of their names: until they are dropped, `answers` and all views under it show
the transfers from `slice_begin` up to `slice_end` of the order, and read no others.
"""
*/
create or replace temp view answer_slice as
select
    rowid as place,
    *
from answer_order
where rowid >= getvariable('slice_begin') and rowid < getvariable('slice_end');

create or replace temp view kept_records as
select * exclude (place, bits) from answer_slice;

create or replace temp view event_bits as
select
    record_key,
    bits
from answer_slice
where bits is not null;

create or replace temp view disclosure_bits as
select * from all_disclosure_bits;
