/*
title = "Begin a scan"
description = """
What the scan knows while it runs: the raw texts seen so far, as their source wrote them, and the
number of what they say. Several spellings of the same content share one number. One raw text may mean two
things, `["ssn", "name"]` in JSON and in a cell, so each is known by its encoding, too. The tables lie in
memory, where every worker of the scan sees them.
"""
*/
create or replace table memory.known_disclosures (
    text varchar,
    raw struct(
        sender varchar, recipient varchar, programs varchar, states varchar,
        elements varchar, populations varchar, purpose varchar, element_basis varchar, deduced varchar
    ),
    disclosure_id integer,
    text_bytes bigint,
    encoding varchar
);

create or replace table memory.known_contexts (
    text varchar,
    raw struct(
        actor varchar, action varchar, system varchar, authority varchar, outcome varchar,
        bad_id varchar, bad_time varchar, bad_count varchar
    ),
    context_id integer,
    text_bytes bigint,
    encoding varchar
);

-- The same by the columns of logs that have such, as `said` knows it.
create or replace table memory.said_disclosures (
    known_row bigint,
    lists_cast boolean,
    sender varchar,
    recipient varchar,
    programs varchar,
    states varchar,
    elements varchar,
    populations varchar,
    purpose varchar,
    disclosure_id integer
);

-- Unreadable records, of files that are not written down yet.
create or replace table memory.unreadable_records (
    source_id integer,
    source_record bigint,
    reason varchar,
    byte_offset bigint,
    byte_length bigint,
    bytes blob
);

-- SQL texts of logs, each different one taken apart once.
create or replace table memory.parsed_texts (
    dialect varchar,
    text varchar,
    kind varchar,
    direction varchar,
    outputs varchar[],
    excluded varchar[],
    open_tables varchar[],
    used varchar[],
    aggregate boolean,
    tables varchar[],
    programs varchar[],
    states varchar[],
    populations varchar[],
    population_filter varchar,
    picks_persons boolean,
    deduced struct(kind varchar, item varchar, why varchar)[],
    file varchar,
    let_in varchar,
    problem varchar
);

-- The same of texts that are read together with the statements that made what they read.
create or replace table memory.parsed_in_context as
select
    *,
    null::varchar as context
from memory.parsed_texts
where false;

-- Statements of the file that is read which wrote to tables: which of them matter is known at its end.
create or replace table memory.made_tables (
    dialect varchar,
    occurred_at timestamp,
    query_id varchar,
    session varchar,
    place varchar,
    query_text varchar,
    makes boolean
);

-- Which statements are read together with which others, and the ids of those.
create or replace table memory.made_readings (
    query_id varchar,
    occurred_at varchar,
    session varchar,
    query_text varchar,
    context varchar,
    made_by varchar
);

-- What a source file may return beside `record_no`; what it leaves out is null. Plain texts and lists: this is where
-- the logs of other systems become canonical. `set_aside` says why a record is no transfer, `unreadable` why it is no
-- record; either keeps it out of `records`. `places` are where the data lay: databases, buckets, servers, folders and
-- the ids of their owners; a place is no party, and counts as the sender only where the tables know whose it is.
-- `arrives` is true where something came into the system that wrote the log: its holder received it, and it is a
-- transfer where that is a part of DHS. `deduced` are the items of the lists that no word of the record names, and from
-- what each was deduced. `is_call` is true of what may have run other records of a log; `ran_by` names what ran this
-- one.
create or replace table memory.mapped_columns (
    record_no bigint,
    said_no bigint,
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
    is_call boolean,
    ran_by varchar[],
    note varchar
);

-- Mapped rows of small blocks, by the keys that they have in `records`: they wait to be staged together. Beside them,
-- as `whole_records`, those that are looked at as they stand in the log.
create or replace table memory.waiting_rows as
select
    null::varchar as log,
    *
from memory.mapped_columns
where false;

create or replace table memory.waiting_records (record_no bigint, whole_record varchar, raw varchar);

-- The JSON texts of a block in the order of its lines, but for blank ones; null where the engine cannot read one.
create or replace macro memory.block_objects(longest) as table
select
    row_number() over () as row_no,
    json
from read_ndjson_objects(
    getvariable('block_path'),
    format = 'newline_delimited',
    compression = 'none',
    ignore_errors = true,
    maximum_object_size = longest
);

-- The records of a block behind two lines of ours that name all of their keys. No type is told by more than these two,
-- and then the engine refuses a record that has another key, or one twice, as long as every column is read. Numbered
-- while the order is still that of the file: what joins them does not keep it.
create or replace macro memory.block_records(longest) as table
select
    row_number() over () - 2 as record_no,
    b.*
from read_json(
    getvariable('block_path'),
    format = 'newline_delimited',
    compression = 'none',
    maximum_object_size = longest,
    sample_size = 2,
    maximum_depth = 2,
    -- However many keys there are, an object is not taken for a map.
    map_inference_threshold = 1000000,
    field_appearance_threshold = 0
) b;

-- The lines of a block, each in one cell or with what stands behind it in a second.
create or replace macro memory.block_lines(cells, line_end, longest) as table
select *
from read_csv(
    getvariable('block_path'),
    columns = cells,
    null_padding = true,
    -- Each worker reads a block of its own, and side by side the engine gives some blocks up.
    parallel = false,
    delim = chr(1),
    quote = '',
    escape = '',
    header = false,
    auto_detect = false,
    strict_mode = false,
    compression = 'none',
    new_line = line_end,
    max_line_size = longest
);
