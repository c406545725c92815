/*
title = "Show what records of a block share"
description = """
For a source that tells what many records share once, in rows of `given_rows` without a number: `mapped_sayings` are
those.
"""
*/
create or replace temp view mapped_sayings as
select
    said_no,
    places,
    programs,
    states,
    elements,
    populations,
    deduced,
    population_filter,
    used_elements,
    open_tables,
    excluded,
    accessed,
    query_text
from given_rows
where record_no is null;
