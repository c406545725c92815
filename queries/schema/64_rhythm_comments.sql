/*
title = "Comments on the tables on the rhythm of the logs"
description = "What the tables hold that rules about gaps and silence read: a sentence each, and one a column."
*/
comment on table source_days is 'How many records each file has on each day: all of them, duplicates too.';
comment on column source_days.source_id is 'The file: see sources.';
comment on column source_days.day is
    'Calendar day in the zone of the court. Records without a readable time are left out.';
comment on column source_days.records is 'How many records.';

comment on table source_order is 'Files in which time goes back by more than an hour from one record to the next.';
comment on column source_order.source_id is 'The file: see sources.';
comment on column source_order.steps is 'Steps from one record with a readable time to the next.';
comment on column source_order.backward_steps is 'How many of them go back by more than an hour.';
comment on column source_order.worst_seconds is 'How far the widest of them goes back, in seconds.';
comment on column source_order.worst_record_key is 'The record after the widest of them.';

comment on table id_runs is 'Numbers at the end of transfer ids, as runs without a gap, over all files.';
comment on column id_runs.prefix is 'What stands before the number.';
comment on column id_runs.first is 'The lowest number of the run.';
comment on column id_runs.last is 'The highest number of the run.';
comment on column id_runs.digits is 'With how many digits the shortest of them is written.';

comment on view stream_days is
    'How many records each stream has on each day: files whose names differ only in digits are one stream.';
comment on column stream_days.stream is 'The name of its files, # for the digits.';
comment on column stream_days.day is 'Calendar day in the zone of the court.';
comment on column stream_days.records is 'How many records, duplicates too.';
