/*
title = "Lay the records of some files aside"
description = """
Takes the records of the files `aside_files` out of their tables, what no other record says with them, and what was
settled between records. Used only where judging failed, to find out which file it fails with; numbers up to
`last_disclosure` and `last_context` were there before, and stay.
"""
*/
create table if not exists memory.aside_records as
select *
from records
where false;

create table if not exists memory.aside_traces as
select *
from trace_rows
where false;

create table if not exists memory.aside_sayings as
select *
from trace_sayings
where false;

create table if not exists memory.aside_disclosures as
select *
from logged_disclosures
where disclosure_id > getvariable('last_disclosure')::integer;

create table if not exists memory.aside_contexts as
select *
from contexts
where context_id > getvariable('last_context')::integer;

insert into memory.aside_records
select *
from records
where list_contains(getvariable('aside_files')::bigint[], record_key // 68719476736);

insert into memory.aside_traces
select *
from trace_rows
where list_contains(getvariable('aside_files')::bigint[], record_key // 68719476736);

insert into memory.aside_sayings
select *
from trace_sayings
where list_contains(getvariable('aside_files')::bigint[], record_key // 68719476736);

delete from records
where list_contains(getvariable('aside_files')::bigint[], record_key // 68719476736);

delete from trace_rows
where list_contains(getvariable('aside_files')::bigint[], record_key // 68719476736);

delete from trace_sayings
where list_contains(getvariable('aside_files')::bigint[], record_key // 68719476736);

delete from logged_disclosures
where
    disclosure_id > getvariable('last_disclosure')::integer
    and disclosure_id not in (select disclosure_id from records);

delete from contexts
where
    context_id > getvariable('last_context')::integer
    and context_id not in (select context_id from records);

delete from duplicates;

delete from conflicts;

delete from links;

delete from ambiguous_links;

delete from merged_contents;
