/*
title = "Know what was said by the columns of a log"
description = """
What the records of the block that was staged last say, so that `recognize` knows it again, in the next slice or another
log. Lists of texts are cast to text in a third less time than they become JSON: where a log has no other lists
(`lists_cast`), those stand here that become the same JSON again, cast as the log's are.
"""
*/
insert into memory.said_disclosures
with staged_now as (
    select disclosure_id
    from staged
    where block = getvariable('block')
    union
    select disclosure_id
    from fresh_disclosures
),

fresh as (
    select
        k.rowid as known_row,
        k.raw,
        k.disclosure_id,
        [k.raw.programs, k.raw.states, k.raw.elements, k.raw.populations] as lists
    from memory.known_disclosures k
    semi join staged_now n on k.disclosure_id = n.disclosure_id
    anti join memory.said_disclosures s on k.rowid = s.known_row and s.lists_cast = getvariable('lists_cast')
    where k.encoding = 'json' and k.raw.element_basis is null and k.raw.deduced is null
),

cast_back as (
    select
        *,
        list_transform(lists, lambda l: try(json_transform(l, '["VARCHAR"]'))) as items
    from fresh
    where getvariable('lists_cast')
),

said as (
    select
        * exclude (lists, items),
        list_transform(items, lambda i: i::varchar) as lists
    from cast_back
    where lists is not distinct from list_transform(items, lambda i: to_json(i)::varchar)
    union all by name
    select *
    from fresh
    where not getvariable('lists_cast')
)

select
    known_row,
    getvariable('lists_cast'),
    raw.sender,
    raw.recipient,
    lists[1],
    lists[2],
    lists[3],
    lists[4],
    raw.purpose,
    disclosure_id
from said;
