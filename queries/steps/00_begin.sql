/*
title = "Begin a scan"
description = """
What the scan knows while it runs: the raw texts seen so far, as their source wrote them, and the
number of what they say. Several spellings of the same content share one number. The
tables lie in memory, where every worker of the scan sees them.
"""
*/
create or replace table memory.known_disclosures (
    raw_sender varchar,
    raw_recipient varchar,
    raw_programs varchar,
    raw_states varchar,
    raw_elements varchar,
    raw_populations varchar,
    raw_purpose varchar,
    disclosure_id integer,
    text_bytes bigint
);

create or replace table memory.known_contexts (
    raw_actor varchar,
    raw_action varchar,
    raw_system varchar,
    raw_authority varchar,
    raw_outcome varchar,
    raw_bad_id varchar,
    raw_bad_time varchar,
    raw_bad_count varchar,
    context_id integer,
    text_bytes bigint
);
