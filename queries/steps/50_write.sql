/*
title = "Write the staged records"
description = """
Writes many blocks at once, narrow, every record under its numbers: the engine writes a table in groups of
122,880 rows, and fills whole ones best. A transfer without an id of its own gets one made of its content,
the same on every scan and from every format.
"""
*/
insert into records
with numbered as (
    select
        s.*,
        p.lines_before,
        coalesce(s.disclosure_id, d.disclosure_id) as known_disclosure,
        coalesce(s.context_id, c.context_id) as known_context
    from staged s
    inner join block_places p on s.block = p.block
    left join memory.known_disclosures d
        on s.new_disclosure = d.text and d.encoding = getvariable('encoding')
    left join memory.known_contexts c
        on s.new_context = c.text and c.encoding = getvariable('encoding')
)

select
    getvariable('source_id')::bigint * 68719476736 + n.lines_before + n.record_no,
    coalesce(n.transfer_id, 'content-' || left(sha256(concat_ws(
        chr(10), content_of(l), c.content, coalesce(n.occurred_at::varchar, ''),
        not is_instant_moment(n.moment_id), coalesce(n.record_count::varchar, ''), n.unread
    )), 32)),
    n.occurred_at,
    n.moment_id,
    n.known_disclosure,
    n.known_context,
    n.record_count
from numbered n
left join logged_disclosures l on l.disclosure_id = case when n.transfer_id is null then n.known_disclosure end
left join contexts c on c.context_id = case when n.transfer_id is null then n.known_context end;

-- Made anew, not emptied: deleted rows would be passed over again by every later block.
create or replace temp table staged as
select *
from staged
where false;

create or replace temp table block_places as
select *
from block_places
where false;
