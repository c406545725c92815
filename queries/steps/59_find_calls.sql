/*
title = "Find calls whose statements are records"
description = """
Leaves `left_calls`: calls that count as transfers, from key `first_call` on, where there are records of what they ran,
in whatever log these stand. Not those whose text tells of more than these records do: some of what they ran has none
then. Returns how many there are.
"""
*/
create or replace temp table left_calls as
with ran as (
    select
        dialect,
        query_id,
        flatten(list(programs)) as programs,
        flatten(list(states)) as states,
        list_transform(flatten(list(elements)), lambda x: lower(trimmed(x))) as elements,
        bool_or(len(programs) = 0) as some_programs_unknown,
        bool_or(len(states) = 0) as some_states_unknown
    from ran_calls
    where (dialect, query_id) in (
        select (c.dialect, c.query_id)
        from calls c
        where c.record_key >= getvariable('first_call')::bigint
    )
    group by all
)

select
    c.record_key,
    r.disclosure_id,
    c.names_dhs
from calls c
inner join ran n on c.dialect = n.dialect and c.query_id = n.query_id
inner join records r on c.record_key = r.record_key
inner join logged_disclosures d on r.disclosure_id = d.disclosure_id
where
    c.record_key >= getvariable('first_call')::bigint
    and list_has_all(n.elements, list_transform(d.elements, lambda x: lower(x)))
    and (n.some_states_unknown or list_has_all(n.states, d.states))
    and (n.some_programs_unknown or list_has_all(n.programs, d.programs));

select count(*)
from left_calls
