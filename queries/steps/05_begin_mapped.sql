/*
title = "Begin a worker's share of mapped records"
description = """
The traces that wait to be written with their records; and what a closer look at the records of a block finds, of few
blocks anything.
"""
*/
create or replace temp table staged_traces as
select
    null::integer as block,
    null::bigint as record_no,
    * exclude (record_key)
from traces
where false;

create or replace temp table content_ids (record_no bigint, content_id varchar);

create or replace temp table spelled_times (record_no bigint, occurred_at varchar, occurred_until varchar);
