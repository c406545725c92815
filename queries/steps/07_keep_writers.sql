/*
title = "Keep the statements that wrote to tables"
description = """
Of the mapped rows of a block: the statements that wrote to a table, or may have, for what they made may be put out by
another statement of the log. What failed wrote nothing.
"""
*/
insert into memory.made_tables
select
    getvariable('source_dialect'),
    coalesce(instant_of(occurred_at, getvariable('source_zone')), day_of(occurred_at)::timestamp),
    transfer_id,
    session,
    places[-1],
    -- What is longer is taken apart by nobody.
    left(query_text, 65536),
    regexp_matches(query_text, '(?i)\bcreate\b.*\b(table|view)\b|\b(select|with)\b.*\binto\b', 's')
from mapped_rows
where
    unreadable is null
    and coalesce(outcome, '') <> 'failure'
    and case
        when set_aside is not null
            then regexp_matches(query_text, '(?i)\b(create|insert|merge|update|copy|alter|drop|undrop|into)\b')
        else
            regexp_matches(query_text, '(?i)^\s*(create|insert|merge|update|copy)\b')
            or contains(query_text, ';')
            and regexp_matches(query_text, '(?i);\s*(create|insert|merge|update|copy|alter|drop|undrop)\b')
    end;
