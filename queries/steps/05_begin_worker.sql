/*
title = "Begin a worker's share of a file"
description = """
The records that wait to be written, and what the last block added. Temporary: each worker has its own.
"""
*/
create or replace temp table pending as
select *
from records
limit 0;

create or replace temp table fresh_disclosures (
    raw struct(
        sender varchar, recipient varchar, programs varchar, states varchar,
        elements varchar, populations varchar, purpose varchar
    ),
    text_bytes bigint,
    disclosure_id integer
);

create or replace temp table fresh_contexts (
    raw struct(
        actor varchar, action varchar, system varchar, authority varchar, outcome varchar,
        bad_id varchar, bad_time varchar, bad_count varchar
    ),
    text_bytes bigint,
    context_id integer
);
