/*
title = "Find the traces of one transfer"
description = """
One extract may stand in several logs: queried, unloaded, pushed, downloaded. Leaves `new_links`, each trace with the
one it is counted under, and `new_ambiguous`, pairs that may be one transfer and were not made one.

Traces that name one id are one transfer. Those of one file name are where they fit: other logs (what one system did
in two ways counts as two), ends of one within `link_hours` of the other (a day more where only a day is known), the
same size and the same recipient where both are known, and both failed or neither. A trace that two of one log fit is
not linked with that log, nor are those whose links together would hold two traces of one log, two sizes or two
recipients. A row that stands for many transfers is none of them. A name that more than `link_crowd` traces have at
one time is too common to tell anything.
"""
*/
create or replace temp table linkable as
with named as (
    select
        t.record_key,
        r.context_id,
        t.log,
        t.link_key,
        lower(base_name(t.file_name)) as name
    from traces t
    inner join records r on t.record_key = r.record_key
),

keyed as materialized (
    select
        n.record_key,
        -- What was unloaded and fetched in one system stands in one log twice, and is one transfer.
        n.log || ' (' || coalesce(c.action, 'no action') || ')' as log,
        n.link_key,
        regexp_replace(n.name, '(\.(gz|zip|pgp|gpg|asc|enc|zst|bz2))+$', '') as file_key,
        -- Packing and encryption change the size of a file.
        regexp_extract(n.name, '(\.(gz|zip|pgp|gpg|asc|enc|zst|bz2))+$') as packing
    from named n
    inner join contexts c on n.context_id = c.context_id
),

-- Most traces have an id and a file of their own: only those that share one need a closer look.
shared as (
    select record_key
    from keyed
    where link_key in (select k.link_key from keyed k group by k.link_key having count(*) > 1)
    union
    select record_key
    from keyed
    where file_key in (select k.file_key from keyed k group by k.file_key having min(k.log) <> max(k.log))
),

told as (
    select
        k.*,
        t.bytes,
        t.event_count,
        t.occurred_until
    from traces t
    inner join (
        keyed k inner join shared on k.record_key = shared.record_key
    ) on t.record_key = k.record_key
)

select
    t.record_key,
    t.log,
    t.link_key,
    t.file_key,
    t.packing,
    t.bytes,
    coalesce(t.event_count, 1) = 1 as is_one,
    case when r.moment_id < 2000000000 then r.occurred_at end as began,
    coalesce(
        instant_of(t.occurred_until, coalesce(nullif(s.zone, ''), 'UTC')), day_of(t.occurred_until)::timestamp,
        r.occurred_at
    ) as ended,
    r.moment_id >= 1000000000 as day_only,
    a.outcome = 'failure' as failed,
    a.outcome <> 'unknown' as tells_outcome,
    r.disclosure_id,
    d.sender_agency,
    d.recipient_agency,
    case d.element_basis
        when 'disclosed' then 5
        when 'declared' then 4
        when 'accessed' then 3
        when 'inferred' then 2
        else 1
    end as strength,
    s.path
from records r
inner join told t on r.record_key = t.record_key
inner join disclosures d on r.disclosure_id = d.disclosure_id
inner join context_meanings a on r.context_id = a.context_id
inner join sources s on s.source_id = r.record_key // 68719476736
where
    t.record_key not in (select record_key from duplicates)
    -- What DHS hands on is a transfer of its own.
    and d.sender_side <> 'recipient';

create or replace temp table link_groups as
select
    record_key,
    coalesce(min(record_key) over (partition by link_key), record_key) as group_key
from linkable
where link_key is not null
union all
select
    record_key,
    record_key as group_key
from linkable
where link_key is null;

create or replace temp table linkable_files as
with files as (
    select
        g.group_key,
        l.log,
        l.file_key,
        l.packing,
        max(l.bytes) as bytes,
        min(l.began) as began,
        max(l.ended) as ended,
        bool_or(l.day_only) as day_only,
        bool_or(l.failed) as failed,
        min(l.recipient_agency) as recipient_agency
    from linkable l
    inner join link_groups g on l.record_key = g.record_key
    where
        l.file_key <> '' and l.is_one and l.began is not null
        -- One log alone has no pairs, and a million files of few names would be compared each with each.
        and l.file_key in (
            select k.file_key
            from linkable k
            group by k.file_key
            having min(k.log) <> max(k.log)
        )
    group by all
),

-- No file takes longer than a month on its way, whatever a log says.
bounded as (
    select
        * exclude (ended),
        greatest(began, least(ended, began + to_days(31))) as ended,
        coalesce(getvariable('link_hours')::bigint, 48) as hours
    from files
)

select
    * exclude (hours),
    dense_rank() over (order by file_key) as name_id,
    dense_rank() over (order by log) as log_id,
    hours + case when day_only then 24 else 0 end as hours,
    -- Times in pieces as long as the longest reach, so that whatever fits lies in the same piece or in the next.
    (epoch(began) // ((hours + 24) * 3600))::bigint as first_piece,
    (epoch(ended) // ((hours + 24) * 3600))::bigint as last_piece
from bounded;

create or replace temp table file_reaches as
select
    *,
    unnest(range(first_piece - 1, last_piece + 2)) as piece
from linkable_files;

-- Where one name is so common that its pairs could be neither counted nor looked through.
create or replace temp table common_names as
with sizes as (
    select
        name_id,
        piece,
        packing,
        bytes,
        count(*) as files
    from file_reaches
    group by all
)

select
    name_id,
    piece,
    sum(files) as files
from sizes
group by all
having
    max(files) > coalesce(getvariable('link_crowd')::bigint, 64)
    or (
        sum(files) > coalesce(getvariable('link_crowd')::bigint, 64)
        and (bool_or(bytes is null) or count(distinct packing) > 1)
    );

create or replace temp table common_files as
select distinct
    f.group_key,
    f.name_id
from file_reaches f
semi join common_names c on f.name_id = c.name_id and f.piece = c.piece;

create or replace temp table file_pairs as
with reaches as (
    select *
    from file_reaches f
    anti join common_names c on f.name_id = c.name_id and f.piece = c.piece
),

-- Elsewhere the size tells.
mixed as (
    select
        name_id,
        piece
    from reaches
    group by all
    having bool_or(bytes is null) or count(distinct packing) > 1
),

places as (
    select *
    from reaches
    where piece between first_piece and last_piece
),

-- Those of a size are met by it: among many of one name it tells which is which.
met as (
    select
        a.* exclude (piece),
        b.group_key as other,
        b.log_id as other_log,
        b.began as other_began,
        b.ended as other_ended,
        b.hours as other_hours,
        b.failed as other_failed,
        b.recipient_agency as other_recipient
    from reaches a
    inner join places b
        on a.name_id = b.name_id and a.piece = b.piece and a.packing = b.packing and a.bytes = b.bytes
    union all
    select
        a.* exclude (piece),
        b.group_key,
        b.log_id,
        b.began,
        b.ended,
        b.hours,
        b.failed,
        b.recipient_agency
    from reaches a
    inner join places b on a.name_id = b.name_id and a.piece = b.piece
    semi join mixed m on a.name_id = m.name_id and a.piece = m.piece
    where a.packing <> b.packing or a.bytes is null or b.bytes is null
)

select distinct
    group_key as one,
    other,
    log_id as one_log,
    other_log,
    name_id
from met
where
    group_key <> other
    and log_id <> other_log
    and failed = other_failed
    and coalesce(recipient_agency = other_recipient, true)
    and began <= other_ended + to_hours(greatest(hours, other_hours))
    and other_began <= ended + to_hours(greatest(hours, other_hours));

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
create or replace temp table reached_groups as
with recursive reached as (
    select
        one as group_key,
        other as reached,
        1 as steps
    from link_edges
    union
    select
        r.group_key,
        e.other,
        r.steps + 1
    from reached r
    inner join link_edges e on r.reached = e.one and r.group_key <> e.other
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
from link_edges;

create or replace temp table joined_groups as
select
    r.group_key,
    min(r.reached) as joined_key
from reached_groups r
inner join linkable_files f on r.reached = f.group_key
group by r.group_key
having
    count(distinct r.reached) <= 16
    and count(distinct f.recipient_agency) <= 1
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
    where p.one < p.other
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

-- Counted under the strongest evidence, and there under what tells how it ended; among equals, whose parties are
-- known, and which came first.
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
        tells_outcome desc,
        strength desc,
        (recipient_agency is null) asc,
        (sender_agency is null) asc,
        began asc nulls last,
        path asc,
        record_key asc
);
