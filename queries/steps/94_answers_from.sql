/*
title = "Answer from one record on"
description = """
A temporary view hides the table of its name: until the answers are forgotten, they and all that is made for them
are those of the transfers with the record_key `first_record` or a higher one.
"""
*/
create or replace temp view kept_records as
select *
from auditscan.kept_records
where record_key >= getvariable('first_record')::bigint;
