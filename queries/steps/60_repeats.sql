/*
title = "Find ids that are there more than once"
description = """
Ids are compared by hash first, so that a log that repeats none costs one pass over eight bytes a record. Where they
are numbers behind one prefix, one number is one bit of a block of 64: as many bits as records, and none repeats.
"""
*/
-- The first ids tell whether it is worth looking.
set variable dense_prefix = (
    select case when max(number) - min(number) < 131072 and min(prefix) = max(prefix) then min(prefix) end
    from (
        select
            rtrim(transfer_id, '0123456789') as prefix,
            try_cast(substring(transfer_id, length(prefix) + 1) as ubigint) as number
        from records
        where rowid < 2048
    ) first_ids
);

set variable ids_differ = (
    select coalesce(sum(bit_count(bits)), 0) = (select count(*) from records)
    from (
        select bit_or(1::ubigint << (number & 63)) as bits
        from (
            select try_cast(substring(transfer_id, length(getvariable('dense_prefix')) + 1) as ubigint) as number
            from records
            where starts_with(transfer_id, getvariable('dense_prefix'))
        ) numbers
        group by number >> 6
    ) blocks
);

create or replace temp table repeated_hashes as
select hash(transfer_id) as id_hash
from records
where not getvariable('ids_differ')
group by all
having count(*) > 1;
