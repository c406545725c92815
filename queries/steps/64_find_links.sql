/*
title = "Find the traces of one transfer"
description = """
One extract may stand in several logs: queried, unloaded, pushed, downloaded. Leaves `new_links`, each trace with the
one it is counted under, and `new_ambiguous`, pairs that may be one transfer and were not made one. Traces are linked
by an id that both name, or by name and size of the file within `link_hours`; only those of different logs, and only
where neither log has a second that fits.
"""
*/
create or replace temp table linkable as
select
    t.record_key,
    -- What was unloaded and fetched in one system stands in one log twice, and is one transfer.
    t.log || ' (' || coalesce(c.action, 'no action') || ')' as log,
    t.link_key,
    lower(regexp_replace(base_name(t.file_name), '(?i)(\.(gz|zip|pgp|gpg|asc|enc|zst|bz2))+$', '')) as file_key,
    t.bytes,
    case when r.moment_id < 2000000000 then r.occurred_at end as began,
    coalesce(instant_of(t.occurred_until, coalesce(nullif(s.zone, ''), 'UTC')), r.occurred_at) as ended,
    r.moment_id >= 1000000000 as day_only,
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
from traces t
inner join records r on t.record_key = r.record_key
inner join disclosures d on r.disclosure_id = d.disclosure_id
inner join contexts c on r.context_id = c.context_id
inner join sources s on s.source_id = r.record_key // 68719476736
where
    t.record_key not in (select record_key from duplicates)
    -- What DHS hands on is a transfer of its own.
    and d.sender_side <> 'recipient';

-- Everything under one id is one transfer.
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

create or replace temp table file_pairs as
with files as (
    select
        g.group_key,
        l.log,
        l.file_key,
        max(l.bytes) as bytes,
        min(l.began) as began,
        max(l.ended) as ended,
        bool_or(l.day_only) as day_only,
        min(l.recipient_agency) as recipient_agency
    from linkable l
    inner join link_groups g on l.record_key = g.record_key
    where
        l.file_key <> '' and l.began is not null
        -- One log alone has no pairs, and a million files of few names would be compared each with each.
        and l.file_key in (
            select k.file_key
            from linkable k
            group by k.file_key
            having min(k.log) <> max(k.log)
        )
    group by all
)

select
    a.group_key as one,
    b.group_key as other,
    a.log as one_log,
    b.log as other_log,
    a.file_key
from files a
inner join files b
    on a.file_key = b.file_key
    and a.log <> b.log
    and a.group_key <> b.group_key
    and coalesce(a.bytes = b.bytes, true)
    and coalesce(a.recipient_agency = b.recipient_agency, true)
    and a.began <= b.ended + to_hours(
        coalesce(getvariable('link_hours')::integer, 48) + case when a.day_only or b.day_only then 24 else 0 end)
    and b.began <= a.ended + to_hours(
        coalesce(getvariable('link_hours')::integer, 48) + case when a.day_only or b.day_only then 24 else 0 end);

-- A trace with two that fit in one log: which is meant cannot be known.
create or replace temp table crowded as
select
    one,
    other_log
from file_pairs
group by all
having count(distinct other) > 1;

create or replace temp table new_ambiguous as
select distinct
    one as record_key,
    other as other_key,
    'several traces in ' || case
        when (one, other_log) in (select (one, other_log) from crowded) then other_log
        else one_log
    end || ' have the file ' || file_key as why
from file_pairs
where
    one < other
    and (
        (one, other_log) in (select (one, other_log) from crowded)
        or (other, one_log) in (select (one, other_log) from crowded)
    );

-- Each group takes the lowest key that it can reach: chains are as long as there are kinds of logs.
create or replace temp table joined_groups as
with recursive edges as (
    select one, other
    from file_pairs
    where
        (one, other_log) not in (select (one, other_log) from crowded)
        and (other, one_log) not in (select (one, other_log) from crowded)
),

reached as (
    select one as group_key, one as reached from edges
    union
    select r.group_key, e.other
    from reached r
    inner join edges e on r.reached = e.one
)

select
    group_key,
    min(reached) as joined_key
from reached
group by all;

create or replace temp table link_members as
select
    coalesce(j.joined_key, g.group_key) as joined_key,
    l.*,
    g.group_key <> coalesce(j.joined_key, g.group_key) or j.joined_key is not null as by_file
from linkable l
inner join link_groups g on l.record_key = g.record_key
left join joined_groups j on g.group_key = j.group_key
qualify count(*) over (partition by coalesce(j.joined_key, g.group_key)) > 1;

-- Counted under the strongest evidence; among equals, whose parties are known, which came first.
create or replace temp table new_links as
with ranked as (
    select
        joined_key,
        record_key,
        by_file,
        first_value(record_key) over (
            partition by joined_key
            order by
                strength desc,
                (recipient_agency is null) asc,
                (sender_agency is null) asc,
                began asc nulls last,
                path asc,
                record_key asc
        ) as kept_key
    from link_members
)

select
    joined_key,
    record_key,
    kept_key,
    case when by_file then 'file' else 'id' end as how
from ranked;
