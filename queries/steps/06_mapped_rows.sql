/*
title = "Show what a source's SQL made of a block"
description = """
A view on `given_rows`, so that nothing is copied; what the source leaves out is null. `mapped_rows` has a row a record;
`mapped_sayings` is for what many of them share, of which most sources tell nothing.
"""
*/
create or replace temp view mapped_rows as
select
    getvariable('source_format') as log,
    * replace (case when not takes_in(arrives) then set_aside end as set_aside)
from (
    from memory.mapped_columns
    union all by name
    from given_rows
) columns_given
where record_no is not null;

create or replace temp view mapped_sayings as
from memory.mapped_columns;
