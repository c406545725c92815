/*
title = "Which texts read tables that the log made"
description = "The texts, and the tables that each of them reads, where `made_names` has the last part of a name."
*/
with read as (
    select
        text,
        unnest(list_transform(tables, lambda t: upper(trim(string_split(t, '.')[-1], '"`[]')))) as name
    from memory.parsed_texts
    where dialect = getvariable('source_dialect')
)

select
    text,
    tables
from memory.parsed_texts
where
    dialect = getvariable('source_dialect')
    and text in (
        select text
        from read
        where name in (select unnest(getvariable('made_names')::varchar[]))
    );
