/*
title = "Begin a worker's share of a file"
description = """
The records that wait to be written, the lines before each of their blocks, and what the last block added. `together`
lists the logs of a block by how many rows precede each: one of number 0 unless many small ones are read together.
Temporary: each worker has its own.
"""
*/
create or replace temp table staged (
    block integer,
    record_no bigint,
    transfer_id varchar,
    occurred_at timestamp,
    moment_id integer,
    record_count bigint,
    disclosure_id integer,
    context_id integer,
    row_bytes bigint,
    unclear boolean,
    disclosure_bytes bigint,
    context_bytes bigint,
    new_disclosure varchar,
    new_context varchar,
    unread varchar
);

create or replace temp table block_places (block integer, lines_before bigint);

create temp table if not exists together as
select
    0::bigint as source_id,
    0::bigint as rows_before;

create or replace temp table fresh_disclosures as
select *
from memory.known_disclosures
where false;

create or replace temp table fresh_contexts as
select *
from memory.known_contexts
where false;
