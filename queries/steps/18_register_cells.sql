/*
title = "Where the cells of a register are taken apart"
description = """
`register_cells` keeps what each different text of a register's column means: the items of a list, a day or span, a
number. Each text is read once, however many rows repeat it. `register_asides` names the rows of one block that are no
records, with the reason.
"""
*/
create or replace temp table register_cells (
    kind varchar,
    cell varchar,
    items varchar[],
    begins varchar,
    ends varchar,
    number bigint
);

create or replace temp table register_asides (record_no bigint, reason varchar, unreadable varchar);
