/*
title = "The statements that wrote to tables that the log made"
description = "What was kept of a log, in its order, where its text has one of `made_names`."
*/
select distinct
    occurred_at,
    query_id,
    session,
    place,
    query_text
from memory.made_tables
where
    occurred_at is not null
    and len(list_filter(getvariable('made_names')::varchar[], lambda n: contains(upper(query_text), n))) > 0
order by all;
