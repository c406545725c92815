/*
title = "Tables on the rhythm of the logs"
description = """
What rules about gaps and silence ask of the records, counted once when they come in: records by file and day, steps
back in time, runs of numbered ids. Every record counts, duplicates too: a day that was exported twice was not silent,
and a number that was read twice is not missing.
"""
*/
create table if not exists source_days (source_id integer, day date, records bigint);

create table if not exists source_order (
    source_id integer,
    steps bigint,
    backward_steps bigint,
    worst_seconds bigint,
    worst_record_key bigint
);

create table if not exists id_runs (prefix varchar, first bigint, last bigint, digits integer);

-- A file counts for the name under which its content was first read: moved to an archive later, it is still a day of
-- the log that it came with.
create or replace view stream_days as
select
    stream_of(s.path) as stream,
    d.day,
    sum(d.records)::bigint as records
from source_days d
inner join sources s on d.source_id = s.source_id
group by all;
