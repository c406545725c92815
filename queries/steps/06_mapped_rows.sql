/*
title = "Show what a source's SQL made of a block"
description = """
Views on `given_rows`, so that nothing is copied; what the source leaves out is null. `mapped_rows` has a row a record,
`mapped_sayings` what many of them share, and `mapped_whole` both together where `mapped_sayings` has rows.
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

create or replace temp view mapped_whole as
from mapped_rows;
