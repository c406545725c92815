/*
title = "Pair traces that may be of one transfer"
description = """
One extract may stand in several logs: queried, unloaded, pushed, downloaded. Leaves `link_groups`, traces that name
one id, and `file_pairs`, groups whose traces of one file fit each other: in other logs (what one system did in two
ways counts as two), ends of one within `link_hours` of the other (a day more where only a day is known), of the same
size and the same recipient where both are known, and both failed or neither. Two that fetched a file from a server are
one only if the account and the address are the same: a chain has one end.

A row that stands for many transfers is in no pair. A name that more than `link_crowd` traces have at one time is too
common to tell anything.
"""
*/
create or replace temp table linkable as
with named as (
    select
        t.record_key,
        r.context_id,
        t.log,
        t.link_key,
        compared_name(t.file_name) as name
    from traces t
    inner join records r on t.record_key = r.record_key
),

keyed as materialized (
    select
        n.record_key,
        -- What was unloaded and fetched in one system stands in one log twice, and is one transfer.
        n.log || ' (' || coalesce(c.action, 'no action') || ')' as log,
        c.action = 'download' as fetched,
        -- A role or user of a cloud is called otherwise in the log of a server.
        case when not contains(c.actor, ':') then lower(regexp_extract(c.actor, '[^\\]*$')) end as account,
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
    where link_key in (
        select k.link_key
        from keyed k
        group by k.link_key
        having count(*) > 1
    )
    union
    select record_key
    from keyed
    where file_key in (
        select k.file_key
        from keyed k
        group by k.file_key
        having min(k.log) <> max(k.log)
    )
),

told as (
    select
        k.*,
        t.bytes,
        t.event_count,
        t.occurred_until,
        case when k.fetched then address_of(t.peer) end as address
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
    not is_instant_moment(r.moment_id) as day_only,
    a.outcome = 'failure' as failed,
    a.outcome <> 'unknown' as tells_outcome,
    a.outcome in ('success', 'partial') as passed,
    r.disclosure_id,
    d.sender_agency,
    d.recipient_agency,
    -- Who fetched it, where the log of a server says so: a query that fetches a file names no address.
    case when t.address is not null then t.account end as fetched_by,
    t.address as fetched_from,
    coalesce(list_position(bases_by_strength(), d.element_basis), 1) as strength,
    s.path
from records r
inner join told t on r.record_key = t.record_key
inner join disclosure_parties d on r.disclosure_id = d.disclosure_id
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

create or replace temp table grouped_files as
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
        -- What failed first and succeeded then has passed.
        bool_and(l.failed) as failed,
        min(l.recipient_agency) as recipient_agency,
        min(l.fetched_by) as fetched_by,
        min(l.fetched_from) as fetched_from
    from linkable l
    inner join link_groups g on l.record_key = g.record_key
    where l.file_key <> '' and l.is_one and l.began is not null
    group by all
)

select
    *,
    dense_rank() over (order by file_key) as name_id,
    dense_rank() over (order by log) as log_id
from files;

create or replace temp table linkable_files as
-- No file takes longer than a month on its way, whatever a log says.
with bounded as (
    select
        * exclude (ended),
        greatest(began, least(ended, began + to_days(31))) as ended,
        coalesce(getvariable('link_hours')::bigint, 48) as hours
    from grouped_files
    -- One log alone has no pairs, and a million files of few names would be compared each with each.
    where name_id in (
        select f.name_id
        from grouped_files f
        group by f.name_id
        having min(f.log_id) <> max(f.log_id)
    )
)

select
    * exclude (hours),
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
        b.recipient_agency as other_recipient,
        b.fetched_by as other_fetched_by,
        b.fetched_from as other_fetched_from
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
        b.recipient_agency,
        b.fetched_by,
        b.fetched_from
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
    and coalesce(fetched_by = other_fetched_by, true)
    and coalesce(fetched_from = other_fetched_from, true)
    and began <= other_ended + to_hours(greatest(hours, other_hours))
    and other_began <= ended + to_hours(greatest(hours, other_hours));
