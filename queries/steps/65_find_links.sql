/*
title = "Find the traces of one transfer"
description = """
Leaves `new_links`, each trace with the one it is counted under, and `new_ambiguous`, pairs that may be one transfer and
were not made one. Traces that name one id are one transfer, and so are those of one file that fit each other.

A trace that two of one log fit is not linked with that log, nor are those whose links together would hold two traces of
one log, two sizes, two recipients or two that fetched it, in whatever of their traces.
"""
*/
-- A trace with two that fit in one log: which is meant cannot be known.
create or replace temp table crowded as
select
    one,
    name_id,
    other_log
from file_pairs
group by all
having count(distinct other) > 1;

create or replace temp table link_edges as
with clear as (
    select p.*
    from file_pairs p
    anti join crowded c on p.one = c.one and p.name_id = c.name_id and p.other_log = c.other_log
    anti join crowded o on p.other = o.one and p.name_id = o.name_id and p.one_log = o.other_log
)

select c.*
from clear c
anti join common_files f on c.one = f.group_key and c.name_id = f.name_id
anti join common_files o on c.other = o.group_key and c.name_id = o.name_id;

-- What each can reach. No transfer has more than 16 kinds of traces: whatever reaches more is none.
create or replace temp macro reached_over(edges) as table
    with recursive reached as (
        select
            one as group_key,
            other as reached,
            1 as steps
        from query_table(edges)
        union
        select
            r.group_key,
            e.other,
            r.steps + 1
        from reached r
        inner join query_table(edges) e on r.reached = e.one and r.group_key <> e.other
        where r.steps < 16
    )

    select distinct
        group_key,
        reached
    from reached
    union
    select
        one as group_key,
        one as reached
    from query_table(edges);

create or replace temp table reached_groups as
from reached_over('link_edges');

-- Whom a transfer went to is known of some that fetched its file: somebody unknown who fetched it too, under another
-- name or from elsewhere, has a transfer of their own, and does not keep the others apart.
create or replace temp table strangers as
with fetched as (
    select
        g.group_key,
        max(l.recipient_agency) as recipient_agency,
        min(l.fetched_by) as fetched_by,
        min(l.fetched_from) as fetched_from
    from link_groups g
    inner join linkable l on g.record_key = l.record_key
    where g.group_key in (select one from link_edges)
    group by g.group_key
    having count(l.fetched_by) > 0 or count(l.fetched_from) > 0
)

select distinct a.group_key
from fetched a
inner join reached_groups r on a.group_key = r.group_key
inner join fetched b on r.reached = b.group_key
where
    a.recipient_agency is null
    and b.recipient_agency is not null
    and (a.fetched_by <> b.fetched_by or a.fetched_from <> b.fetched_from);

create or replace temp table link_edges as
select *
from link_edges
where one in (select group_key from strangers) = other in (select group_key from strangers);

create or replace temp table reached_groups as
from reached_over('link_edges');

create or replace temp table joined_groups as
-- Traces that name one id name several files, and some none: each of them has its word in who got it.
with parties as (
    select r.group_key
    from reached_groups r
    inner join link_groups g on r.reached = g.group_key
    inner join linkable l on g.record_key = l.record_key
    group by r.group_key
    having
        count(distinct l.recipient_agency) <= 1
        and count(distinct l.fetched_by) <= 1
        and count(distinct l.fetched_from) <= 1
)

select
    r.group_key,
    min(r.reached) as joined_key
from reached_groups r
semi join parties p on r.group_key = p.group_key
inner join grouped_files f on r.reached = f.group_key
group by r.group_key
having
    count(distinct r.reached) <= 16
    and count(distinct {n: f.name_id, l: f.log_id, g: f.group_key}) = count(distinct {n: f.name_id, l: f.log_id})
    and count(distinct case when f.bytes is not null then {n: f.name_id, p: f.packing, b: f.bytes} end)
    = count(distinct case when f.bytes is not null then {n: f.name_id, p: f.packing} end);

create or replace temp table new_ambiguous as
with logs as (
    select distinct log_id, log from linkable_files
),

names as (
    select distinct name_id, file_key from linkable_files
),

made as (
    select e.*
    from link_edges e
    semi join joined_groups j on e.one = j.group_key
),

unmade as (
    select
        p.*,
        case
            when c.one is not null then 'several traces in ' || l.log || ' have the file ' || n.file_key
            when o.one is not null then 'several traces in ' || m.log || ' have the file ' || n.file_key
            else 'traces that fit it do not fit each other, of the file ' || n.file_key
        end as why
    from file_pairs p
    inner join names n on p.name_id = n.name_id
    inner join logs l on p.other_log = l.log_id
    inner join logs m on p.one_log = m.log_id
    left join crowded c on p.one = c.one and p.name_id = c.name_id and p.other_log = c.other_log
    left join crowded o on p.other = o.one and p.name_id = o.name_id and p.one_log = o.other_log
    anti join made on p.one = made.one and p.other = made.other
    where
        p.one < p.other
        -- What a stranger fetched is known to be another transfer.
        and p.one in (select group_key from strangers) = p.other in (select group_key from strangers)
)

-- Who looks at a trace with many that fit learns no more from the eleventh.
select distinct
    one as record_key,
    other as other_key,
    why
from unmade
qualify row_number() over (partition by one order by other) <= 10
union
select
    min(f.group_key),
    max(f.group_key),
    max(c.files)::varchar || ' traces at one time have the file ' || any_value(f.file_key)
from file_reaches f
inner join common_names c on f.name_id = c.name_id and f.piece = c.piece
group by f.name_id;

create or replace temp table link_members as
select
    coalesce(j.joined_key, g.group_key) as joined_key,
    g.group_key,
    l.*,
    count(*) over (partition by g.group_key) > 1 as by_id
from linkable l
inner join link_groups g on l.record_key = g.record_key
left join joined_groups j on g.group_key = j.group_key
qualify count(*) over (partition by coalesce(j.joined_key, g.group_key)) > 1;

-- Counted under the strongest evidence, and there under what says that something passed, else under what tells how it
-- ended; among equals, whose parties are known, and which came first.
create or replace temp table new_links as
with strengths as (
    select
        *,
        max(strength) over (partition by joined_key, group_key) as group_strength
    from link_members
)

select
    joined_key,
    record_key,
    row_number() over ranked as place,
    first_value(record_key) over ranked as kept_key,
    case when by_id then 'id' else 'file' end as how
from strengths
window ranked as (
    partition by joined_key
    order by
        group_strength desc,
        passed desc,
        tells_outcome desc,
        strength desc,
        (recipient_agency is null) asc,
        (sender_agency is null) asc,
        began asc nulls last,
        path asc,
        record_key asc
);
