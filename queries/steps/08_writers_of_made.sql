/*
title = "The statements that wrote to tables that the log made"
description = "What was kept of a log, in its order, where its text has one of `made_names`."
*/
with names as (
    select
        name,
        regexp_full_match(name, '[\w$#]+') as is_word
    from unnest(getvariable('made_names')::varchar[]) n (name)
),

words as (
    select
        query_text,
        -- Some logs write the end of a line as two characters, of which one would begin the next word.
        unnest(regexp_extract_all(
            upper(query_text || ' ' || regexp_replace(query_text, '\\+[nrt]', ' ', 'g')), '[\w$#]+'
        )) as word
    from (
        select distinct query_text
        from memory.made_tables
    ) different
),

-- By the words of each text: to look for every name in every text takes as long as both are many.
texts as (
    select w.query_text
    from words w
    semi join names n on n.is_word and w.word = n.name
    union
    select m.query_text
    from memory.made_tables m
    inner join names n on not n.is_word and contains(upper(m.query_text), n.name)
)

select distinct
    occurred_at,
    query_id,
    session,
    place,
    query_text
from memory.made_tables
where occurred_at is not null and query_text in (select query_text from texts)
order by all;
