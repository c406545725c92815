/*
title = "Let the mapped rows of a block wait"
description = """
Keeps those that can be read, under the keys of their records: `key_base` and the number in the block. Each with what it
shares with others, for they may be staged with those of other logs.
"""
*/
insert into memory.waiting_rows by name
select
    m.* replace (
        getvariable('key_base') + m.record_no as record_no,
        null as said_no,
        coalesce(s.places, m.places) as places,
        coalesce(s.programs, m.programs) as programs,
        coalesce(s.states, m.states) as states,
        coalesce(s.elements, m.elements) as elements,
        coalesce(s.populations, m.populations) as populations,
        coalesce(s.deduced, m.deduced) as deduced,
        coalesce(s.population_filter, m.population_filter) as population_filter,
        coalesce(s.used_elements, m.used_elements) as used_elements,
        coalesce(s.open_tables, m.open_tables) as open_tables,
        coalesce(s.excluded, m.excluded) as excluded,
        coalesce(s.accessed, m.accessed) as accessed,
        coalesce(s.query_text, m.query_text) as query_text
    )
from mapped_rows m
left join mapped_sayings s on m.said_no = s.said_no
where m.unreadable is null;
