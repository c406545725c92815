/*
title = "Hashes of the records of files"
description = """
One row for 10,000 records of a file: the sha256 of their lines, which are joined by line feeds. A line is the number of
the record in its file, its time in microseconds since 1970, the numbers of its moment, disclosure and context, how
many people it was about, the bytes of its transfer_id, and that id; then what it says: the sha256 of its disclosure
(parties, programs, states, elements and so on), of its context, and of what its log tells besides. Between them a bar,
and a hyphen for what is null. Looks at the records from `first_key` up to `until_key`. Receipts of the shape 1, which
is the variable `receipt_shape`, end a line with the id.
"""
*/
-- Column by column: one that a later version adds is not part of what was hashed before.
with disclosed as (
    select
        disclosure_id,
        sha256(to_json({
            sender: sender, recipient: recipient, programs: programs, states: states, elements: elements,
            populations: populations, purpose: purpose, unreadable: unreadable,
            -- Once a column of its own.
            content: to_json({
                sender: sender, recipient: recipient, programs: programs, states: states, elements: elements,
                populations: populations, purpose: purpose, unreadable: unreadable
            })::varchar || coalesce(element_basis, '') || coalesce(to_json(deduced)::varchar, ''),
            element_basis: element_basis, deduced: deduced
        })::varchar) as said
    from logged_disclosures
    where getvariable('receipt_shape')::integer > 1
),

acted as (
    select
        context_id,
        sha256(to_json({
            actor: actor, action: action, system: system, authority: authority, outcome: outcome,
            unreadable: unreadable, content: content
        })::varchar) as said
    from contexts
    where getvariable('receipt_shape')::integer > 1
),

traced as (
    select
        record_key,
        sha256(to_json({
            log: log, link_key: link_key, file_name: file_name, bytes: bytes, occurred_until: occurred_until,
            event_count: event_count, peer: peer, population_filter: population_filter, used_elements: used_elements,
            open_tables: open_tables, excluded: excluded, accessed: accessed, query_text: query_text, note: note
        })::varchar) as said
    from traces
    where
        getvariable('receipt_shape')::integer > 1
        and record_key >= getvariable('first_key')::bigint and record_key < getvariable('until_key')::bigint
),

lines as (
    select
        r.record_key,
        r.record_key // 68719476736 as source_id,
        r.record_key % 68719476736 // 10000 as block,
        concat_ws(
            '|', r.record_key % 68719476736, coalesce(epoch_us(r.occurred_at)::varchar, '-'),
            coalesce(r.moment_id, -1), coalesce(r.disclosure_id, -1), coalesce(r.context_id, -1),
            coalesce(r.record_count::varchar, '-'), coalesce(strlen(r.transfer_id)::varchar, '-'),
            coalesce(r.transfer_id, ''),
            -- Left out where it is null.
            case
                when getvariable('receipt_shape')::integer > 1
                    then concat_ws('|', coalesce(d.said, '-'), coalesce(c.said, '-'), coalesce(t.said, '-'))
            end
        ) as line
    from records r
    left join disclosed d on r.disclosure_id = d.disclosure_id
    left join acted c on r.context_id = c.context_id
    left join traced t on r.record_key = t.record_key
    where r.record_key >= getvariable('first_key')::bigint and r.record_key < getvariable('until_key')::bigint
)

select
    source_id,
    sha256(string_agg(line, chr(10) order by record_key, line)) as sha256,
    count(*) as records
from lines
group by source_id, block
order by source_id, block;
