/*
title = "Which rows read tables that the log made"
description = "The transfers of a block whose texts are among `reading_texts`, with when and in which session they ran."
*/
select distinct
    coalesce(instant_of(occurred_at, getvariable('source_zone')), day_of(occurred_at)::timestamp) as at,
    transfer_id,
    occurred_at,
    session,
    places[-1],
    query_text
from mapped_rows
where
    set_aside is null and unreadable is null
    and query_text in (select unnest(getvariable('reading_texts')::varchar[]))
    and coalesce(instant_of(occurred_at, getvariable('source_zone')), day_of(occurred_at)::timestamp) is not null;
