/*
title = "Which rows read tables that the log made"
description = "The transfers of a block whose texts are among `reading_texts`, with when and in which session they ran."
*/
select distinct
    coalesce(instant_of(m.occurred_at, getvariable('source_zone')), day_of(m.occurred_at)::timestamp) as at,
    m.transfer_id,
    m.occurred_at,
    m.session,
    s.places[-1],
    s.query_text
from mapped_rows m
inner join mapped_sayings s on m.said_no = s.said_no
where
    m.set_aside is null and m.unreadable is null
    and s.query_text in (select unnest(getvariable('reading_texts')::varchar[]))
    and coalesce(instant_of(m.occurred_at, getvariable('source_zone')), day_of(m.occurred_at)::timestamp) is not null;
