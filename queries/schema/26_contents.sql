/*
title = "What the logs at hand hold"
description = """
Which of the contents that nightly scans read a path still holds, which stand in a file at hand under another form, and
how it stands with each record that could not be read. A database that no nightly scan made has no path at hand; there
every record in quarantine is open.
"""
*/
-- A file that grew holds what it held before: those parts are at hand with it. One that cannot be read today is taken
-- to hold what it held when it could.
create or replace view contents_at_hand as
with recursive latest as (
    select greatest((select max(scan_id) from scans), max(last_scan)) as scan_id
    from file_versions
),

here as (
    select
        v.path,
        v.source_id,
        coalesce(v.sha256, v.earlier_sha256) as sha256
    from file_versions v
    inner join latest l on v.last_scan = l.scan_id
),

held as (
    select h.path, s.source_id, s.tail_of
    from here h
    inner join sources s on h.source_id = s.source_id
    union
    select h.path, s.source_id, s.tail_of
    from here h
    inner join sources s on h.sha256 = s.sha256
    union
    select h.path, s.source_id, s.tail_of
    from held h
    inner join sources s on h.tail_of = s.source_id
)

select
    path,
    source_id
from held;

-- Records that say the same, each with the one that is counted; what is linked as another trace says something else.
create or replace view repeated_sayings as
with repeats as (
    select
        d.record_key,
        d.kept_key
    from duplicates d
    anti join links l on d.record_key = l.record_key
)

select record_key, kept_key from repeats
union
select kept_key as record_key, kept_key from repeats;

-- A log that was packed or exported again has other bytes: it is known by its records, each of which one file at hand
-- has too, and by as many that are no transfers or could not be read.
create or replace view contents_elsewhere as
with recursive gone as (
    select
        v.path,
        v.sha256,
        min(s.source_id) as content_id
    from (
        select *
        from file_versions
        qualify last_scan = max(last_scan) over (partition by path)
    ) v
    inner join sources s on v.sha256 = s.sha256 and s.status in ('read', 'damaged')
    where s.source_id not in (select source_id from contents_at_hand)
    group by all
),

parts as (
    select g.path, g.sha256, s.source_id, s.tail_of
    from gone g
    inner join sources s on g.content_id = s.source_id
    union
    select p.path, p.sha256, s.source_id, s.tail_of
    from parts p
    inner join sources s on p.tail_of = s.source_id
),

asked as (
    select
        p.path,
        p.sha256,
        sum(s.records - s.not_transfers - s.quarantined) as loaded,
        sum(s.not_transfers) as not_transfers,
        sum(s.quarantined) as quarantined
    from parts p
    inner join sources s on p.source_id = s.source_id
    group by all
),

at_hand as (
    select
        h.path,
        sum(s.not_transfers) as not_transfers,
        sum(s.quarantined) as quarantined
    from contents_at_hand h
    inner join sources s on h.source_id = s.source_id
    where s.status <> 'copy'
    group by all
),

shared as (
    select
        p.path,
        p.sha256,
        h.path as elsewhere,
        count(distinct m.record_key) as records
    from parts p
    inner join repeated_sayings m on p.source_id = m.record_key // 68719476736
    inner join repeated_sayings o on m.kept_key = o.kept_key
    inner join contents_at_hand h on h.source_id = o.record_key // 68719476736
    group by all
)

select
    a.path,
    a.sha256,
    min(s.elsewhere) as elsewhere
from asked a
inner join shared s on a.path = s.path and a.sha256 = s.sha256 and a.loaded = s.records
inner join at_hand h
    on s.elsewhere = h.path and a.not_transfers <= h.not_transfers and a.quarantined <= h.quarantined
group by all;

-- What a record that could not be read is known by when it is suppressed.
create or replace macro unread_subject(path, sha256, number) as
    path || ' ' || coalesce(left(sha256, 12), '') || ' record ' || number;

create or replace view quarantine_states as
select
    q.source_id,
    q.source_record,
    s.path,
    unread_subject(s.path, s.sha256, q.source_record) as subject,
    case
        when s.scan_id is not null and q.source_id not in (select source_id from contents_at_hand) then 'gone'
        when x.subject is not null then 'suppressed'
        else 'open'
    end as state
from quarantine q
inner join sources s on q.source_id = s.source_id
left join (
    select distinct subject
    from suppressed_findings
    where rule = 'quarantine' and until_scan is null
) x on unread_subject(s.path, s.sha256, q.source_record) = x.subject;
