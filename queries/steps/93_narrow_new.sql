/*
title = "Narrow the views to what new records affect"
description = """
Puts the records of the table `affected_records` in the place of all of them, in this session only, until `widen`.
"""
*/
create or replace temp table kept_records as
select *
from auditscan.kept_records
where record_key in (select record_key from affected_records);

create or replace temp table events as
select * from auditscan.events;
