/*
title = "Which texts read tables that the log made"
description = "The texts, and the tables that each of them reads, where `made_names` has the last part of a name."
*/
select
    text,
    tables
from memory.parsed_texts
where
    dialect = getvariable('source_dialect')
    and list_has_any(
        list_transform(tables, lambda t: upper(trim(string_split(t, '.')[-1], '"`[]'))),
        getvariable('made_names')::varchar[]
    );
