/*
title = "Show what records of a block share"
description = """
For a source that tells what many records share once, in rows of `given_rows` without a number: `mapped_sayings` are
those, and `mapped_whole` has the records with what theirs tells.
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

create or replace temp view mapped_whole as
select
    m.* replace (
        s.places as places,
        s.programs as programs,
        s.states as states,
        s.elements as elements,
        s.populations as populations,
        s.deduced as deduced,
        s.population_filter as population_filter,
        s.used_elements as used_elements,
        s.open_tables as open_tables,
        s.excluded as excluded,
        s.accessed as accessed,
        s.query_text as query_text
    )
from mapped_rows m
left join mapped_sayings s on m.said_no = s.said_no;
