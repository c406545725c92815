/*
title = "Resolve a staged block"
description = """
Adds the staged records, narrow, under their numbers to those waiting to be written. A transfer without an id of its own gets one
made of its content, the same on every scan and from every format.
"""
*/
insert into pending
with numbered as (
    select
        s.*,
        coalesce(s.disclosure_id, fd.disclosure_id) as known_disclosure,
        coalesce(s.context_id, fc.context_id) as known_context
    from staged s
    left join fresh_disclosures fd on s.new_disclosure = fd.raw
    left join fresh_contexts fc on s.new_context = fc.raw
)

select
    getvariable('source_id')::bigint * 68719476736 + getvariable('records_before')::bigint + n.record_no,
    coalesce(n.transfer_id, 'content-' || left(sha256(concat_ws(
        chr(10), l.content, c.content, coalesce((n.occurred_at at time zone 'UTC')::varchar, ''),
        n.moment_id >= 1000000000, coalesce(n.record_count::varchar, '')
    )), 32)),
    n.occurred_at,
    n.moment_id,
    n.known_disclosure,
    n.known_context,
    n.record_count
from numbered n
left join logged_disclosures l on l.disclosure_id = case when n.transfer_id is null then n.known_disclosure end
left join contexts c on c.context_id = case when n.transfer_id is null then n.known_context end;
