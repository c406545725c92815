/*
title = "Write what only traces keep"
description = """
One row for each mapped transfer of the block whose log tells more than the canonical fields, under the key of its
record: `key_base` and its number. What several of a log share is written once, under the key of the first.
"""
*/
create or replace temp table first_sayings as
select
    said_no,
    -- 0 unless records of many logs stand there by their keys: what is taken back of one must not be another's.
    record_no // 68719476736 as source_id,
    getvariable('key_base') + min(record_no) as said_key
from mapped_rows
where
    set_aside is null and unreadable is null
    and said_no in (
        select said_no
        from mapped_sayings
        where
            coalesce(population_filter, query_text) is not null
            or len(used_elements) > 0
            or len(open_tables) > 0
            or len(accessed) > 0
    )
group by all;

insert into trace_sayings
select
    f.said_key,
    s.population_filter,
    s.used_elements,
    s.open_tables,
    s.excluded,
    s.accessed,
    kept_text(s.query_text)
from mapped_sayings s
inner join first_sayings f on s.said_no = f.said_no;

insert into trace_rows
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
    kept_text(query_text),
    note,
    f.said_key
from mapped_rows m
left join spelled_times s on m.record_no = s.record_no
left join first_sayings f on m.said_no = f.said_no and m.record_no // 68719476736 = f.source_id
where
    set_aside is null and unreadable is null
    and (
        coalesce(link_key, file_name, m.occurred_until, peer, population_filter, query_text, note) is not null
        or coalesce(bytes, event_count, f.said_key) is not null
        or len(used_elements) > 0
        or len(open_tables) > 0
        or len(accessed) > 0
    );
