/*
title = "Settle repeated and conflicting records"
description = """
The same transfer_id with the same content is one transfer, kept where its path and place sort first;
the same id with other content keeps every version and is a finding. Only the ids of `repeated_hashes` are looked at:
what is known of others stays. Leaves `repeated_records` for what counts afterwards.
"""
*/
create or replace temp table repeated_records as
select
    r.record_key,
    r.transfer_id,
    s.path,
    dense_rank() over (
        partition by r.transfer_id
        order by r.occurred_at, r.moment_id, r.disclosure_id, r.context_id, r.record_count
    ) as version
from records r
inner join sources s on s.source_id = r.record_key // 68719476736
where hash(r.transfer_id) in (select id_hash from repeated_hashes);

delete from duplicates
where record_key in (select record_key from repeated_records);

insert into duplicates
with ranked as (
    select
        record_key,
        first_value(record_key) over (
            partition by transfer_id, version
            order by path, record_key
        ) as kept_key
    from repeated_records
)

select
    record_key,
    kept_key
from ranked
where record_key <> kept_key
order by record_key;

delete from conflicts
where record_key in (select record_key from repeated_records);

insert into conflicts
with versions as (
    select
        transfer_id,
        max(version) as versions
    from repeated_records
    group by transfer_id
    having max(version) > 1
)

select
    r.record_key,
    v.transfer_id,
    v.versions
from repeated_records r
inner join versions v on r.transfer_id = v.transfer_id
where r.record_key not in (select record_key from duplicates)
order by r.record_key;

drop table repeated_hashes;
