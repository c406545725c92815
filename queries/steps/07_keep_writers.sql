/*
title = "Keep the statements that wrote to tables"
description = """
Of the mapped rows of a block: the statements that wrote to a table, or may have, for what they made may be put out by
another statement of the log. What failed wrote nothing.
"""
*/
insert into memory.made_tables
with texts as (
    select
        said_no,
        places[-1] as place,
        -- What is longer is taken apart by nobody.
        left(query_text, 65536) as text,
        regexp_matches(query_text, '(?i)\bcreate\b.*\b(table|view)\b|\b(select|with)\b.*\binto\b', 's') as makes,
        regexp_matches(query_text, '(?i)\b(create|insert|merge|update|copy|alter|drop|undrop|into)\b') as may_write,
        regexp_matches(query_text, '(?i)^\s*(create|insert|merge|update|copy)\b')
        or contains(query_text, ';')
        and regexp_matches(query_text, '(?i);\s*(create|insert|merge|update|copy|alter|drop|undrop)\b') as writes
    from mapped_sayings
)

select
    getvariable('source_dialect'),
    coalesce(instant_of(occurred_at, getvariable('source_zone')), day_of(occurred_at)::timestamp),
    transfer_id,
    session,
    t.place,
    t.text,
    t.makes
from mapped_rows m
inner join texts t on m.said_no = t.said_no
where
    unreadable is null
    and coalesce(outcome, '') <> 'failure'
    and case when set_aside is not null then t.may_write else t.writes end;
