/*
title = "The columns that a source may give"
description = """
What a source file may return beside `record_no`; what it leaves out is null. Plain texts and lists: this is where the
logs of other systems become canonical. `set_aside` says why a record is no transfer, `unreadable` why it is no record;
either keeps it out of `records`. `places` are where the data lay: databases, buckets, servers, folders and the ids of
their owners; a place is no party, and counts as the sender only where the tables know whose it is. `arrives` is true
where something came into the system that wrote the log: its holder received it, and it is a transfer where that is a
part of DHS. `deduced` are the items of the lists that no word of the record names, and from what each was deduced.
"""
*/
create or replace temp table mapped_columns (
    record_no bigint,
    set_aside varchar,
    unreadable varchar,
    transfer_id varchar,
    occurred_at varchar,
    occurred_until varchar,
    event_count bigint,
    sender varchar,
    places varchar[],
    recipient varchar,
    arrives boolean,
    actor varchar,
    action varchar,
    system varchar,
    authority varchar,
    programs varchar[],
    states varchar[],
    elements varchar[],
    element_basis varchar,
    populations varchar[],
    record_count varchar,
    purpose varchar,
    outcome varchar,
    deduced struct(kind varchar, item varchar, why varchar)[],
    link_key varchar,
    file_name varchar,
    bytes bigint,
    peer varchar,
    population_filter varchar,
    used_elements varchar[],
    open_tables varchar[],
    excluded varchar[],
    accessed struct(name varchar, columns varchar[])[],
    query_text varchar,
    session varchar,
    note varchar
);

create or replace temp table staged_traces as
select
    null::integer as block,
    null::bigint as record_no,
    * exclude (record_key, log)
from traces
where false;
