/*
title = "Take over what another scan read"
description = """
Everything that was read into the database attached as `part`, under numbers of this one: its files behind number
`sources_before`, and each disclosure and context under the number it has here already, or a new one. A file whose
content is here is written down as a copy of it. Each that was read is noted to be told of by the part, as `part_said`.
Nothing that was judged there is taken over. Returns the numbers of the files, by their paths.
"""
*/
create or replace temp table part_sources as
with known as (
    select
        sha256,
        bytes,
        min(source_id) as source_id
    from sources
    where status in ('read', 'damaged')
    group by sha256, bytes
)

select
    p.source_id as part_id,
    getvariable('sources_before')::integer + p.source_id as source_id,
    k.source_id as known_id
from part.sources p
left join known k on p.sha256 = k.sha256 and p.bytes = k.bytes and p.status in ('read', 'damaged')
-- What was taken over before is not taken twice.
anti join sources h on p.path = h.path and p.sha256 is not distinct from h.sha256;

create or replace temp table part_disclosures as
select
    p.disclosure_id as part_id,
    l.disclosure_id is null as is_new,
    coalesce(
        l.disclosure_id,
        (select coalesce(max(disclosure_id), 0) from logged_disclosures)
        + row_number() over (partition by l.disclosure_id is null order by p.disclosure_id)
    )::integer as disclosure_id
from part.logged_disclosures p
left join logged_disclosures l on content_of(p) = content_of(l);

create or replace temp table part_contexts as
select
    p.context_id as part_id,
    l.context_id is null as is_new,
    coalesce(
        l.context_id,
        (select coalesce(max(context_id), 0) from contexts)
        + row_number() over (partition by l.context_id is null order by p.context_id)
    )::integer as context_id
from part.contexts p
left join contexts l on p.content = l.content;

insert into logged_disclosures by name
select p.* replace (n.disclosure_id as disclosure_id)
from part.logged_disclosures p
inner join part_disclosures n on p.disclosure_id = n.part_id and n.is_new;

insert into contexts by name
select p.* replace (n.context_id as context_id)
from part.contexts p
inner join part_contexts n on p.context_id = n.part_id and n.is_new;

insert into records by name
select r.* replace (
    s.source_id * 68719476736 + r.record_key % 68719476736 as record_key,
    d.disclosure_id as disclosure_id,
    c.context_id as context_id
)
from part.records r
inner join part_sources s on r.record_key // 68719476736 = s.part_id and s.known_id is null
left join part_disclosures d on r.disclosure_id = d.part_id
left join part_contexts c on r.context_id = c.part_id;

insert into trace_rows by name
select t.* replace (
    s.source_id * 68719476736 + t.record_key % 68719476736 as record_key,
    s.source_id * 68719476736 + t.said_key % 68719476736 as said_key
)
from part.trace_rows t
inner join part_sources s on t.record_key // 68719476736 = s.part_id and s.known_id is null;

insert into trace_sayings by name
select t.* replace (s.source_id * 68719476736 + t.record_key % 68719476736 as record_key)
from part.trace_sayings t
inner join part_sources s on t.record_key // 68719476736 = s.part_id and s.known_id is null;

insert into calls by name
select c.* replace (s.source_id * 68719476736 + c.record_key % 68719476736 as record_key)
from part.calls c
inner join part_sources s on c.record_key // 68719476736 = s.part_id and s.known_id is null;

insert into ran_calls by name
select c.* replace (s.source_id * 68719476736 + c.record_key % 68719476736 as record_key)
from part.ran_calls c
inner join part_sources s on c.record_key // 68719476736 = s.part_id and s.known_id is null;

insert into quarantine by name
select q.* replace (s.source_id as source_id)
from part.quarantine q
inner join part_sources s on q.source_id = s.part_id and s.known_id is null;

insert into set_aside by name
select a.* replace (s.source_id as source_id)
from part.set_aside a
inner join part_sources s on a.source_id = s.part_id and s.known_id is null;

insert into digest_entries by name
select e.* replace (s.source_id as source_id)
from part.digest_entries e
inner join part_sources s on e.source_id = s.part_id;

insert into sources by name
select p.* replace (
    s.source_id as source_id,
    case when k.path is null then p.status else 'copy' end as status,
    -- Whoever reads this accounting did not read the file.
    concat_ws(
        '; ', case when k.path is null then nullif(p.note, '') else 'same content as ' || k.path end,
        case when p.status in ('read', 'damaged') then getvariable('part_said') end
    ) as note
)
from part.sources p
inner join part_sources s on p.source_id = s.part_id
left join sources k on s.known_id = k.source_id
order by s.source_id;

drop table part_sources;
drop table part_disclosures;
drop table part_contexts;

select min(s.source_id) as source_id
from part.sources p
inner join sources s on p.path = s.path and p.sha256 is not distinct from s.sha256
group by p.path
order by p.path
