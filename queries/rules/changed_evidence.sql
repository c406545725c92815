/*
title = "A log that was rewritten"
description = """
A file that a nightly scan found with other content than an earlier one, not by growing at its end. Both versions are
kept and judged. Only a ledger knows.
"""
severity = "review"
reads = "sources"
rests_on = "file_versions"
citation = "None: what the log says"
evidence = "A"
why = "A log of what happened does not change afterwards: what was taken out or put in is between the two versions."
false_positives = """
A file that is written anew each day under the same name, and an export that was corrected: then somebody can say by
whom.
"""
*/
with recursive changed as (
    select
        v.path,
        v.sha256,
        v.earlier_sha256,
        case v.change
            when 'restored' then 'what scan ' || v.first_scan || ' had found came back'
            else 'scan ' || v.first_scan || ' found it'
        end
        || ' in the place of what scan ' || e.first_scan || ' found; SHA-256 ' || left(v.sha256, 12)
        || ', before ' || left(v.earlier_sha256, 12) as found
    from file_versions v
    inner join file_versions e on v.path = e.path and v.earlier_sha256 = e.sha256
    where v.change in ('rewritten', 'restored') and v.sha256 <> v.earlier_sha256
),

-- What a file that grew was read in.
parts as (
    select
        c.path,
        c.sha256,
        s.sha256 = c.sha256 as is_new,
        s.source_id,
        s.tail_of
    from (
        select
            *,
            unnest([sha256, earlier_sha256]) as either
        from changed
    ) c
    inner join sources s on c.either = s.sha256
    where s.status <> 'copy'
    union
    select
        p.path,
        p.sha256,
        p.is_new,
        s.source_id,
        s.tail_of
    from parts p
    inner join sources s on p.tail_of = s.source_id
),

sayings as (
    select
        p.path,
        p.sha256,
        r.transfer_id,
        coalesce(d.kept_key, r.record_key) as saying,
        bool_or(p.is_new) as stands,
        bool_or(not p.is_new) as stood
    -- The engine builds its table on what stands last: of all records it would be the largest.
    from records r
    inner join parts p on p.source_id = r.record_key // 68719476736
    left join repeated_sayings d on r.record_key = d.record_key
    group by all
),

differing as (
    select
        path,
        sha256,
        transfer_id,
        bool_or(stands) as stands,
        bool_or(stood) as stood
    from sayings
    where stands <> stood
    group by all
),

told as (
    select
        path,
        sha256,
        list(transfer_id order by transfer_id) filter (where stands and stood) as otherwise,
        list(transfer_id order by transfer_id) filter (where not stands) as taken_out,
        list(transfer_id order by transfer_id) filter (where not stood) as put_in
    from differing
    group by all
)

select
    c.path || ' ' || left(c.sha256, 12) as subject,
    concat_ws(
        '; ',
        counted_names(t.otherwise, 'changed'),
        counted_names(t.taken_out, 'taken out'),
        counted_names(t.put_in, 'put in'),
        c.found
    ) as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from changed c
left join told t on c.path = t.path and c.sha256 = t.sha256
