/*
title = "Let records in that were laid aside"
description = "Puts the records of the files `aside_files` back into their tables, with what they say."
*/
-- What links made of several traces is made anew, and may have a number that is needed here.
delete from logged_disclosures
where
    disclosure_id > getvariable('last_disclosure')::integer
    and disclosure_id not in (select disclosure_id from records);

insert into records
select *
from memory.aside_records
where list_contains(getvariable('aside_files')::bigint[], record_key // 68719476736)
order by record_key;

insert into trace_rows
select *
from memory.aside_traces
where list_contains(getvariable('aside_files')::bigint[], record_key // 68719476736)
order by record_key;

insert into trace_sayings
select *
from memory.aside_sayings
where list_contains(getvariable('aside_files')::bigint[], record_key // 68719476736)
order by record_key;

delete from memory.aside_records
where list_contains(getvariable('aside_files')::bigint[], record_key // 68719476736);

delete from memory.aside_traces
where list_contains(getvariable('aside_files')::bigint[], record_key // 68719476736);

delete from memory.aside_sayings
where list_contains(getvariable('aside_files')::bigint[], record_key // 68719476736);

insert into logged_disclosures by name
select *
from memory.aside_disclosures
where
    disclosure_id in (select disclosure_id from records)
    and disclosure_id not in (select disclosure_id from logged_disclosures)
order by disclosure_id;

insert into contexts by name
select *
from memory.aside_contexts
where
    context_id in (select context_id from records)
    and context_id not in (select context_id from contexts)
order by context_id;
