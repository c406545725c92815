/*
title = "Narrow the views to a few records"
description = """
Puts the records named in the variable `record_keys`, and what they disclosed, in the place of the tables
of all of them, in this session only: the findings of a few transfers must not run every rule on every
record.
"""
*/
create or replace temp table kept_records as
select *
from auditscan.kept_records
where record_key in (select unnest(getvariable('record_keys')::bigint[]));

create or replace temp table moments as
select *
from auditscan.moments
where moment_id in (select moment_id from temp.kept_records);

create or replace temp table disclosure_parties as
select *
from auditscan.disclosure_parties
where disclosure_id in (select disclosure_id from temp.kept_records);
