/*
title = "Find calls whose statements are records"
description = """
Leaves `left_calls`: calls that count as transfers, from key `first_call` on, where there are records of what they ran,
in whatever log these stand. Not those whose text tells of more than these records do: some of what they ran has none
then. Returns how many there are.
"""
*/
create or replace temp table left_calls as
with asked as (
    select *
    from calls
    where record_key >= getvariable('first_call')::bigint
),

ran as (
    select
        n.dialect,
        n.query_id,
        flatten(list(n.programs)) as programs,
        flatten(list(n.states)) as states,
        list_transform(flatten(list(n.elements)), lambda x: lower(trimmed(x))) as elements,
        bool_or(len(n.programs) = 0) as some_programs_unknown,
        bool_or(len(n.states) = 0) as some_states_unknown
    from ran_calls n
    semi join asked a on n.dialect = a.dialect and n.query_id = a.query_id
    group by all
)

select
    a.record_key,
    r.disclosure_id,
    a.names_dhs
from asked a
inner join ran n on a.dialect = n.dialect and a.query_id = n.query_id
inner join records r on a.record_key = r.record_key
inner join logged_disclosures d on r.disclosure_id = d.disclosure_id
where
    list_has_all(n.elements, list_transform(d.elements, lambda x: lower(x)))
    and (n.some_states_unknown or list_has_all(n.states, d.states))
    and (n.some_programs_unknown or list_has_all(n.programs, d.programs));

select count(*)
from left_calls
