/*
title = "Records that new ones affect"
description = """
Leaves `affected_records`: the new records, from the key `first_new_key` on, and those that share an id with one.
"""
*/
create or replace temp table affected_records as
select record_key
from records
where record_key >= getvariable('first_new_key')::bigint
union
select record_key
from repeated_records;
