/*
title = "Undo narrowing and selection"
description = "Lets the views of this session see every record again."
*/
drop table if exists temp.selected_tallies;
drop table if exists temp.selected_week_tallies;
drop table if exists temp.kept_records;
drop table if exists temp.moments;
drop table if exists temp.disclosure_parties;
drop table if exists temp.parts_now;
drop table if exists temp.agreements;
drop table if exists temp.events;
drop view if exists temp.disclosure_findings;
drop view if exists temp.event_findings;
