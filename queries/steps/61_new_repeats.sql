/*
title = "Find ids of new records that are there more than once"
description = """
As `repeats`, for a database to which records were added: those from the key `first_new_key` on are new, and what was
settled among the others stays settled.
"""
*/
create or replace temp table new_hashes as
select distinct hash(transfer_id) as id_hash
from records
where record_key >= getvariable('first_new_key')::bigint;

create or replace temp table repeated_hashes as
select n.id_hash
from records r
inner join new_hashes n on hash(r.transfer_id) = n.id_hash
group by all
having count(*) > 1;

drop table new_hashes;
