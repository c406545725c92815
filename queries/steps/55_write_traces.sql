/*
title = "Write what only traces keep"
description = """
One row for each mapped transfer of the block whose log tells more than the canonical fields, under the key of its
record: `key_base` and its number.
"""
*/
insert into traces
select
    getvariable('key_base') + m.record_no,
    m.log,
    link_key,
    file_name,
    bytes,
    coalesce(s.occurred_until, m.occurred_until),
    event_count,
    peer,
    population_filter,
    used_elements,
    open_tables,
    excluded,
    accessed,
    -- Counting the characters of every text takes longer than keeping it.
    case when strlen(query_text) > 65536 then left(query_text, 65536) else query_text end,
    note
from mapped_whole m
left join spelled_times s on m.record_no = s.record_no
where
    set_aside is null and unreadable is null
    and (
        coalesce(link_key, file_name, m.occurred_until, peer, population_filter, query_text, note) is not null
        or coalesce(bytes, event_count) is not null
        or len(used_elements) > 0
        or len(open_tables) > 0
        or len(accessed) > 0
    );
