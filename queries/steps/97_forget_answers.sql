/*
title = "End the slices"
description = "Drops what hid the tables, and the order."
*/
drop view if exists temp.kept_records;

drop view if exists temp.event_bits;

drop view if exists temp.event_findings;

drop view if exists temp.disclosure_bits;

drop view if exists temp.answer_slice;

drop table if exists temp.answer_order;

drop table if exists temp.all_disclosure_bits;

drop table if exists temp.verdicts;
