/*
title = "Begin a worker's share of mapped records"
description = "What a closer look at the records of a block finds, of few blocks anything."
*/
create or replace temp table content_ids (record_no bigint, content_id varchar);

create or replace temp table spelled_times (record_no bigint, occurred_at varchar, occurred_until varchar);
